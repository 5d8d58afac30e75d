"""The schema goes up, down and up again, and is what the mappings say."""

import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    String,
    delete,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError, StatementError

from models import (
    LEDGER_KINDS,
    Base,
    ContactPoint,
    DeliveryAttempt,
    Hold,
    LedgerEntry,
    Message,
    Posting,
    Transition,
    read_tx,
    write_tx,
)
from models.contact_point import CHANNELS, CONTACT_POINT_STATES
from models.hold import HOLD_KINDS
from models.ledger import verify
from models.migrate import can_be_served, downgrade, heads, is_current, upgrade
from models.transition import SUBJECTS
from models.transitions import begin
from tests.loans import OPENED, add_borrower, add_loan

EXPRESSIONS = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
"""SQLAlchemy reads no index of an expression out of SQLite."""


def test_there_is_one_head() -> None:
    assert len(heads()) == 1


def test_up_down_and_up_again(engine: Engine) -> None:
    assert is_current(engine)
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(engine)
    assert not can_be_served(engine)
    upgrade(engine)
    assert is_current(engine)
    assert can_be_served(engine)
    with write_tx(engine) as connection:  # a later version was put in place meanwhile
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_current(engine)
    assert can_be_served(engine)


@EXPRESSIONS
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_schema_is_what_the_mappings_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        reconcile = [d for d in compare_metadata(context, Base.metadata) if "sqlite" not in str(d)]
    assert reconcile == []


