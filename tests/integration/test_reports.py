"""KPIs against examples computed by hand, on both databases and through the API."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from bot.api.keys import make_key
from bot.app import create_app
from bot.money import Reported, lock_loan, receive, reverse
from bot.reports import KPIS, Range, TooManyPeriods, UnknownBy, read_report, read_subjects, today, ways
from bot.wording import Wording
from models import Message, Plan, Promise, Task, Transition, read_tx, write_tx
from models.ledger import NewEntry, append
from tests.api_caller import Caller
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services

TODAY = date(2026, 4, 30)
APRIL = Range(date(2026, 4, 1), TODAY)
JANUARY = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 18, 0, tzinfo=UTC)


def loan_of(
    connection: Connection, number: int, *dues: tuple[date, int], at: datetime = JANUARY
) -> tuple[int, int]:
    borrower, conversation = add_borrower(connection, number)
    return add_loan(
        connection, borrower, number, [(day, {"principal": amount}) for day, amount in dues], at
    ), conversation


def pay(connection: Connection, number: int, amount: int, at: datetime, rail: str = "spei") -> int:
    loan = lock_loan(connection, f"L{number}")
    assert loan is not None
    reported = Reported("api", rail, f"{rail}-{amount}-{at:%m%d}", amount, at, "lender:test")
    return receive(connection, loan, reported, at).report


def read(engine: Engine, name: str, asked: Range = APRIL, by: str | None = None) -> list[dict[str, Any]]:
    with read_tx(engine) as connection:
        return read_report(connection, KPIS[name], asked, TODAY, by)


def sums(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["numerator"], row["denominator"], row["value"]


@pytest.mark.parametrize("name", KPIS)
def test_every_report_reads_an_empty_installation(engine: Engine, name: str) -> None:
    for by in (None, *ways(KPIS[name])):
        assert all(sums(row) == (0, 0, None) for row in read(engine, name, by=by))
    with pytest.raises(UnknownBy):
        read(engine, name, by="weather")


def test_recovery_is_what_was_paid_of_what_was_due(engine: Engine) -> None:
    with write_tx(engine) as connection:
        # Due in March 1,000.00, of which 400.00 were paid in March; due in April 1,000.00: 1,600.00 in April.
        loan_of(connection, 1, (date(2026, 3, 15), 100_000), (date(2026, 4, 15), 100_000))
        pay(connection, 1, 40_000, noon(3, 20))
        pay(connection, 1, 70_000, noon(4, 10))
        # Nothing due by the end of April: not counted, though it pays.
        loan_of(connection, 2, (date(2026, 6, 1), 50_000))
        pay(connection, 2, 50_000, noon(4, 3))
    assert [sums(row) for row in read(engine, "recovery")] == [(70_000, 160_000, 70_000 / 160_000)]


def test_buckets_come_in_their_order(engine: Engine) -> None:
    dues = (date(2026, 3, 29), date(2026, 3, 20), date(2026, 2, 20), date(2025, 11, 1))
    with write_tx(engine) as connection:
        for number, day in enumerate(dues, 1):
            loan_of(connection, number, (day, 10_000), at=datetime(2025, 10, 1, 18, tzinfo=UTC))
    assert [row["bucket"] for row in read(engine, "roll_rates")] == ["1-7", "8-30", "31-60", "90+"]


def test_money_taken_back_does_not_count(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        report = pay(connection, 1, 60_000, noon(4, 10))
        pay(connection, 1, 10_000, noon(4, 11), "cash")
        lock_loan(connection, "L1")
        reverse(connection, report, "bounced", noon(4, 12), "lender:test")
    assert [sums(row) for row in read(engine, "recovery")] == [(10_000, 100_000, 0.1)]
    assert [(row["rail"], *sums(row)) for row in read(engine, "rails")] == [("cash", 10_000, 10_000, 1.0)]


def test_days_to_collect_are_weighted_by_money_not_by_payments(engine: Engine) -> None:
    with write_tx(engine) as connection:
        # 900.00 ten days late, 100.00 twenty days late: (900 x 10 + 100 x 20) / 1,000 = 11, not 15.
        loan_of(connection, 1, (date(2026, 4, 1), 100_000), (date(2026, 4, 29), 50_000))
        pay(connection, 1, 90_000, noon(4, 11))
        pay(connection, 1, 10_000, noon(4, 21))
    assert [sums(row) for row in read(engine, "collection_period")] == [(1_100_000, 100_000, 11.0)]


def test_early_money_waits_for_no_day(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 4, 1), 100_000), (date(2026, 4, 29), 100_000))
        pay(connection, 1, 200_000, noon(4, 11))
    assert [sums(row) for row in read(engine, "collection_period")] == [(1_000_000, 200_000, 5.0)]


def test_rails_share_what_was_received_in_each_period(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 3, 1), 100_000))
        pay(connection, 1, 30_000, noon(3, 31))
        pay(connection, 1, 30_000, noon(4, 1))
        pay(connection, 1, 10_000, noon(4, 2), "cash")
    rows = read(engine, "rails", Range(date(2026, 3, 1), TODAY), "month")
    assert [(row["period"], row["rail"], row["value"]) for row in rows] == [
        ("2026-03-01", "spei", 1.0),
        ("2026-04-01", "cash", 0.25),
        ("2026-04-01", "spei", 0.75),
    ]


def test_what_stands_behind_a_number_adds_up_to_it(engine: Engine) -> None:
    """Of every KPI: loan by loan, and page by page."""
    with write_tx(engine) as connection:
        for number in range(1, 4):
            loan, conversation = loan_of(connection, number, (date(2026, 3, 10), 50_000))
            pay(connection, number, number * 10_000, noon(4, number), "spei" if number < 3 else "cash")
            write(connection, loan, "contact.sent", noon(4, 9))
            connection.execute(insert(Message), answer(conversation, noon(4, 9)))
    for name, kpi in KPIS.items():
        for row in read(engine, name):
            behind = behind_of(engine, name, row)
            for column in ("numerator", *kpi.extras, *(() if kpi.share_of is not None else ("denominator",))):
                assert sum(each[column] for each in behind) == row[column], (name, column)
            first = behind_of(engine, name, row, most=1)
            rest = behind_of(engine, name, row, after=first[0]["id"]) if first else []
            assert first + rest == behind, name
    spei = behind_of(engine, "rails", {"rail": "spei"})
    assert [(each["name"], each["numerator"]) for each in spei] == [("L1", 10_000), ("L2", 20_000)]


def behind_of(engine: Engine, name: str, row: dict[str, Any], **page: int) -> list[dict[str, Any]]:
    only = {each: str(row[each]) for each in KPIS[name].dimensions}
    with read_tx(engine) as connection:
        return read_subjects(connection, KPIS[name], APRIL, TODAY, only, **page)


def test_a_day_is_mexico_citys(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        pay(connection, 1, 10_000, datetime(2026, 5, 1, 5, 59, tzinfo=UTC))
        pay(connection, 1, 20_000, datetime(2026, 5, 1, 6, 1, tzinfo=UTC))
    assert [row["numerator"] for row in read(engine, "rails")] == [10_000]


def test_promises_kept_are_counted_of_those_that_came_due(engine: Engine) -> None:
    def promise(loan: int, status: str, due: date) -> dict[str, Any]:
        terms = {"loan_id": loan, "amount": 10_000, "due_date": due, "expires_on": due + timedelta(days=2)}
        return {**terms, "status": status, "made_at": noon(3, 30)}

    with write_tx(engine) as connection:
        loan, _ = loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        day = date(2026, 4, 10)
        states = ["kept", "partial", "broken", "broken", "cancelled", "open"]
        rows = [promise(loan, status, day) for status in states]
        connection.execute(insert(Promise), [*rows, promise(loan, "kept", date(2026, 3, 31))])
        early = connection.scalar(
            insert(Promise).returning(Promise.id), promise(loan, "kept", date(2026, 5, 4))
        )
        kept = {"subject": "promise", "subject_id": early, "seq": 1, "to_status": "kept", "at": noon(4, 20)}
        connection.execute(insert(Transition).values(**kept, actor="system:test", data={}))
    row = read(engine, "promises")[0]
    assert sums(row) == (2, 5, 0.4)
    assert (row["partial"], row["broken"], row["promised_centavos"]) == (1, 2, 50_000)
    with read_tx(engine) as connection:
        month = today(connection, noon(4, 30)).promises
    assert (month["kept"], month["judged"]) == (2, 5), "the first page counts as the report does"


def write(connection: Connection, loan: int, kind: str, at: datetime) -> None:
    append(connection, loan, at, NewEntry(kind, {}, "system:test"))


def test_contacts_and_complaints_count_loans_not_attempts(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loans = [loan_of(connection, n, (date(2026, 4, 1), 1_000))[0] for n in range(1, 5)]
        for loan in loans:
            write(connection, loan, "contact.sent", noon(4, 2))
            write(connection, loan, "contact.sent", noon(4, 3))
        write(connection, loans[0], "identity.confirmed", noon(3, 1))
        write(connection, loans[0], "contact.replied", noon(4, 3))
        write(connection, loans[1], "contact.replied", noon(4, 3))
        write(connection, loans[1], "complaint.opened", noon(4, 3))
        write(connection, loans[2], "contact.replied", noon(3, 3))
    row = read(engine, "contacts")[0]
    assert (*sums(row), row["right_party"]) == (2, 4, 0.5, 1)
    assert sums(read(engine, "complaints")[0]) == (1, 4, 0.25)


def test_rolls_go_from_the_bucket_of_the_start_to_that_of_the_end(engine: Engine) -> None:
    with write_tx(engine) as connection:
        # At the end of March: 5 days late. In April nothing is paid: 35 days.
        loan_of(connection, 1, (date(2026, 3, 26), 95_000))
        # The same, and paid in full in April.
        loan_of(connection, 2, (date(2026, 3, 26), 5_000))
        pay(connection, 2, 5_000, noon(4, 5))
        # Not late at the end of March, nor at the end of April.
        loan_of(connection, 3, (date(2026, 5, 26), 70_000))
        # Paid before.
        loan_of(connection, 4, (date(2026, 3, 26), 5_000))
        pay(connection, 4, 5_000, noon(3, 27))
    rows = read(engine, "roll_rates")
    assert [(row["bucket"], row["to_bucket"], *sums(row)) for row in rows] == [
        ("0", "0", 70_000, 70_000, 1.0),
        ("1-7", "31-60", 95_000, 100_000, 0.95),
        ("1-7", "paid", 5_000, 100_000, 0.05),
    ]


def test_vintages_add_up_what_each_month_brought(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 3, 1), 100_000), at=noon(2, 10))
        loan_of(connection, 2, (date(2026, 4, 20), 50_000), at=noon(3, 10))
        pay(connection, 1, 20_000, noon(2, 20))
        pay(connection, 1, 30_000, noon(4, 1))
    rows = read(engine, "vintages", Range(date(2026, 2, 1), TODAY))
    assert [(row["cohort"], row["months"], *sums(row)) for row in rows] == [
        ("2026-02", 0, 20_000, 100_000, 0.2),
        ("2026-02", 1, 20_000, 100_000, 0.2),
        ("2026-02", 2, 50_000, 100_000, 0.5),
        ("2026-03", 0, 0, 50_000, 0.0),
        ("2026-03", 1, 0, 50_000, 0.0),
    ]


def contact(conversation: int, borrower: int, channel: str, status: str, at: datetime) -> dict[str, Any]:
    where = {"conversation_id": conversation, "borrower_id": borrower, "channel": channel, "address": "a"}
    return {
        **where,
        "direction": "out",
        "author": "bot",
        "purpose": "contact",
        "status": status,
        "created_at": at,
        "sent_at": at,
    }


def answer(conversation: int, at: datetime) -> dict[str, Any]:
    where = {"conversation_id": conversation, "channel": "whatsapp", "address": "a"}
    return {**where, "direction": "in", "author": "borrower", "status": "received", "created_at": at}


def test_a_payment_counts_for_the_last_contact_of_its_week(engine: Engine) -> None:
    with write_tx(engine) as connection:
        _, conversation = loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        sms = contact(conversation, 1, "sms", "delivered", noon(4, 2))
        connection.execute(insert(Message), [sms, contact(conversation, 1, "whatsapp", "read", noon(4, 10))])
        connection.execute(insert(Message).values(**answer(conversation, noon(4, 11))))
        pay(connection, 1, 30_000, noon(4, 12))
        pay(connection, 1, 20_000, noon(4, 25))
    rows = [
        (row["channel"], *sums(row), row["read"], row["paid_centavos"]) for row in read(engine, "channels")
    ]
    assert rows == [("sms", 0, 1, 0.0, 0, 0), ("whatsapp", 1, 1, 1.0, 1, 30_000)]


def test_a_talk_that_a_person_joined_is_not_automatic(engine: Engine) -> None:
    """One wrote in it, was asked for, or has a task of it; a note is none."""
    with write_tx(engine) as connection:
        talks = [loan_of(connection, n, (date(2026, 4, 1), 1_000)) for n in range(1, 6)]
        for number, (_, conversation) in enumerate(talks, 1):
            wrote = answer(conversation, noon(4, 11)) | {"borrower_id": number}
            connection.execute(insert(Message).values(**wrote))
        agents = contact(talks[0][1], 1, "whatsapp", "sent", noon(4, 11)) | {"author": "agent"}
        connection.execute(insert(Message).values(**agents))
        write(connection, talks[1][0], "handoff.requested", noon(4, 12))
        for kind, (_, conversation) in zip(("question", "note"), talks[2:4], strict=True):
            task = {"kind": kind, "conversation_id": conversation, "data": {}, "created_at": noon(4, 12)}
            connection.execute(insert(Task).values(**task))
    assert [sums(row) for row in read(engine, "automation")] == [(2, 5, 0.4)]


def test_agreements_kept_are_counted_of_those_that_ended(engine: Engine) -> None:
    def plan(loan: int, status: str) -> dict[str, Any]:
        terms = {"kind": "plan", "total": 10_000, "discount": 500, "frequency": "weekly", "rule": "plan"}
        days = {"offered_on": TODAY, "covers_until": TODAY, "valid_until": TODAY}
        days |= {"offered_at": noon(4, 1), "agreed_at": noon(4, 2)}
        return {"loan_id": loan, "status": status, "key": status, "policy_version": "1", **terms, **days}

    with write_tx(engine) as connection:
        loan, _ = loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        states = ("kept", "broken", "active", "cancelled")
        connection.execute(insert(Plan), [plan(loan, status) for status in states])
    row = read(engine, "plans")[0]
    assert (row["kind"], *sums(row), row["active"], row["discount_centavos"]) == ("plan", 1, 2, 0.5, 1, 2_000)


def test_a_long_range_by_day_is_refused(engine: Engine) -> None:
    with pytest.raises(TooManyPeriods):
        read(engine, "recovery", Range(date(2020, 1, 1), TODAY), "day")


@pytest.mark.parametrize("name", KPIS)
@pytest.mark.parametrize("locale", ["es_MX", "en"])
def test_every_kpi_has_a_title_and_a_definition(name: str, locale: str) -> None:
    wording = Wording.load()
    assert {(None, f"reports.{name}"), (None, f"reports.{name}_definition")} <= wording.keys(locale)


def test_the_api_answers_reports_and_refuses_what_is_none(engine: Engine, now: datetime) -> None:
    services = make_test_services(engine, now)
    call = Caller(create_app(services).test_client(), make_key(services, "tests", "readonly"))
    for name in KPIS:
        answer = call("GET", f"/metrics/{name}?from=2026-11-01&to=2026-11-30")
        assert answer.status_code == 200, answer.text
        assert set(answer.json) >= {"name", "title", "definition", "unit", "rows"}
    spoken = call("GET", "/metrics/recovery", Accept_Language="en").json["title"]
    assert spoken == "Recovery rate"
    assert call("GET", "/metrics/nothing").status_code == 404
    for wrong in (
        "from=today",
        "from=",
        "to=0001-01-01",
        "to=9999-12-31",
        "from=2026-12-01&to=2026-11-01",
        "by=weather",
        "from=1900-01-01&by=day",
    ):
        assert call("GET", f"/metrics/recovery?{wrong}").status_code == 400, wrong
