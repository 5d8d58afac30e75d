"""The notice of a charge, as long as it has not left."""

from datetime import date, datetime

from sqlalchemy import Connection, literal_column, select, update

from models.base import AnyRow
from models.charge import charge_table
from models.event import event_table
from models.message import message_table


def notice_key(charge: AnyRow, day: date | None = None) -> str:
    """Of the event that announces it for its day, or for `day`."""
    return f"charge.notified:{charge.id}:{(day or charge.charge_on).isoformat()}"


def take_back_notice(connection: Connection, charge: AnyRow, at: datetime) -> None:
    """It is not sent any more; one that the dispatcher has in hand leaves."""
    connection.execute(
        update(event_table)
        .where(event_table.c.key == notice_key(charge), event_table.c.done_at.is_(None))
        .values(done_at=at)
    )
    notice = select(charge_table.c.notice_message_id).where(charge_table.c.id == charge.id).scalar_subquery()
    waiting = (
        select(message_table.c.id)
        .where(message_table.c.id == notice, literal_column("status = 'queued'"))
        .with_for_update(skip_locked=True)
    )
    connection.execute(
        update(message_table)
        .where(message_table.c.id.in_(waiting.scalar_subquery()))
        .values(status="suppressed", error="CHARGE-MOVED")
    )
