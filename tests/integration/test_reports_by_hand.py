"""Twelve loans whose every number was worked out by hand; and the same numbers on the page, in the CSV, by
the API and behind each row.
"""

import csv
import re
from datetime import date, datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from bot.api.keys import make_key
from bot.app import create_app
from bot.console.access import accounts
from bot.money import Act, adjust, lock_loan, reverse
from bot.reports import KPIS, Range
from models import ledger_entry_table, loan_table, posting_table, read_tx, write_tx
from models.ledger import NewEntry, append
from models.ledger.books import MONEY_IN
from models.ledger.standing import not_reversed
from tests.api_caller import Caller
from tests.desk import PASSWORD, Desk
from tests.integration.test_reports import APRIL, TODAY, behind_of, loan_of, noon, pay, read, write
from tests.services import make_test_services

PESO = 100
LOANS: dict[int, tuple[date, list[tuple[date, int]]]] = {
    1: (date(2026, 2, 10), [(date(2026, 3, 26), 950)]),
    2: (date(2026, 2, 10), [(date(2026, 3, 26), 50)]),
    3: (date(2026, 3, 10), [(date(2026, 5, 26), 700)]),
    4: (date(2026, 2, 10), [(date(2026, 3, 26), 50)]),
    5: (date(2026, 1, 15), [(date(2026, 2, 20), 400), (date(2026, 4, 20), 400)]),
    6: (date(2025, 11, 15), [(date(2025, 12, 1), 1_000)]),
    7: (date(2025, 11, 15), [(date(2025, 12, 10), 600)]),
    8: (date(2026, 2, 10), [(date(2026, 3, 20), 200)]),
    9: (date(2026, 3, 10), [(date(2026, 3, 31), 300)]),
    10: (date(2025, 12, 15), [(date(2026, 1, 20), 100), (date(2026, 3, 10), 100), (date(2026, 4, 15), 100)]),
    11: (date(2025, 12, 15), [(date(2026, 1, 20), 100), (date(2026, 3, 10), 100)]),
    12: (date(2026, 4, 10), [(date(2026, 4, 25), 500)]),
}
"""Opened on; what falls due, in pesos."""
PAYMENTS = (
    (2, 50, (4, 5), "spei"),
    (4, 50, (3, 27), "spei"),
    (5, 400, (4, 10), "cash"),
    (7, 360, (4, 12), "spei"),
    (10, 100, (2, 10), "spei"),
    (10, 100, (3, 13), "cash"),
    (11, 100, (2, 10), "spei"),
    (11, 100, (3, 10), "spei"),
    (12, 200, (4, 28), "card"),
)
LOANS_IN = dict.fromkeys(("arrears", "roll_rates"), "loans") | dict.fromkeys(
    ("contacts", "complaints", "claims", "cure", "redefault", "late_vintages"), "denominator"
)
"""What counts loans: as many are listed behind it."""
ENTRIES = (
    *((loan, "contact.sent", (4, 2)) for loan in (1, 2, 5, 12)),
    (2, "identity.confirmed", (3, 1)),
    (2, "contact.replied", (4, 3)),
    (2, "promise.made", (4, 3)),
    (2, "promise.kept", (4, 5)),
    (5, "contact.replied", (4, 3)),
    (5, "optout.recorded", (4, 3)),
    (1, "complaint.opened", (4, 8)),
    (4, "complaint.opened", (4, 8)),
)


def portfolio(connection: Connection) -> None:
    """With a debit that the bank took back, a debt that was written off and a part recovered, and one settled
    for less.
    """
    ids = {}
    for number, (opened, dues) in LOANS.items():
        at = {"at": noon(4, 10)} if number == 12 else {}
        ids[number], _ = loan_of(connection, number, *((day, sum_ * PESO) for day, sum_ in dues), **at)
        connection.execute(update(loan_table).where(loan_table.c.id == ids[number]).values(opened_on=opened))
    for number, amount, day, rail in PAYMENTS:
        pay(connection, number, amount * PESO, noon(*day), rail)
    taken_back = pay(connection, 8, 200 * PESO, noon(4, 3), "debit")
    lock_loan(connection, "L8")
    reverse(connection, taken_back, "bounced", noon(4, 6), "lender:test")
    for number, kind, day in ENTRIES:
        write(connection, ids[number], kind, noon(*day))
    append(connection, ids[7], noon(4, 11), NewEntry("settlement.agreed", {}, "agent:1"))
    lock_loan(connection, "L7")
    adjust(connection, ids[7], Act("waiver", 240 * PESO, None, "settled"), noon(4, 13), "lender:test")
    lock_loan(connection, "L6")
    adjust(connection, ids[6], Act("write_off", 1_000 * PESO, None, "lost"), noon(4, 15), "lender:test")
    adjust(connection, ids[6], Act("recovery", 50 * PESO, None, "R-1"), noon(4, 20), "lender:test")


