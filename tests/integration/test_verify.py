"""What `ledger verify` names when somebody changed the books behind the ledger's back."""

from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, delete, select, update

from models import balance_table, instalment_table, ledger_entry_table, loan_table, posting_table, write_tx
from models.append_only import remove
from models.ledger import verify
from tests.talk import Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """A loan with several entries, in a database that no longer refuses changes."""
    one = talk(engine, now)
    for text in ("el viernes pago 500 pesos", "sí"):
        one.say(text)
    with write_tx(engine) as connection:
        remove(connection)
    return one


def faults(connection: Connection) -> str:
    return " ".join(f"{fault}" for fault in verify(connection))


def seqs(connection: Connection, loan: int) -> list[int]:
    return list(
        connection.scalars(
            select(ledger_entry_table.c.seq).where(ledger_entry_table.c.loan_id == loan).order_by("seq")
        )
    )


def test_books_that_nobody_touched_are_right(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        assert len(seqs(connection, ana.loan)) >= 2
        assert faults(connection) == ""


def test_an_entry_of_another_content(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        changed = (ledger_entry_table.c.loan_id == ana.loan) & (ledger_entry_table.c.seq == 2)
        connection.execute(update(ledger_entry_table).where(changed).values(actor="somebody"))
        assert "does not match its hash" in faults(connection)


def test_an_entry_that_is_not_chained_to_the_one_before(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        changed = (ledger_entry_table.c.loan_id == ana.loan) & (ledger_entry_table.c.seq == 2)
        connection.execute(update(ledger_entry_table).where(changed).values(previous_hash="0" * 64))
        assert "not chained" in faults(connection)


def test_an_entry_that_is_missing_at_the_end(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        last = seqs(connection, ana.loan)[-1]
        gone = (ledger_entry_table.c.loan_id == ana.loan) & (ledger_entry_table.c.seq == last)
        connection.execute(delete(ledger_entry_table).where(gone))
        assert "the head" in faults(connection)


def test_a_balance_that_its_postings_do_not_give(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        mine = balance_table.c.loan_id == ana.loan
        connection.execute(update(balance_table).where(mine).values(amount=balance_table.c.amount + 1))
        assert "balance" in faults(connection)


def test_an_instalment_that_keeps_another_sum(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        mine = (instalment_table.c.loan_id == ana.loan) & (instalment_table.c.number == 1)
        more = instalment_table.c.unpaid_principal + 1
        connection.execute(update(instalment_table).where(mine).values(unpaid_principal=more))
        assert "instalment" in faults(connection)


def test_a_posting_of_another_amount(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        first = connection.scalar(select(posting_table.c.id).order_by(posting_table.c.id).limit(1))
        more = posting_table.c.amount + 1
        connection.execute(update(posting_table).where(posting_table.c.id == first).values(amount=more))
        assert faults(connection) != ""


def test_a_head_that_points_elsewhere(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        mine = loan_table.c.id == ana.loan
        connection.execute(update(loan_table).where(mine).values(ledger_hash="f" * 64))
        assert "the head" in faults(connection)
