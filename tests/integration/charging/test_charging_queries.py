"""Every question that charging asks, as it is asked, finds its rows by an index: in a book of some size, on
both databases.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from bot.debit import charging
from bot.debit.charging.banking_days import CITY
from models import (
    BankAccount,
    Borrower,
    Charge,
    Instalment,
    Loan,
    Mandate,
    loan_table,
    mandate_table,
    read_tx,
    write_tx,
)
from tests.charging import House, make_house
from tests.loans import OPENED

LOANS, TABLES = (
    3_000,
    ("charge", "instalment", "loan", "message", "event", "mandate", "transition", "ledger_entry"),
)


def _fill(connection: Connection) -> None:
    """Loans of a year ago, charged once a month and settled, a few under way; few of their mandates stand."""
    ids = range(1000, 1000 + LOANS)
    people = [
        {"id": i, "external_id": f"P{i}", "name": "N", "language": "es_MX", "created_at": OPENED} for i in ids
    ]
    accounts = [
        {
            "id": i,
            "borrower_id": i,
            "fingerprint": f"x{i}",
            "encrypted": b"",
            "key_id": "k",
            "bank_code": "014",
            "last4": "0000",
            "created_at": OPENED,
        }
        for i in ids
    ]
    loans = [
        {
            "id": i,
            "external_id": f"X{i}",
            "borrower_id": i,
            "status": "settled",
            "overdue_since": None,
            "created_at": OPENED,
        }
        for i in ids
    ]
    dues = [
        {"id": i * 10 + n, "loan_id": i, "number": n, "due_date": date(2025, n, 15), "amount_centavos": 100}
        for i in ids
        for n in range(1, 7)
    ]
    terms = {
        "max_amount": 100,
        "frequency": "instalment",
        "terms_version": "t",
        "terms_text": "t",
        "terms_hash": "h",
        "provider": "belvo",
        "provider_refs": {},
    }
    mandates = [
        {
            "id": i,
            "folio": f"M{i}",
            "loan_id": i,
            "bank_account_id": i,
            "status": "active" if i % 50 == 0 else "cancelled",
            "created_at": OPENED,
            **terms,
        }
        for i in ids
    ]
    charges = [
        {
            "id": i * 10 + n,
            "mandate_id": i,
            "loan_id": i,
            "instalment_id": i * 10 + n,
            "attempt": 1,
            "amount": 100,
            "charge_on": date(2025, n, 15),
            "key": f"M{i}-{n}-1",
            "provider": "belvo",
            "provider_id": f"B{i}-{n}",
            "data": {"entry": 1},
            "created_at": OPENED,
            "checked_at": OPENED,
            "collected_at": OPENED,
            "status": "processing" if (i, n) == (1000, 6) else "settled",
        }
        for i in ids
        for n in range(1, 7)
    ]
    for record, rows in (
        (Borrower, people),
        (BankAccount, accounts),
        (Loan, loans),
        (Instalment, dues),
        (Mandate, mandates),
        (Charge, charges),
    ):
        connection.execute(insert(record), rows)


@pytest.fixture
def house(engine: Engine) -> House:
    house = make_house(engine)
    with write_tx(engine) as connection:
        _fill(connection)
    return house


@contextmanager
def listening(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def hear(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        asked.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", hear)
    yield asked
    event.remove(engine, "before_cursor_execute", hear)


def _walked(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The tables of some size that the database would walk through for it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SET LOCAL enable_seqscan = off"
        )  # tables that are small here would be walked because they are
        plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
        return [line for line in plan for table in TABLES if f"Seq Scan on {table} " in line]
    plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    return [line for line in plan if line.startswith("SCAN ") and line.split()[1] in TABLES]


def test_no_table_is_walked(house: House) -> None:
    steps: dict[str, Callable[[], object]] = {
        "plan": lambda: charging.plan(house.services),
        "notify": lambda: charging.notify(house.services),
        "announced": house.talk,
        "left": lambda: charging.notify(house.services),
        "morning": lambda: house.at("2026-11-27T09:00"),
        "submit": house.submit,
        "resolve": lambda: charging.resolve(house.services),
        "call off": lambda: charging.cancel_in_flight(house.services),
        "collected": lambda: house.provider.turn_all("collected"),
        "noon": lambda: house.at("2026-11-30T12:00"),
        "look": house.look,
        "look back": lambda: charging.poll_settled(house.services),
    }
    house.at("2026-11-26T09:00")
    walked: dict[str, list[tuple[str, list[str]]]] = {}
    for name, step in steps.items():
        with listening(house.services.engine) as asked:
            step()
        with read_tx(house.services.engine) as connection:
            found = [
                (statement, plan)
                for statement, parameters in asked
                if _explainable(statement) and (plan := _walked(connection, statement, parameters))
            ]
        if found and name != "announced":
            walked[name] = found
    assert "collected" in house.statuses()
    assert walked == {}


def _explainable(statement: str) -> bool:
    return statement.split(maxsplit=1)[0] in ("SELECT", "UPDATE", "INSERT") and "VALUES" not in statement


def test_a_due_list_of_thousands_is_planned_in_a_moment(house: House) -> None:
    """Set-based: the statements do not grow with the loans."""
    with write_tx(house.services.engine) as connection:
        connection.execute(mandate_table.update().where(Mandate.id >= 1000).values(status="active"))
        connection.execute(loan_table.update().where(Loan.id >= 1000).values(status="current"))
        dues = [
            {
                "loan_id": i,
                "number": 9,
                "due_date": date(2026, 11, 27),
                "amount_centavos": 100,
                "unpaid_principal": 100,
            }
            for i in range(1000, 1000 + LOANS)
        ]
        connection.execute(insert(Instalment), dues)
    before = datetime.now(CITY)
    with listening(house.services.engine) as asked:
        assert charging.plan(house.services) == LOANS + 1
    assert len([statement for statement, _ in asked if "INSERT" in statement]) == 6
    assert datetime.now(CITY) - before < timedelta(seconds=5)
