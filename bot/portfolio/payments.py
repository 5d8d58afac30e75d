"""Payments that the lender received: posted once, the borrower notified."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.money import Outcome, Reported, lock_loan, receive
from bot.portfolio.dialect import read_mapping, rows_of
from bot.portfolio.errors import RowError
from bot.portfolio.loading import LoadReport
from bot.services import Services
from models import loan_table, read_tx, write_tx
from models.inflow import RAILS
from values import InvalidAmount, Money, fold

COLUMNS = ("loan_id", "amount", "paid_at", "rail", "reference")
LONGEST, LONGEST_OTHER = {"rail": 20}, 64
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=7)
"""How far in the future a payment may lie: value dates run ahead of a long weekend."""
BATCH = 500
RAIL_NAMES = {rail: rail for rail in RAILS} | {
    "domiciliacion": "debit",
    "efectivo": "cash",
    "tarjeta": "card",
    "transferencia": "transfer",
    "deposito": "cash",
    "cheque": "check",
    "oxxo": "cash",
    "tienda": "cash",
    "otro": "other",
}
"""As payments files write them, without accents or capitals."""


class UnknownLoan(Exception):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no loan {external_id!r}: load it first")


def receive_payment(services: Services, external_id: str, reported: Reported) -> Outcome:
    """A report of one payment, in one transaction. Raises UnknownLoan."""
    with write_tx(services.engine) as connection:
        loan = lock_loan(connection, external_id)
        if loan is None:
            raise UnknownLoan(external_id)
        return receive(connection, loan, reported, services.clock.now())


Row = tuple[int, str, Reported]


def load_payments(
    services: Services,
    path: Path,
    *,
    mapping: Path | None = None,
    dry_run: bool = False,
    partial: bool = False,
) -> LoadReport:
    """A CSV of loan_id, amount, paid_at, rail, reference. All or nothing unless `partial`. Raises NotATable,
    InvalidMapping.

    A dry run answers how many payments would be posted.
    """
    report, rows = LoadReport(), list[Row]()
    for found in rows_of(path, read_mapping(mapping, COLUMNS), COLUMNS, COLUMNS):
        line, cells = found.line, found.cells
        if found.errors:
            report.wrong(
                *(
                    RowError(line, e.column, e.fault, e.params, cells.get("loan_id", ""), e.value)
                    for e in found.errors
                )
            )
            continue
        parsed = _parse(line, cells, services)
        if isinstance(parsed, RowError):
            report.wrong(parsed)
        else:
            rows.append((line, *parsed))
    rows = _postable(services, rows, report)
    report.rails = _by_rail(rows)
    loads = partial or not report.errors
    if dry_run or not loads:
        report.loans = len(rows) if loads else 0
        return report
    for line, loan_id, reported in _with_repeats(rows):
        try:
            outcome = receive_payment(services, loan_id, reported)
        except UnknownLoan:  # since a moment ago
            report.wrong(_unknown(line, loan_id))
            continue
        report.loans += 1
        report.created += outcome.status == "posted"
        report.unchanged += outcome.status == "duplicate"
        report.review += outcome.status == "review"
    return report


def _by_rail(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for _, _, reported in rows:
        number, centavos = found.get(reported.rail, (0, 0))
        found[reported.rail] = (number + 1, centavos + reported.amount)
    return found


def _with_repeats(rows: Sequence[Row]) -> Iterator[Row]:
    """A row that equals one before it in the same file may be another payment."""
    seen: Counter[tuple[str, Reported]] = Counter()
    for line, loan, reported in rows:
        yield line, loan, replace(reported, repeated=seen[loan, reported])
        seen[loan, reported] += 1


def _postable(services: Services, rows: Sequence[Row], report: LoadReport) -> list[Row]:
    """Those whose loan is here."""
    good: list[Row] = []
    with read_tx(services.engine) as connection:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            query = select(loan_table.c.external_id).where(
                loan_table.c.external_id.in_([loan for _, loan, _ in batch])
            )
            here = set(connection.scalars(query))
            for line, loan, reported in batch:
                if loan in here:
                    good.append((line, loan, reported))
                else:
                    report.wrong(_unknown(line, loan))
    return good


def in_the_future(services: Services, paid_at: datetime) -> bool:
    return paid_at > services.clock.now() + AHEAD


def _parse(line: int, cells: Mapping[str, str | None], services: Services) -> tuple[str, Reported] | RowError:
    text = {name: (cells.get(name) or "").strip() for name in COLUMNS}

    def wrong(column: str, fault: str, **params: Any) -> RowError:
        return RowError(line, column, fault, params, text["loan_id"][:64], text[column][:30])

    if empty := next((name for name in COLUMNS if not text[name]), None):
        return wrong(empty, "empty")
    if long := next((name for name in COLUMNS if not _fits(name, text[name])), None):
        return wrong(long, "too_long", most=LONGEST.get(long, LONGEST_OTHER))
    try:
        amount = Money.parse_pesos(text["amount"])
        paid_at = datetime.fromisoformat(text["paid_at"])
    except InvalidAmount:
        return wrong("amount", "not_an_amount")
    except ValueError:
        return wrong("paid_at", "not_a_time")
    if amount.centavos <= 0:
        return wrong("amount", "zero")
    if paid_at.tzinfo is None:
        paid_at = paid_at.replace(tzinfo=ZoneInfo(services.settings.timezone))
    if paid_at < EARLIEST or in_the_future(services, paid_at):
        return wrong("paid_at", "time_out_of_range", first=str(EARLIEST.year))
    if (rail := RAIL_NAMES.get(fold(text["rail"]))) is None:
        return wrong("rail", "not_one_of", choices=", ".join(RAILS))
    paid_at = paid_at.astimezone(UTC)
    return text["loan_id"], Reported("file", rail, text["reference"], amount.centavos, paid_at, "lender:file")


def _fits(column: str, text: str) -> bool:
    return len(text) <= LONGEST.get(column, LONGEST_OTHER) and text.isprintable()


def _unknown(line: int, loan: str) -> RowError:
    return RowError(line, "loan_id", "unknown_loan", {}, loan, loan)
