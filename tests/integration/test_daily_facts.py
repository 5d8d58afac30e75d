"""Daily facts are what the ledger says, whatever is reported late or taken back; on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from bot.money import Act, Reported, adjust, lock_loan, receive, reverse
from bot.reports import (
    KPIS,
    Kpi,
    Range,
    costs_of,
    count_report,
    keep_facts,
    kept,
    read_report,
    read_reports,
    trend,
)
from bot.services import Services
from models import DailyFact, daily_fact_table, read_tx, write_tx
from tests.integration.test_reports import loan_of, noon, pay, write
from tests.services import make_test_services

TODAY = date(2026, 4, 30)
RAILS = KPIS["rails"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting anew is what costs: fewer spans and points show the same."""
    monkeypatch.setattr(kept, "SPANS", (30,))
    monkeypatch.setattr(kept, "TREND_POINTS", 4)
    monkeypatch.setattr(kept, "POINTS_AT_ONCE", 2)


def kept_until_nothing_is_missing(services: Services) -> int:
    """How many runs that takes."""
    runs = 0
    while keep_facts(services):
        runs += 1
    return runs


def assert_as_counted(services: Services, *names: str) -> None:
    """Every fact that is kept, or those of these names, is what counting anew finds."""
    with read_tx(services.engine) as connection:
        rows = connection.execute(select(daily_fact_table)).all()
        assert {row.kpi for row in rows} == set(KPIS)
        for row in rows if not names else [row for row in rows if row.kpi in names]:
            asked = Range(row.day - timedelta(days=row.days), row.day)
            found = count_report(connection, KPIS[row.kpi], asked, row.day, costs=costs_of(services.lender))
            assert kept.valued(KPIS[row.kpi], row.rows) == found, (row.kpi, row.day)


def test_kept_facts_follow_late_payments_reversals_and_waivers(engine: Engine) -> None:
    services = make_test_services(engine, noon(4, 30))
    with write_tx(engine) as connection:
        for number in range(1, 4):
            loan, _ = loan_of(connection, number, (date(2026, 3, 10), 50_000), (date(2026, 4, 10), 50_000))
            write(connection, loan, "contact.sent", noon(4, 9))
        taken_back = pay(connection, 1, 30_000, noon(4, 2))
        pay(connection, 2, 50_000, noon(3, 12))
    assert kept_until_nothing_is_missing(services) == 2  # the oldest days some at a time
    assert_as_counted(services)
    with read_tx(engine) as connection:
        points = trend(connection, TODAY)["recovery"]
    assert [day for day, _ in points] == [*(date(2026, 4, day) for day in (12, 19, 26)), TODAY]
    services.clock.advance(minutes=2)
    at = services.clock.now()
    with write_tx(engine) as connection:
        lock_loan(connection, "L1")
        reverse(connection, taken_back, "bounced", at, "lender:test")
        pay_late(connection, 2, 10_000, noon(4, 12), at)
    assert kept_until_nothing_is_missing(services) >= 1
    assert_as_counted(services)
    services.clock.advance(minutes=2)
    with write_tx(engine) as connection:
        loan = lock_loan(connection, "L3")
        assert loan is not None
        waiver = Act("waiver", 20_000, "principal", "agreed")
        adjust(connection, loan.id, waiver, services.clock.now(), "lender:test")
    assert kept_until_nothing_is_missing(services) == 1, "of earlier days it changes nothing"
    assert_as_counted(services)


def pay_late(connection: Connection, number: int, amount: int, paid_at: datetime, at: datetime) -> None:
    loan = lock_loan(connection, f"L{number}")
    assert loan is not None
    receive(connection, loan, Reported("api", "spei", f"late-{amount}", amount, paid_at, "lender:test"), at)


def ids(services: Services, day: date) -> dict[tuple[str, int], int]:
    """Of what is kept of a day: another where it was counted anew."""
    with read_tx(services.engine) as connection:
        rows = connection.execute(select(daily_fact_table).where(DailyFact.day == day))
        return {(row.kpi, row.days): row.id for row in rows}


