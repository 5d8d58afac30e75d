"""The KPIs of cure, cost, complaints and debits against examples computed by hand, on both databases."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, insert

from bot.lender import Lender
from bot.reports import KPIS, Range, costs_of, read_report
from models import Charge, Message, read_tx, write_tx
from models.ledger import NewEntry, append
from tests.integration.test_reports import TODAY, contact, loan_of, noon, pay, read, sums, write
from tests.mandates import add_mandate


def cents(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["numerator"], row["denominator"]


def test_a_cure_is_counted_by_how_late_it_was_and_relapses_once_their_days_are_over(engine: Engine) -> None:
    with write_tx(engine) as connection:
        # Ten days late at the end of March, paid in April after a contact; the same by itself; not at all.
        for number in (1, 2, 3):
            loan, _ = loan_of(connection, number, (date(2026, 3, 21), 10_000), (date(2026, 6, 21), 10_000))
            if number == 1:
                write(connection, loan, "contact.sent", noon(4, 2))
            if number < 3:
                pay(connection, number, 10_000, noon(4, 10))
        # Cured in February; the one due in March is paid three days late, the one in April never.
        dues = (date(2026, 1, 20), date(2026, 3, 10), date(2026, 4, 15))
        loan_of(connection, 4, *((day, 10_000) for day in dues))
        pay(connection, 4, 10_000, noon(2, 10))
        pay(connection, 4, 10_000, noon(3, 13))
        # Cured in February, and pays on its days.
        loan_of(connection, 5, (date(2026, 1, 20), 10_000), (date(2026, 3, 10), 10_000))
        pay(connection, 5, 10_000, noon(2, 10))
        pay(connection, 5, 10_000, noon(3, 10))
    assert [(row["late"], *cents(row), row["self_cured"]) for row in read(engine, "cure")] == [
        ("8-30", 2, 3, 1)
    ]
    spring = Range(date(2026, 2, 1), TODAY)
    assert [(row["within"], *cents(row)) for row in read(engine, "redefault", spring)] == [
        ("30", 1, 2),
        ("60", 1, 2),
    ]


def test_a_balance_is_counted_by_its_days_late_and_a_complaint_of_ten_thousand_contracts(
    engine: Engine,
) -> None:
    with write_tx(engine) as connection:
        dues = (date(2026, 5, 30), date(2026, 4, 10), date(2025, 12, 1), date(2026, 3, 1))
        loans = [loan_of(connection, number, (day, 10_000))[0] for number, day in enumerate(dues, 1)]
        pay(connection, 4, 10_000, noon(3, 1))
        for loan in (loans[0], loans[0], loans[3]):
            write(connection, loan, "complaint.opened", noon(4, 5))
    assert [(row["late"], *cents(row)) for row in read(engine, "arrears")] == [
        ("0", 10_000, 30_000),
        ("8-30", 10_000, 30_000),
        ("90+", 10_000, 30_000),
    ]
    imor = read(engine, "imor")[0]
    assert (*cents(imor), imor["late_centavos"]) == (10_000, 30_000, 20_000)
    assert sums(read(engine, "claims")[0]) == (3, 4, 7_500)


def test_what_a_person_did_just_before_is_not_without_one(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loans = [loan_of(connection, number, (date(2026, 4, 1), 10_000))[0] for number in (1, 2)]
        write(connection, loans[0], "handoff.taken", noon(3, 20))
        for loan in loans:
            write(connection, loan, "promise.made", noon(4, 5))
            write(connection, loan, "promise.kept", noon(4, 25))
        append(connection, loans[1], noon(4, 26), NewEntry("hold.placed", {}, "agent:1"))
        pay(connection, 1, 10_000, noon(4, 24))
        pay(connection, 2, 5_000, noon(4, 24))
        pay(connection, 2, 5_000, noon(4, 27))
    assert [(row["what"], *cents(row)) for row in read(engine, "unattended")] == [
        ("agreed", 1, 2),
        ("kept", 2, 2),
        ("paid", 2, 3),
    ]


def test_each_peso_costs_its_messages_debits_and_people(engine: Engine) -> None:
    """At the sample's prices: a WhatsApp that opens a conversation 25 centavos, in July an answer 9, each
    segment of an SMS 1.11 pesos, a debit 2.50, a reply of a person 3.00.
    """
    with write_tx(engine) as connection:
        loan, conversation = loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        ours = contact(conversation, 1, "whatsapp", "sent", noon(7, 3)) | {"segments": None}
        rows = [ours, ours | {"channel": "sms", "segments": 2}, ours | {"purpose": "reply"}]
        connection.execute(insert(Message), [*rows, ours | {"purpose": "reply", "author": "agent"}])
        mandate = add_mandate(connection, loan, at=noon(7, 1))
        charge(connection, loan, mandate, 1, 40_000, "settled", date(2026, 7, 15))
        charge(connection, loan, mandate, 2, 60_000, "returned", date(2026, 7, 31))
        pay(connection, 1, 50_000, noon(7, 16))
    july, today = Range(date(2026, 7, 1), date(2026, 7, 31)), date(2026, 7, 31)
    with read_tx(engine) as connection:
        costs = costs_of(Lender.load(None))
        row = read_report(connection, KPIS["cost"], july, today, costs=costs)[0]
        amounts = read_report(connection, KPIS["debit_amounts"], july, today)
        days = read_report(connection, KPIS["debit_days"], july, today)
    assert (row["messages_centavos"], row["debits_centavos"], row["people_centavos"]) == (265, 500, 300)
    assert sums(row) == (1_065, 50_000, 1_065 / 50_000)
    assert [(each["band"], *cents(each)) for each in amounts] == [("<=500", 1, 1), ("501-1000", 0, 1)]
    assert [(each["month_day"], *cents(each)) for each in days] == [(15, 1, 1), (31, 0, 1)]


def charge(
    connection: Connection, loan: int, mandate: int, attempt: int, amount: int, status: str, day: date
) -> None:
    row = {"mandate_id": mandate, "loan_id": loan, "instalment_id": 1, "attempt": attempt, "amount": amount}
    row |= {"status": status, "charge_on": day, "key": f"k{attempt}", "provider": "simulator"}
    connection.execute(insert(Charge), row | {"submitted_at": noon(7, 10), "created_at": noon(7, 9)})
