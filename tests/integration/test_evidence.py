"""Changes made by hand are found: by what follows from the chain, or by a root that was published."""

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.evidence import InvalidCheckpoint, explain, export_root, make_daily_root, verifier_key, verify_root
from bot.evidence.merkle import merkle_root
from bot.money import Reported, lock_loan, receive
from bot.services import Services
from models import (
    append_only,
    balance_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    posting_table,
    promise_table,
    read_tx,
    transition_table,
    write_tx,
)
from models.ledger import AdjustedInstalment, AdjustedLoan, adjust_loans, append, verify, verify_records
from models.ledger.entry import NewEntry, chain_hash
from models.transitions import begin, move
from tests.loans import OPENED, add_borrower, add_loan
from tests.services import make_test_services

SECRET = "a secret of the tests"


@pytest.fixture
def services(engine: Engine) -> Services:
    """Two loans; the first has a payment, a promise and its history."""
    services = make_test_services(engine, OPENED)
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        add_loan(connection, borrower, 1)
        add_loan(connection, borrower, 2)
        loan = lock_loan(connection, "L1")
        assert loan is not None
        append(connection, loan.id, OPENED, NewEntry("promise.made", {"promise": 1}, "test"))
        receive(connection, loan, Reported("api", "spei", "R1", 10_000, OPENED, "lender:test"), OPENED)
        promise = {
            "loan_id": loan.id,
            "amount": 1,
            "due_date": OPENED.date(),
            "expires_on": OPENED.date(),
            "made_at": OPENED,
        }
        connection.execute(insert(promise_table).values(**promise))
        begin(connection, "promise", 1, "open", at=OPENED, actor="test", data={})
        move(connection, "promise", 1, "cancelled", at=OPENED, actor="test", data={"why": "test"})
    return services


def faults(services: Services) -> list[str]:
    today = services.day(services.clock.now())
    with read_tx(services.engine) as connection:
        return [fault.what for fault in (*verify(connection, today=today), *verify_records(connection))]


def test_untouched_books_hold(services: Services) -> None:
    assert faults(services) == []


def _head_rewritten(connection: Connection) -> None:
    """The last entry goes, and head and balances are made to fit."""
    last = connection.execute(
        select(ledger_entry_table).order_by(ledger_entry_table.c.loan_id, ledger_entry_table.c.seq.desc())
    ).first()
    assert last is not None
    connection.execute(delete(posting_table).where(posting_table.c.entry_id == last.id))