@pytest.mark.parametrize("record", [LedgerEntry, Posting, Transition])
def test_the_database_refuses_to_change_what_was_written(engine: Engine, record: type[Base]) -> None:
    with write_tx(engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
        subject = {
            "subject": "promise",
            "subject_id": 1,
            "seq": 1,
            "to_status": "open",
            "at": OPENED,
            "actor": "test",
            "data": {},
        }
        connection.execute(insert(Transition).values(**subject))
    for statement in (update(record).values(id=999), delete(record)):
        with pytest.raises(DatabaseError, match="append-only"), write_tx(engine) as connection:
            connection.execute(statement)


def test_verify_names_the_first_wrong_entry(engine: Engine) -> None:
    from models import append_only

    with write_tx(engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
        append_only.remove(connection)
        connection.execute(update(LedgerEntry).where(LedgerEntry.seq == 1).values(actor="somebody else"))
    with read_tx(engine) as connection:
        (fault,) = verify(connection)
        assert connection.scalar(select(LedgerEntry.actor)) == "somebody else"
    assert (fault.loan, fault.seq) == ("L1", 1)
    assert "does not match its hash" in fault.what


@pytest.mark.parametrize("record", [LedgerEntry, Posting, Transition])
def test_sqlite_refuses_to_replace_what_was_written(sqlite_engine: Engine, record: type[Base]) -> None:
    with write_tx(sqlite_engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
        begin(connection, "promise", 1, "open", at=OPENED, actor="test", data={})
        row = connection.execute(select(record)).first()
    forged = insert(record).prefix_with("OR REPLACE").values(**row._mapping)
    with pytest.raises(DatabaseError, match="append-only"), write_tx(sqlite_engine) as connection:
        connection.execute(forged)


def test_a_table_of_the_ledger_may_be_made_again_by_a_migration(sqlite_engine: Engine) -> None:
    """As every change of a column does on SQLite: rows, references and triggers are there afterwards."""
    with write_tx(sqlite_engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
    downgrade(sqlite_engine, "0008")
    upgrade(sqlite_engine)
    with read_tx(sqlite_engine) as connection:
        assert list(verify(connection)) == []
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    with pytest.raises(DatabaseError, match="append-only"), write_tx(sqlite_engine) as connection:
        connection.execute(delete(LedgerEntry))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (LedgerEntry.__table__.c.kind, LEDGER_KINDS),
        (Hold.__table__.c.kind, HOLD_KINDS),
        (ContactPoint.__table__.c.channel, CHANNELS),
        (ContactPoint.__table__.c.status, CONTACT_POINT_STATES),
        (Transition.__table__.c.subject, SUBJECTS),
    ],
)
def test_a_growing_set_is_checked_where_it_is_written(
    engine: Engine, column: Column[str], words: tuple[str, ...]
) -> None:
    with read_tx(engine) as connection:
        for word in words:
            connection.execute(select(literal(word, column.type)))
        with pytest.raises(StatementError, match="add it to the set first"):
            connection.execute(insert(column.table).values({column.name: "no such word"}))
        assert not [
            check
            for check in inspect(connection).get_check_constraints(column.table.name)
            if column.name in check["sqltext"].split()[0]
        ]


def test_what_a_message_knew_of_its_delivery_becomes_an_attempt(engine: Engine) -> None:
    downgrade(engine, "0026")
    columns = "id, conversation_id, direction, author, channel, address, body, created_at, sent_at"
    tried = "status, error, error_code, attempts, provider_sid, account_sid, extra"
    rows = (
        "'received', NULL, NULL, 0, 'SMin', 'AC', '{\"ProfileName\": \"Ana\"}'",
        "'read', NULL, NULL, 1, 'SMout', 'AC', '{\"template\": \"HX1\"}'",
        "'failed', NULL, '63003', 1, NULL, NULL, '{\"instead_of\": 2}'",
        "'failed', NULL, 'several', 1, NULL, NULL, NULL",
        "'unknown', NULL, 'timeout', 1, NULL, NULL, NULL",
        "'suppressed', 'PAID', NULL, 0, NULL, NULL, NULL",
    )
    at = f"'{OPENED:%Y-%m-%d %H:%M:%S.%f}'"
    with write_tx(engine) as connection:
        thread = f"1, '+52', 'whatsapp', '+52', 1, '{{}}', 'bot', 0, {at}"
        names = "id, key, channel, address, version, state, handler, urgency, created_at"
        connection.execute(text(f"INSERT INTO conversation ({names}) VALUES ({thread})"))
        for number, row in enumerate(rows, 1):
            who = "'in', 'borrower'" if number == 1 else "'out', 'bot'"
            values = f"{number}, 1, {who}, 'whatsapp', '+52', '', {at}, {at}, {row}"
            connection.execute(text(f"INSERT INTO message ({columns}, {tried}) VALUES ({values})"))
    upgrade(engine)
    with read_tx(engine) as connection:
        attempts = connection.execute(select(DeliveryAttempt.__table__).order_by(DeliveryAttempt.message_id))
        assert [(row.message_id, row.outcome, row.provider_sid, row.template) for row in attempts] == [
            (2, "taken", "SMout", "HX1"),
            (3, "refused", None, None),
            (4, "ambiguous", None, None),
            (5, "unknown", None, None),
        ]
        message = Message.__table__
        kept = connection.execute(
            select(
                message.c.reason, message.c.provider_sid, message.c.instead_of_id, message.c.extra
            ).order_by(message.c.id)
        )
        assert [tuple(row) for row in kept] == [
            (None, "SMin", None, {"ProfileName": "Ana"}),
            (None, None, None, None),
            ("63003", None, 2, None),
            ("several", None, None, None),
            (None, None, None, None),
            ("PAID", None, None, None),
        ]
    downgrade(engine, "0026")
    with read_tx(engine) as connection:
        sids = connection.execute(text("SELECT provider_sid, error_code FROM message ORDER BY id"))
        assert [tuple(row) for row in sids][:3] == [("SMin", None), ("SMout", None), (None, "63003")]


RELEASES = ("0001", "0010", "0020", "0027", "0033", "head")


@EXPRESSIONS
def test_a_filled_database_of_each_release_is_upgraded(engine: Engine) -> None:
    """A row in every table that a release had is there after all the upgrades that follow."""
    downgrade(engine)
    filled: set[str] = set()
    for release in RELEASES:
        upgrade(engine, release)
        with write_tx(engine) as connection:
            filled |= _fill(connection)
    assert is_current(engine)
    assert filled == set(Base.metadata.tables)
    with read_tx(engine) as connection:
        for table in Base.metadata.sorted_tables:
            assert connection.execute(select(table)).first() is not None, table.name


def _fill(connection: Connection) -> set[str]:
    """One row in each table that has none, by what the database says of its columns."""
    schema = MetaData()
    schema.reflect(connection)
    tables = [table for table in schema.sorted_tables if table.name != "alembic_version"]
    for table in tables:
        if connection.execute(select(literal(1)).select_from(table)).first() is not None:
            continue
        words = _checked_words(connection, table.name)
        row = {
            column.name: _value(column, words)
            for column in table.columns
            if column.name == "id" or not column.nullable
        }
        connection.execute(insert(table).values(row))
    return {table.name for table in tables}


def _checked_words(connection: Connection, table: str) -> dict[str, str]:
    """By column: a word that the table's checks allow it."""
    found = {}
    for check in inspect(connection).get_check_constraints(table):
        if match := re.match(r"\W*(\w+)\W.*?'([^']+)'", check["sqltext"], re.DOTALL):
            found[match[1]] = match[2]
    return found


def _value(column: Column[Any], words: dict[str, str]) -> Any:
    if column.foreign_keys or "id" in (column.name, column.name[-3:].strip("_")):
        return 1
    match column.type:
        case Boolean():
            return False
        case DateTime():
            return OPENED.replace(tzinfo=None)
        case Date():
            return OPENED.date()
        case JSON():
            return {}
        case LargeBinary():
            return b"x"
        case String():
            return words.get(column.name, "x")
    return 1