def pesos(engine: Engine, name: str, asked: Range = APRIL) -> list[tuple[Any, ...]]:
    """Rows as `(dimensions…, numerator, denominator, extras…)`, money in pesos."""
    kpi, found = KPIS[name], []
    for row in read(engine, name, asked):
        sums = {each: row[each] for each in ("numerator", "denominator", *kpi.extras)}
        money = {each for each in sums if each.endswith("_centavos")}
        money |= {"numerator", "denominator"} if kpi.in_money or kpi.unit == "days" else set()
        shown = (value / PESO if each in money else value for each, value in sums.items())
        found.append((*(row[each] for each in kpi.dimensions), *shown))
    return found


def test_twelve_loans_have_the_numbers_that_were_worked_out_by_hand(engine: Engine) -> None:
    with write_tx(engine) as connection:
        portfolio(connection)
    balances_and_money(engine)
    cures_and_vintages(engine)
    borrowers(engine)


def balances_and_money(engine: Engine) -> None:
    march = Range(date(2026, 3, 1), date(2026, 3, 31))
    assert pesos(engine, "arrears") == [
        ("0", 700, 2_950, 1),
        ("1-7", 300, 2_950, 1),
        ("8-30", 800, 2_950, 3),
        ("31-60", 1_150, 2_950, 2),
    ]
    assert pesos(engine, "imor") == [(0, 2_950, 2_250)]
    assert pesos(engine, "imor", march) == [(1_600, 4_700, 3_600)], "what April forgave was owed in March"
    assert pesos(engine, "roll_rates") == [
        ("0", "0", 700, 1_100, 1),
        ("0", "8-30", 400, 1_100, 2),
        ("1-7", "31-60", 950, 1_000, 1),
        ("1-7", "paid", 50, 1_000, 1),
        ("8-30", "31-60", 200, 200, 1),
        ("31-60", "8-30", 800, 800, 1),
        ("90+", "paid", 600, 1_600, 1),
        ("90+", "written_off", 1_000, 1_600, 1),
    ]
    assert pesos(engine, "recovery") == [(1_060, 4_500)]
    days = 50 * 10 + 400 * 49 + 360 * 123 + 200 * 3
    assert pesos(engine, "collection_period") == [(days, 1_010)]
    assert pesos(engine, "rails") == [
        ("card", 200, 1_060, 1),
        ("cash", 400, 1_060, 1),
        ("other", 50, 1_060, 1),
        ("spei", 410, 1_060, 2),
    ]
    assert received_by_the_ledger(engine) == 1_060 * PESO


def received_by_the_ledger(engine: Engine) -> int:
    """Of April: what stands of its payments, added up from the postings themselves."""
    legs = (
        select(ledger_entry_table.c.data, posting_table.c.amount)
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed(), posting_table.c.amount > 0)
    )
    with read_tx(engine) as connection:
        return sum(
            amount
            for data, amount in connection.execute(legs)
            if datetime.fromisoformat(data["paid_at"]) >= noon(4, 1)
        )


def cures_and_vintages(engine: Engine) -> None:
    assert pesos(engine, "cure") == [
        ("1-7", 1, 2, 0),
        ("8-30", 0, 1, 0),
        ("31-60", 0, 1, 0),
        ("90+", 1, 2, 1),
    ]
    assert pesos(engine, "redefault", Range(date(2026, 2, 1), TODAY)) == [("30", 1, 2), ("60", 1, 2)]
    late = {
        "2025-11": [(0, 0), (0, 0), (2, 0), (2, 0), (2, 2), (1, 1)],
        "2025-12": [(0, 0)] * 5,
        "2026-01": [(0, 0), (0, 0), (1, 0), (0, 0)],
        "2026-02": [(0, 0), (0, 0), (2, 0)],
        "2026-03": [(0, 0)] * 2,
        "2026-04": [(0, 0)],
    }
    loans = {"2025-11": 2, "2025-12": 2, "2026-01": 1, "2026-02": 4, "2026-03": 2, "2026-04": 1}
    assert pesos(engine, "late_vintages", Range(date(2025, 11, 1), TODAY)) == [
        (cohort, months, over_30, loans[cohort], over_90)
        for cohort, rows in late.items()
        for months, (over_30, over_90) in enumerate(rows)
    ]
    assert pesos(engine, "vintages", Range(date(2026, 1, 1), TODAY)) == [
        ("2026-01", 0, 0, 5_150),
        ("2026-01", 1, 200, 5_150),
        ("2026-01", 2, 450, 5_150),
        ("2026-01", 3, 1_310, 5_150),
        ("2026-04", 0, 200, 500),
    ]


