"""What the provider reports of a charge, applied to the books: the one place where money of a debit is
posted.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection, update

from bot.debit.charging.banking_days import result_at, settles_on
from bot.debit.charging.mandates import stop_mandate
from bot.debit.charging.returned import returned
from bot.debit.charging.transitions import (
    cancel,
    facts,
    fetch,
    open_case,
    record,
    send_news,
    transition,
)
from bot.debit.port import ChargeOrder, ChargeReport, DebitProvider
from bot.money import collect, take_back
from models import charge_table
from models.base import AnyRow
from models.ledger import NewEntry, append_many, settle_transit
from models.transitions import Move, move_many
from values import Money, city_day

log = structlog.get_logger(__name__)

OPEN = ("submitted", "processing")
MONEY = ("collected", "settled")


def apply_report(
    connection: Connection, provider: DebitProvider, row: AnyRow, report: ChargeReport, now: datetime
) -> None:
    """Moves a charge, locked with its loan, to the status reported; never back but by a reversal. Another
    amount posts nothing: a person decides.
    """
    if row.status in ("submitting", "unknown"):
        row = _accepted(connection, provider, row, report, now)
    if report.key != row.key or report.amount != Money(row.amount):
        _differs(connection, row, report, now)
    elif report.status == "processing" and row.status == "submitted":
        transition(connection, row, "processing", now, actor=_actor(provider))
    elif report.status in ("collected", "reversed") and row.status in OPEN:
        row = _collected(connection, provider, row, now)
    elif report.status == "collected" and row.status == "collected":
        _settled_perhaps(connection, provider, row, report, now)
    elif report.status == "returned" and row.status in OPEN:
        returned(connection, provider.name, row, report, now)
    elif report.status == "cancelled" and row.status in OPEN:
        _cancelled(connection, provider, row, report, now)
    if report.status in ("reversed", "returned", "cancelled") and row.status in MONEY:
        _reversed(connection, provider, row, report, now)
    connection.execute(
        update(charge_table).where(charge_table.c.id == row.id).values(checked_at=now, failing_since=None)
    )


def is_plain(order: ChargeOrder, report: ChargeReport) -> bool:
    """Whether it was taken as it was ordered, and no more is known."""
    return (report.key, report.amount) == (order.key, order.amount) and report.status in OPEN


def accept_many(
    connection: Connection,
    provider: DebitProvider,
    taken: Sequence[tuple[AnyRow, ChargeReport]],
    now: datetime,
) -> None:
    """What `apply_report` does with plain reports, for many in a few statements. Their rows are locked."""
    actor = _actor(provider)
    moves = [
        Move(
            row.id,
            {"provider_id": report.provider_id},
            {"provider_id": report.provider_id, "checked_at": now, "failing_since": None},
        )
        for row, report in taken
    ]
    move_many(connection, "charge", moves, "submitted", at=now, actor=actor)
    entries: dict[int, list[NewEntry]] = defaultdict(list)
    for row, report in taken:
        entries[row.loan_id].append(
            NewEntry(
                "charge.submitted",
                facts(row, provider_id=report.provider_id),
                actor,
                key=f"charge.submitted:{row.id}",
            )
        )
    if entries:
        append_many(connection, entries, now)
    under_way = [Move(row.id, {}, {}) for row, report in taken if report.status == "processing"]
    move_many(connection, "charge", under_way, "processing", at=now, actor=actor)


def _actor(provider: DebitProvider) -> str:
    return f"provider:{provider.name}"


def _accepted(
    connection: Connection, provider: DebitProvider, row: AnyRow, report: ChargeReport, now: datetime
) -> AnyRow:
    """The provider has it. The row as it stands then."""
    transition(
        connection,
        row,
        "submitted",
        now,
        actor=_actor(provider),
        because={"provider_id": report.provider_id},
        provider_id=report.provider_id,
    )
    record(connection, row, "charge.submitted", now, actor=_actor(provider), provider_id=report.provider_id)
    return fetch(connection, row.id)


def _differs(connection: Connection, row: AnyRow, report: ChargeReport, now: datetime) -> None:
    log.error("the provider reports another charge than ours", charge=row.id, loan=row.loan_id)
    reported = report.amount.centavos
    open_case(
        connection,
        "charge_differs",
        f"{row.id}:{reported}",
        now,
        row.loan_id,
        charge=row.id,
        amount=row.amount,
        reported=reported,
    )


def _collected(connection: Connection, provider: DebitProvider, row: AnyRow, now: datetime) -> AnyRow:
    """Money in, provisional. What the lender reported before is the same money; where nobody can tell, a
    person decides and nothing is posted meanwhile.
    """
    can = provider.capabilities
    collected_at = min(now, result_at(row.charge_on, can.results_from))
    entry = collect(
        connection,
        row,
        collected_at=collected_at,
        credited_from=city_day(row.submitted_at),
        credited_until=settles_on(collected_at, can.settle_banking_days + 1),
        now=now,
    )
    transition(
        connection,
        row,
        "collected",
        now,
        actor=_actor(provider),
        because={"entry": entry},
        collected_at=collected_at,
        entry_id=entry,
    )
    announced = {"noticed": row.announced_amount} if row.announced_amount else {}
    send_news(connection, row, "charge.collected", now, **announced)
    return fetch(connection, row.id)


def _settled_perhaps(
    connection: Connection, provider: DebitProvider, row: AnyRow, report: ChargeReport, now: datetime
) -> None:
    """Final once the time that the provider takes has gone by and it still says so."""
    if city_day(now) < settles_on(row.collected_at, provider.capabilities.settle_banking_days):
        return
    fee = report.fee_centavos
    legs = settle_transit(connection, row.loan_id, row.entry_id, fee) if row.entry_id is not None else ()
    transition(connection, row, "settled", now, actor=_actor(provider), settled_at=now)
    record(connection, row, "charge.settled", now, actor=_actor(provider), legs=legs, entry=row.entry_id)
    send_news(connection, row, "charge.settled", now)


def _cancelled(
    connection: Connection, provider: DebitProvider, row: AnyRow, report: ChargeReport, now: datetime
) -> None:
    """By us, or by the provider's own checks: then it is not made again under this mandate before a person
    has looked.
    """
    if row.cancel_asked_at is not None:
        cancel(connection, row, "cancelled_in_flight", now, actor=_actor(provider))
        return
    code = report.return_code[:16] or "cancelled"
    cancel(
        connection,
        row,
        "provider",
        now,
        actor=_actor(provider),
        return_code=code,
        return_text=report.return_text[:200],
    )
    open_case(connection, "charge_invalid", str(row.id), now, row.loan_id, charge=row.id, error=code)


def _reversed(
    connection: Connection, provider: DebitProvider, row: AnyRow, report: ChargeReport, now: datetime
) -> None:
    """The borrower's bank took it back: the instalment is open again, nothing more is charged, a person
    looks.
    """
    actor = _actor(provider)
    data = {name: value for name, value in facts(row, code=report.return_code).items() if name != "amount"}
    if not take_back(connection, row, data, now, actor):  # the lender reported it before, or no money came
        record(connection, row, "charge.reversed", now, actor=actor, code=report.return_code)
    values = {"return_code": report.return_code[:16] or "reversed", "return_text": report.return_text[:200]}
    transition(connection, row, "reversed", now, actor=actor, because={"code": report.return_code}, **values)
    stop_mandate(connection, row.mandate_id, "disputed", "charge_reversed", now, actor)
    open_case(connection, "charge_reversed", str(row.id), now, row.loan_id, charge=row.id)
    send_news(connection, row, "charge.reversed", now)
