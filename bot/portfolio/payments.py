"""Payments that the lender received: posted once, the borrower notified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.portfolio.dialect import read_mapping, rows_of
from bot.portfolio.errors import RowError
from bot.portfolio.loading import LoadReport
from bot.portfolio.promises import promise_news
from bot.reach import News, notify_borrowers
from bot.services import Services
from models import loan_table, read_tx, write_tx
from models.ledger import Payment, Posted, explain, find_same_money, post_payment, posted_under
from values import InvalidAmount, Money

COLUMNS = ("loan_id", "amount", "paid_at", "rail", "reference")
LONGEST = {"rail": 20, "reference": 64}
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=7)
"""How far in the future a payment may lie: value dates run ahead of a long weekend."""
BATCH = 500


class UnknownLoan(Exception):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no loan {external_id!r}: load it first")


class ReferenceTaken(Exception):
    """The rail and the reference are those of another payment of this loan."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(
            f"another payment by {payment.rail} has the reference {payment.reference!r}, with another "
            "amount or day: give each one of its own"
        )


@dataclass(frozen=True, slots=True)
class Received:
    """`matched`: the money was in the ledger already, by another road."""

    posted: Posted
    matched: bool = False


def receive_payment(services: Services, external_id: str, payment: Payment) -> Received:
    """Posts it and queues the receipt for the borrower, in one transaction. Raises UnknownLoan,
    ReferenceTaken.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        loan = connection.execute(
            select(loan_table.c.id, loan_table.c.borrower_id)
            .where(loan_table.c.external_id == external_id)
            .with_for_update()
        ).first()
        if loan is None:
            raise UnknownLoan(external_id)
        for data in posted_under(connection, [payment.key(loan.id)]).values():
            if not payment.is_same(data):
                raise ReferenceTaken(payment)
        if (same := find_same_money(connection, loan.id, payment)) is not None:
            explain(connection, loan.id, same, payment)
            return Received(Posted(same, duplicate=True, settled=False), matched=True)
        posted = post_payment(connection, loan.id, payment, now, services.day(now))
        if not posted.duplicate:
            news = {"amount": payment.amount.centavos, "kept": posted.kept}
            receipt = News(loan.id, "payment.posted", f"payment.posted:{posted.entry_id}", news)
            notify_borrowers(connection, [receipt, *promise_news(posted.promises)], now)
    return Received(posted)


Row = tuple[int, str, Payment]


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
    loads = partial or not report.errors
    if dry_run or not loads:
        report.loans = len(rows) if loads else 0
        return report
    for line, loan_id, payment in rows:
        try:
            received = receive_payment(services, loan_id, payment)
        except (UnknownLoan, ReferenceTaken) as error:  # since a moment ago
            report.wrong(RowError(line, "reference", "other", {"reason": str(error)}))
            continue
        report.loans += 1
        report.created += not received.posted.duplicate
        report.unchanged += received.posted.duplicate
    return report


def _postable(services: Services, rows: Sequence[Row], report: LoadReport) -> list[Row]:
    """Those whose loan is here and whose reference is their own."""
    good: list[Row] = []
    held: dict[str, Mapping[str, object]] = {}
    with read_tx(services.engine) as connection:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            ids = dict(
                connection.execute(
                    select(loan_table.c.external_id, loan_table.c.id).where(
                        loan_table.c.external_id.in_([loan for _, loan, _ in batch])
                    )
                ).all()
            )
            held |= posted_under(
                connection, [payment.key(ids[loan]) for _, loan, payment in batch if loan in ids]
            )
            for line, loan, payment in batch:
                if loan not in ids:
                    report.wrong(RowError(line, "loan_id", "other", {"reason": str(UnknownLoan(loan))}))
                    continue
                this = {"amount": payment.amount.centavos, "paid_at": payment.paid_at.isoformat()}
                if not payment.is_same(held.setdefault(payment.key(ids[loan]), this)):
                    report.wrong(
                        RowError(line, "reference", "other", {"reason": str(ReferenceTaken(payment))})
                    )
                    continue
                good.append((line, loan, payment))
    return good


def in_the_future(services: Services, paid_at: datetime) -> bool:
    return paid_at > services.clock.now() + AHEAD


def _parse(line: int, cells: Mapping[str, str | None], services: Services) -> tuple[str, Payment] | RowError:
    text = {name: (cells.get(name) or "").strip() for name in COLUMNS}
    for name in COLUMNS:
        if not text[name]:
            return RowError(line, name, "empty")
        if len(text[name]) > LONGEST.get(name, 64) or not text[name].isprintable():
            return RowError(line, name, "too_long", {"most": LONGEST.get(name, 64)})
    try:
        amount = Money.parse_pesos(text["amount"])
        paid_at = datetime.fromisoformat(text["paid_at"])
    except InvalidAmount:
        return RowError(line, "amount", "not_an_amount")
    except ValueError:
        return RowError(line, "paid_at", "not_a_time", {}, text["loan_id"], text["paid_at"][:30])
    if amount.centavos <= 0:
        return RowError(line, "amount", "zero")
    if paid_at.tzinfo is None:
        paid_at = paid_at.replace(tzinfo=ZoneInfo(services.settings.timezone))
    if paid_at < EARLIEST or in_the_future(services, paid_at):
        return RowError(
            line,
            "paid_at",
            "time_out_of_range",
            {"first": str(EARLIEST.year)},
            text["loan_id"],
            text["paid_at"][:30],
        )
    payment = Payment(amount, paid_at.astimezone(UTC), text["rail"], text["reference"], "lender:file")
    return text["loan_id"], payment