def borrowers(engine: Engine) -> None:
    assert pesos(engine, "contacts") == [(2, 4, 1, 1)]
    assert pesos(engine, "complaints") == [(2, 5, 1)]
    assert pesos(engine, "claims") == [(2, 8)]
    assert [row["value"] for row in read(engine, "claims")] == [2_500]
    assert pesos(engine, "unattended") == [("agreed", 1, 2), ("kept", 1, 1), ("paid", 4, 5)]


def test_page_file_api_and_what_is_behind_have_the_same_numbers(sqlite_engine: Engine) -> None:
    engine = sqlite_engine
    services = make_test_services(engine, noon(4, 30))
    with write_tx(engine) as connection:
        portfolio(connection)
    accounts.add_agent(services, "s@b.mx", "supervisor", PASSWORD, "S")
    desk = Desk(SimpleNamespace(services=services, conversation=1), "s@b.mx")  # type: ignore[arg-type]
    call = Caller(create_app(services).test_client(), make_key(services, "tests", "readonly"))
    query = "from=2026-04-01&to=2026-04-30"
    page = desk.get(f"/console/reports?{query}").text
    matrix = page.partition('<table class="ledger matrix">')[2].partition("</table>")[0]
    cells = re.findall(r"<th [^>]*>(.*?)</th>|<td[^>]*>(?:<a[^>]*>)?(.*?)(?:</a>)?</td>", matrix)
    width = ["De → A", "0", "8-30", "31-60", "Pagado", "Castigado"]
    assert [head or cell for head, cell in cells] == [
        *width,
        *("0", "63.6 %", "36.4 %", "", "", ""),
        *("1-7", "", "", "95.0 %", "5.0 %", ""),
        *("8-30", "", "", "100.0 %", "", ""),
        *("31-60", "", "100.0 %", "", "", ""),
        *("90+", "", "", "", "37.5 %", "62.5 %"),
    ]
    for name, kpi in KPIS.items():
        rows = call("GET", f"/metrics/{name}?{query}").json["rows"]
        text = desk.get(f"/console/reports/{name}.csv?{query}").text
        written = [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
        assert list(csv.DictReader(StringIO(text))) == written, name
        columns = ("value", "numerator", "denominator", *kpi.extras)
        for row, cells in zip(rows, shown(page, name), strict=True):
            expected = [on_page(kpi.unit, each, row[each], in_money=kpi.in_money) for each in columns]
            hidden = not kpi.dimensions and kpi.unit == "days"  # a card without what its days are made of
            assert [number(cell) for cell in cells[len(kpi.dimensions) :]] == expected[
                : 1 if hidden else None
            ]
            if counted := LOANS_IN.get(name):
                assert len(behind_of(engine, name, row)) == row[counted], name


def shown(page: str, name: str) -> list[list[str]]:
    """The cells of a KPI on the page, row by row."""
    (section,) = re.findall(rf'<section[^>]*aria-labelledby="report-{name}".*?</section>', page, re.DOTALL)
    before, _, _ = section.partition('<details class="about"')
    if 'class="value"' in before:
        cells = re.findall(r'<p class="value">(.*?)</p>|<dd>(.*?)</dd>', before)
        return [[one or other for one, other in cells]]
    table = before.partition('<table class="ledger">')[2].partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]


def number(cell: str) -> float | None:
    found = re.search(r"-?[\d,]*\.?\d+", re.sub(r"<[^>]+>", "", cell))
    return float(found[0].replace(",", "")) if found else None


def on_page(unit: str, column: str, value: Any, *, in_money: bool) -> float | None:
    if value is None:
        return None
    if column == "value":
        return float(f"{100 * value:.1f}") if unit == "ratio" else float(f"{value:.1f}")
    is_money = column.endswith("_centavos") or (in_money and column in ("numerator", "denominator"))
    return value / PESO if is_money else float(value)
