"""The schema goes up, down and up again, and is what the mappings say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, delete, insert, inspect, select, update
from sqlalchemy.exc import DatabaseError

from models import Base, LedgerEntry, Posting, Transition, read_tx, write_tx
from models.ledger import verify
from models.migrate import downgrade, heads, is_current, upgrade
from tests.loans import OPENED, add_borrower, add_loan


def test_there_is_one_head() -> None:
    assert len(heads()) == 1


def test_up_down_and_up_again(engine: Engine) -> None:
    assert is_current(engine)
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)


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