def test_a_killed_sweep_goes_on_where_it_was_and_counts_again_what_can_have_changed(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, counted, most = make_test_services(sqlite_engine, noon(4, 30)), kept.count_spans, 3
    with write_tx(sqlite_engine) as connection:
        loan, _ = loan_of(connection, 1, (date(2026, 4, 1), 100_000))

    def killed(connection: Connection, kpi: Kpi, *rest: Any) -> Any:
        if list(KPIS).index(kpi.name) == most:
            raise KeyboardInterrupt
        return counted(connection, kpi, *rest)

    monkeypatch.setattr(kept, "count_spans", killed)
    with pytest.raises(KeyboardInterrupt):
        keep_facts(services)
    monkeypatch.setattr(kept, "count_spans", counted)
    found = ids(services, TODAY)
    assert {kpi for kpi, _ in found} == set(list(KPIS)[:most])
    keep_facts(services)
    before = ids(services, TODAY)
    assert found.items() < before.items(), "what is kept is not counted again"
    services.clock.advance(minutes=30)
    with write_tx(sqlite_engine) as connection:
        write(connection, loan, "contact.sent", services.clock.now())
    keep_facts(services)
    again = {kpi for (kpi, days), of in ids(services, TODAY).items() if of != before[kpi, days]}
    assert again == {name for name, kpi in KPIS.items() if not kpi.moved_by}, "no money has moved"
    assert_as_counted(services, "contacts", "imor")


def test_a_sunday_is_counted_anew_for_a_week_and_holds_from_then_on(sqlite_engine: Engine) -> None:
    sunday = date(2026, 4, 26)
    services = make_test_services(sqlite_engine, noon(4, 26))
    with write_tx(sqlite_engine) as connection:
        loan, _ = loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        write(connection, loan, "contact.sent", noon(4, 9))
    kept_until_nothing_is_missing(services)
    services.clock.advance(hours=8)
    with write_tx(sqlite_engine) as connection:
        write(connection, loan, "contact.replied", services.clock.now())
    services.clock.advance(hours=16)
    kept_until_nothing_is_missing(services)
    assert_as_counted(services, "contacts")
    services.clock.advance(days=8)
    kept_until_nothing_is_missing(services)
    found = ids(services, sunday)
    services.clock.advance(days=1)
    assert kept_until_nothing_is_missing(services) == 1
    assert ids(services, sunday) == found


def test_a_small_portfolio_is_read_from_them_only_while_nothing_has_happened(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = make_test_services(engine, noon(4, 30))
    month = Range(TODAY - timedelta(days=30), TODAY)
    with write_tx(engine) as connection:
        loan_of(connection, 1, (date(2026, 4, 1), 100_000))
        pay(connection, 1, 10_000, noon(4, 3))
    keep_facts(services)
    costs = costs_of(services.lender)
    with write_tx(engine) as connection:
        marked = [{"rail": "spei", "numerator": 7, "denominator": 7, "payments": 1}]
        connection.execute(update(DailyFact).where(DailyFact.kpi == "rails").values(rows=marked))
    with write_tx(engine) as connection:
        assert read_report(connection, RAILS, month, TODAY, costs=costs)[0]["numerator"] == 7
        assert read_report(connection, RAILS, month, TODAY, "day", costs)[0]["numerator"] == 10_000
        pay_late(connection, 1, 20_000, noon(4, 4), services.clock.now())
        assert read_report(connection, RAILS, month, TODAY, costs=costs)[0]["numerator"] == 30_000
        monkeypatch.setattr(kept, "LARGE_LOANS", 1)
        assert read_report(connection, RAILS, month, TODAY, costs=costs)[0]["numerator"] == 7
        reports = read_reports(
            connection, {"rails": month, "imor": Range(month.first, month.first)}, TODAY, costs
        )
        assert reports["rails"].kept_at == services.clock.now()
        assert reports["imor"].kept_at is None, "days that are not kept are counted"
        rails = update(DailyFact).where(DailyFact.kpi == "rails")
        connection.execute(rails.values(rows=[{"rail": "spei", "numerator": 7, "denominator": 7}]))
        read = read_report(connection, RAILS, month, TODAY, costs=costs)
        assert read[0]["numerator"] == 30_000, "kept before the KPI had all of its columns"
        connection.execute(rails.values(rows=marked))
    for minutes, found in ((6, 7), (10, 30_000)):  # thirty days are counted anew every fifteen minutes
        services.clock.advance(minutes=minutes)
        keep_facts(services)
        with read_tx(engine) as connection:
            assert read_report(connection, RAILS, month, TODAY, costs=costs)[0]["numerator"] == found
