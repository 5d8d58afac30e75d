"""Payments that the lender received: posted once, told to the borrower."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, select

from bot.conversation.upsert import insert_new
from bot.portfolio.loading import LoadReport, NotATape
from bot.portfolio.tape import RowError
from bot.services import Services
from models import ContactPoint, Event, Loan, writing
from models.ledger import Payment, Posted, find_same_money, post_payment
from values import InvalidAmount, Money

_L, _P, _E = Loan.__table__, ContactPoint.__table__, Event.__table__
COLUMNS = ("loan_id", "amount", "paid_at", "rail", "reference")


class UnknownLoan(Exception):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no loan {external_id!r}: load it first")


@dataclass(frozen=True, slots=True)
class Received:
    """`matched`: the money was in the ledger already, by another road."""

    posted: Posted
    matched: bool = False


def receive_payment(services: Services, external_id: str, payment: Payment) -> Received:
    """Posts it and queues the receipt for the borrower, in one transaction. Raises UnknownLoan."""
    now = services.clock.now()
    today = now.astimezone(ZoneInfo(services.settings.timezone)).date()
    with writing(services.engine) as connection:
        loan = connection.execute(select(_L.c.id, _L.c.borrower_id).where(_L.c.external_id == external_id)).first()
        if loan is None:
            raise UnknownLoan(external_id)
        if (same := find_same_money(connection, loan.id, payment)) is not None:
            return Received(Posted(same, duplicate=True, settled=False), matched=True)
        posted = post_payment(connection, loan.id, payment, now, today)
        if not posted.duplicate:
            told = {"amount": payment.amount.centavos, "kept": posted.kept}
            tell(connection, loan.borrower_id, loan.id, "payment.posted", told, f"payment.posted:{posted.entry_id}", now)
    return Received(posted)


def tell(connection: Connection, borrower_id: int, loan_id: int, kind: str, data: Mapping[str, object], key: str, at: datetime) -> None:
    """Queues a fact for the conversation in which this borrower is best reached."""
    best = (
        select(_P.c.conversation_id)
        .where(_P.c.borrower_id == borrower_id, _P.c.status.in_(("unverified", "confirmed")))
        .order_by(case((_P.c.status == "confirmed", 0), else_=1), _P.c.id)
        .limit(1)
    )
    if (conversation := connection.scalar(best)) is None:
        return
    event = {
        "conversation_id": conversation,
        "loan_id": loan_id,
        "kind": kind,
        "data": dict(data),
        "key": key,
        "not_before": at,
        "attempts": 0,
        "created_at": at,
    }
    connection.execute(insert_new(connection, _E, ("key",)), event)


def load_payments(services: Services, path: Path, *, dry_run: bool = False, partial: bool = False) -> LoadReport:
    """A CSV of loan_id, amount, paid_at, rail, reference. All or nothing unless `partial`. Raises NotATape."""
    report = LoadReport()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                message = f"{path.name}: the header lacks {', '.join(missing)}"
                raise NotATape(message)
            parsed = [(reader.line_num, _parse(reader.line_num, cells, services)) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} cannot be read as a CSV in UTF-8: {error}"
        raise NotATape(message) from None
    report.errors = [found for _, found in parsed if isinstance(found, RowError)]
    if dry_run or (report.errors and not partial):
        return report
    for line, found in parsed:
        if isinstance(found, RowError):
            continue
        try:
            received = receive_payment(services, *found)
        except UnknownLoan as error:
            report.errors.append(RowError(line, "loan_id", str(error)))
            continue
        report.loans += 1
        report.created += not received.posted.duplicate
        report.unchanged += received.posted.duplicate
    return report


def _parse(line: int, cells: Mapping[str, str | None], services: Services) -> tuple[str, Payment] | RowError:
    text = {name: (cells.get(name) or "").strip() for name in COLUMNS}
    for name in COLUMNS:
        if not text[name]:
            return RowError(line, name, "is empty: it is required")
    try:
        amount = Money.parse_pesos(text["amount"])
        paid_at = datetime.fromisoformat(text["paid_at"])
    except InvalidAmount as error:
        return RowError(line, "amount", str(error))
    except ValueError:
        return RowError(line, "paid_at", f"{text['paid_at'][:30]!r} is not a time: write it as 2026-11-24T10:30:00-06:00")
    if amount.centavos <= 0:
        return RowError(line, "amount", "is zero: a payment is more than that")
    if paid_at.tzinfo is None:
        paid_at = paid_at.replace(tzinfo=ZoneInfo(services.settings.timezone))
    payment = Payment(amount, paid_at.astimezone(UTC), text["rail"][:20], text["reference"][:64], "lender:file")
    return text["loan_id"], payment
