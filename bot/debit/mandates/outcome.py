"""What a provider's report means for a mandate: its next state, its ledger entries, who is notified, when to
ask again.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.debit.mandates.due import ENDED, mine_again, to_a_person
from bot.debit.mandates.moves import cancel_charges, end_mandate, move_mandate
from bot.debit.port import MandateReport
from bot.reach import News, notify_borrowers
from bot.services import Services
from models import mandate_table, write_tx
from models.base import AnyRow
from models.ledger import NewEntry, append
from models.mandate import ACTIVE_STATES
from values import add_banking_days

ASK_SUBMITTED, ASK_ACTIVE = timedelta(minutes=15), timedelta(hours=24)
"""How often the provider is asked about one; its hints come sooner."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")


def record(services: Services, mandate: AnyRow, report: MandateReport) -> None:
    """Writes what was learnt of a claimed mandate, in one transaction, unless another worker has it by
    now.
    """
    now, actor = services.clock.now(), f"provider:{mandate.provider}"
    with write_tx(services.engine) as connection:
        if (row := mine_again(connection, mandate)) is None:
            return
        kept = {"provider_refs": {**row.provider_refs, **report.refs}, "claimed_at": None, "tries": 0}
        if row.status in ENDED:  # while the call was under way
            connection.execute(
                update(mandate_table).where(mandate_table.c.id == row.id).values(**kept, due_at=now)
            )
            return
        connection.execute(
            update(mandate_table)
            .where(mandate_table.c.id == row.id)
            .values(**kept, due_at=_ask_again(row, report, now))
        )
        row = connection.execute(select(mandate_table).where(mandate_table.c.id == row.id)).one()
        if entries := _moved(connection, row, report, now, actor):
            append(connection, row.loan_id, now, *entries)
            _notify(connection, row, entries, now)
        elif row.status == "submitted" and _is_late(services, row.authorized_at, now):
            to_a_person(connection, "mandate_waiting", row, now, f"mandate_waiting:{row.id}", {})


def _is_late(services: Services, authorized_at: datetime, now: datetime) -> bool:
    return services.day(now) > add_banking_days(
        services.day(authorized_at), services.lender.policy.mandate_answer_banking_days
    )


def _ask_again(row: AnyRow, report: MandateReport, now: datetime) -> datetime | None:
    if report.status == "submitted" and row.status != "active":
        return now + ASK_SUBMITTED
    return now + ASK_ACTIVE if report.status in ("active", "submitted") else None


def _moved(
    connection: Connection, row: AnyRow, report: MandateReport, now: datetime, actor: str
) -> list[NewEntry]:
    """The ledger entries; none when nothing is new."""
    stands = row.status in ACTIVE_STATES
    match report.status:
        case "submitted" if row.status == "authorized":
            return [move_mandate(connection, row, "submitted", now, actor)]
        case "active" if not stands:
            return _activated(connection, row, now, actor)
        case "rejected" if not stands:
            return _rejected(connection, row, report.reason, now, actor)
        case "disputed" if row.status == "active":
            to_a_person(connection, "mandate_disputed", row, now, f"mandate_disputed:{row.id}", {})
            moved = move_mandate(connection, row, "disputed", now, actor, due_at=None)
            return [moved, *cancel_charges(connection, row.id, "mandate_disputed", now, actor)]
        case "cancelled" | "rejected" | "disputed" if row.status != "disputed":
            return end_mandate(
                connection, row, "cancelled", code_of(report.reason, report.status), now, actor
            )
        case _:
            return []


def _activated(connection: Connection, row: AnyRow, now: datetime, actor: str) -> list[NewEntry]:
    """An earlier one is replaced only now."""
    entries = [move_mandate(connection, row, "submitted", now, actor)] if row.status == "authorized" else []
    earlier = (
        select(mandate_table)
        .where(
            mandate_table.c.loan_id == row.loan_id,
            mandate_table.c.status.in_(ACTIVE_STATES),
            mandate_table.c.id != row.id,
        )
        .with_for_update()
    )
    for old in connection.execute(earlier).all():
        entries += end_mandate(connection, old, "cancelled", "replaced", now, actor, by=row.folio)
    return [*entries, move_mandate(connection, row, "active", now, actor, {"max_amount": row.max_amount})]


def _rejected(connection: Connection, row: AnyRow, reason: str, now: datetime, actor: str) -> list[NewEntry]:
    code = code_of(reason, "provider")
    to_a_person(connection, "mandate_rejected", row, now, f"mandate_rejected:{row.id}", {"reason": code})
    return end_mandate(connection, row, "rejected", code, now, actor)


def reject(services: Services, mandate: AnyRow, code: str) -> None:
    """The provider refuses what it was sent: nothing that we could send again would change that."""
    record(services, mandate, MandateReport("rejected", {}, code))


def code_of(reason: str, otherwise: str) -> str:
    """A provider's reason where it is a code; its sentences may repeat what we sent, and are not kept."""
    return reason if _CODE.fullmatch(reason) else otherwise


def _notify(connection: Connection, row: AnyRow, entries: Sequence[NewEntry], now: datetime) -> None:
    """The borrower is notified of how it ended; not of the steps on the way, nor of an account that they
    replaced themselves.
    """
    ends = ("mandate.active", "mandate.rejected", "mandate.cancelled")
    news = [
        News(row.loan_id, entry.kind, f"{entry.kind}:{row.id}", {"folio": row.folio})
        for entry in entries
        if entry.kind in ends and entry.data.get("reason") != "replaced"
    ]
    notify_borrowers(connection, news, now)
