"""Every question that charging asks, as it is asked, finds its rows by an index: in a book of some size, on
both databases.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert

from bot.debit import charging
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
from tests.statements import is_explainable, listening, plan, walked
from values import CITY

LOANS, TABLES = (
    3_000,
    ("charge", "instalment", "loan", "message", "event", "mandate", "transition", "ledger_entry"),
)


IDS = range(1000, 1000 + LOANS)
TERMS = {
    "max_amount": 100,
    "frequency": "instalment",
    "terms_version": "t",
    "terms_text": "t",
    "terms_hash": "h",
    "provider": "belvo",
    "provider_refs": {},
}


def _person(i: int) -> dict[str, object]:
    return {"id": i, "external_id": f"P{i}", "name": "N", "language": "es_MX", "created_at": OPENED}


def _account(i: int) -> dict[str, object]:
    row = {"id": i, "borrower_id": i, "fingerprint": f"x{i}", "encrypted": b"", "key_id": "k"}
    return row | {"bank_code": "014", "last4": "0000", "created_at": OPENED}


def _loan(i: int) -> dict[str, object]:
    row = {"id": i, "external_id": f"X{i}", "borrower_id": i, "status": "settled"}
    return row | {"overdue_since": None, "created_at": OPENED}


def _instalment(i: int, n: int) -> dict[str, object]:
    row = {"id": i * 10 + n, "loan_id": i, "number": n}
    return row | {"due_date": date(2025, n, 15), "amount_centavos": 100}


def _mandate(i: int) -> dict[str, object]:
    status = "active" if i % 50 == 0 else "cancelled"
    row = {"id": i, "folio": f"M{i}", "loan_id": i, "bank_account_id": i, "status": status}
    return row | TERMS | {"created_at": OPENED}


def _charge(i: int, n: int) -> dict[str, object]:
    return {
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
        "created_at": OPENED,
        "checked_at": OPENED,
        "collected_at": OPENED,
        "status": "processing" if (i, n) == (1000, 6) else "settled",
    }


def _fill(connection: Connection) -> None:
    """Loans of a year ago, charged once a month and settled, a few under way; few of their mandates stand."""
    monthly = [(i, n) for i in IDS for n in range(1, 7)]
    rows = {
        Borrower: [_person(i) for i in IDS],
        BankAccount: [_account(i) for i in IDS],
        Loan: [_loan(i) for i in IDS],
        Instalment: [_instalment(*each) for each in monthly],
        Mandate: [_mandate(i) for i in IDS],
        Charge: [_charge(*each) for each in monthly],
    }
    for record, each in rows.items():
        connection.execute(insert(record), each)


@pytest.fixture
def house(engine: Engine) -> House:
    house = make_house(engine)
    with write_tx(engine) as connection:
        _fill(connection)
    return house


def test_no_table_is_walked(house: House) -> None:
    steps: dict[str, Callable[[], object]] = {
        "plan": lambda: charging.plan(house.services),
        "notify": lambda: charging.notify(house.services),
        "announced": house.talk,
        "left": lambda: charging.notify(house.services),
        "morning": lambda: house.at("2026-11-27T09:00"),
        "submit": house.submit,
        "resolve": lambda: charging.resolve(house.services),
        "cancel": lambda: charging.cancel_in_flight(house.services),
        "collected": lambda: house.provider.turn_all("collected"),
        "noon": lambda: house.at("2026-11-30T12:00"),
        "results": house.look,
        "settled": lambda: charging.poll_settled(house.services),
    }
    house.at("2026-11-26T09:00")
    failed: dict[str, list[tuple[str, list[str]]]] = {}
    for name, step in steps.items():
        with listening(house.services.engine) as asked:
            step()
        with read_tx(house.services.engine) as connection:
            found = [
                (statement, walks)
                for statement, parameters in asked
                if is_explainable(statement)
                and (walks := walked(plan(connection, statement, parameters), TABLES))
            ]
        if found and name != "announced":
            failed[name] = found
    assert "collected" in house.statuses()
    assert failed == {}


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