CHANGES: dict[str, Callable[[Connection], object]] = {
    "outstanding": lambda c: c.execute(update(loan_table).values(outstanding_centavos=1)),
    "next_due": lambda c: c.execute(update(loan_table).values(next_due_centavos=1)),
    "overdue_since": lambda c: c.execute(update(loan_table).values(overdue_since=OPENED.date())),
    "settled": lambda c: c.execute(update(loan_table).values(status="settled")),
    "written off": lambda c: c.execute(update(loan_table).values(status="written_off")),
    "overdue": lambda c: c.execute(update(loan_table).values(status="overdue")),
    "due date": lambda c: c.execute(update(instalment_table).values(due_date=OPENED.date())),
    "amount": lambda c: c.execute(update(instalment_table).values(amount_centavos=1)),
    "unpaid": lambda c: c.execute(update(instalment_table).values(unpaid_principal=1)),
    "balance": lambda c: c.execute(update(balance_table).values(amount=balance_table.c.amount + 1)),
    "posting": lambda c: c.execute(update(posting_table).values(account="bank")),
    "key": lambda c: c.execute(
        update(ledger_entry_table).where(ledger_entry_table.c.seq == 2).values(key="x")
    ),
    "actor": lambda c: c.execute(update(ledger_entry_table).values(actor="x")),
    "reverses": lambda c: c.execute(
        update(ledger_entry_table).where(ledger_entry_table.c.seq == 2).values(reverses_id=1)
    ),
    "history": lambda c: c.execute(
        update(transition_table).where(transition_table.c.seq == 2).values(data={"why": "other"})
    ),
    "history's end": lambda c: c.execute(delete(transition_table).where(transition_table.c.seq == 2)),
    "history's begin": lambda c: c.execute(delete(transition_table).where(transition_table.c.seq == 1)),
    "promise": lambda c: c.execute(update(promise_table).values(status="kept")),
    "postings gone": _head_rewritten,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_by_hand_is_found(services: Services, change: str) -> None:
    with write_tx(services.engine) as connection:
        append_only.remove(connection)
        CHANGES[change](connection)
    assert faults(services) != []


def test_rows_of_a_loan_that_is_gone_are_found(sqlite_engine: Engine) -> None:
    services = make_test_services(sqlite_engine, OPENED)
    with write_tx(sqlite_engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM loan")
        connection.commit()
    assert len(faults(services)) == 3


def _published(services: Services) -> str:
    assert make_daily_root(services) == 1
    assert make_daily_root(services) == 0, "one for each day"
    note, heads = export_root(services)
    return note + "\n\n" + "".join(f"{line}\n" for line in heads)


def _against(services: Services, text: str) -> list[tuple[str, int | None]]:
    with read_tx(services.engine) as connection:
        found = verify_root(connection, text, services.settings.signing_key)
        return [(fault.loan, fault.seq) for fault in found]


def test_a_published_root_holds_while_the_ledger_goes_on(services: Services) -> None:
    text = _published(services)
    assert _against(services, text) == []
    with write_tx(services.engine) as connection:
        append(connection, 1, OPENED, NewEntry("hardship.reported", {}, "test"))
    assert _against(services, text) == []


def test_a_note_without_its_heads_is_told_from_a_forgery(services: Services) -> None:
    note = _published(services).partition("\n\n\n")[0] + "\n"
    with pytest.raises(InvalidCheckpoint, match="root --out"):
        _against(services, note)


def test_a_chain_that_was_made_anew_is_found_by_the_root(services: Services) -> None:
    """An entry rewritten with hash and head recomputed: nothing in the database says so."""
    text = _published(services)
    with write_tx(services.engine) as connection:
        append_only.remove(connection)
        row = connection.execute(select(ledger_entry_table).where(ledger_entry_table.c.loan_id == 2)).one()
        legs = connection.execute(
            select(posting_table.c.account, posting_table.c.amount)
            .where(posting_table.c.entry_id == row.id)
            .order_by(posting_table.c.id)
        ).all()
        forged = chain_hash(
            "", "L2", 1, row.kind, row.at, "forger", row.data, [tuple(leg) for leg in legs], row.key, None
        )
        values = {"actor": "forger", "hash": forged}
        connection.execute(
            update(ledger_entry_table).where(ledger_entry_table.c.id == row.id).values(**values)
        )
        connection.execute(update(loan_table).where(loan_table.c.id == 2).values(ledger_hash=forged))
    assert faults(services) == []
    assert _against(services, text) == [("L2", 1)]


def test_a_loan_that_is_gone_is_found_by_the_root(services: Services) -> None:
    text = _published(services)
    with write_tx(services.engine) as connection:
        append_only.remove(connection)
        entries = select(ledger_entry_table.c.id).where(ledger_entry_table.c.loan_id == 2)
        connection.execute(delete(posting_table).where(posting_table.c.entry_id.in_(entries)))
        for table in (ledger_entry_table, instalment_table, balance_table):
            connection.execute(delete(table).where(table.c.loan_id == 2))
        connection.execute(delete(loan_table).where(loan_table.c.id == 2))
    assert faults(services) == []
    assert _against(services, text) == [("L2", 1)]


@pytest.mark.parametrize("forge", ["size", "head", "signature", "nothing of it"])
def test_a_root_that_was_not_signed_here_is_refused(services: Services, forge: str) -> None:
    text = _published(services)
    lines = text.split("\n")
    place = {"size": 1, "head": len(lines) - 2, "signature": 5}.get(forge)
    if place is None:
        text = "something else"
    else:
        changed = "7" if lines[place][-3:-2] != "7" else "8"
        lines[place] = lines[place][:-3] + changed + lines[place][-2:]
        text = "\n".join(lines)
    with pytest.raises(InvalidCheckpoint):
        _against(services, text)


def test_the_tree_is_rfc_6962s() -> None:
    leaf = [hashlib.sha256(b"\x00" + word).digest() for word in (b"a", b"b", b"c")]
    pair = hashlib.sha256(b"\x01" + leaf[0] + leaf[1]).digest()
    assert merkle_root([]) == hashlib.sha256().digest()
    assert merkle_root([b"a"]) == leaf[0]
    assert merkle_root([b"a", b"b", b"c"]) == hashlib.sha256(b"\x01" + pair + leaf[2]).digest()


def test_the_key_is_public() -> None:
    key = verifier_key("example.test/acuerdo", SECRET)
    name, key_id, public = key.split("+", 2)
    assert (name, len(key_id), public[:2]) == ("example.test/acuerdo", 8, "Ac")
    assert SECRET not in key


def test_every_peso_is_explained(services: Services) -> None:
    with read_tx(services.engine) as connection:
        text = "\n".join(explain(connection, "L1"))
    assert "payment.posted by lender:test, paid on 2026-01-05" in text
    assert "reported by lender:test (api, spei R1, $100.00 on 2026-01-05)" in text
    assert "instalment 1 is paid $100.00 of interest" in text


def test_a_day_that_moves_is_an_entry(services: Services) -> None:
    with write_tx(services.engine) as connection:
        part = AdjustedInstalment(
            1, OPENED.date().replace(month=4), 60_000, {"principal": 50_000, "interest": 10_000}
        )
        tape = AdjustedLoan([part], OPENED.date(), OPENED)
        adjust_loans(connection, {2: tape}, OPENED, "lender:test")
    with read_tx(services.engine) as connection:
        query = select(ledger_entry_table.c.data).where(ledger_entry_table.c.kind == "loan.adjusted")
        assert connection.scalar(query)["schedule"] == [[1, "2026-04-05", 60_000]]
    assert faults(services) == []
