"""The notice of a charge, as long as it has not left."""

from datetime import datetime

from sqlalchemy import Connection, literal_column, select, update

from models.base import AnyRow
from models.charge import Charge
from models.event import Event
from models.message import Message

_C, _E, _M = Charge.__table__, Event.__table__, Message.__table__


def notice_key(charge: AnyRow) -> str:
    """Of the event that announces it for its day."""
    return f"charge.notified:{charge.id}:{charge.charge_on.isoformat()}"


def take_back_notice(connection: Connection, charge: AnyRow, at: datetime) -> None:
    """It is not said any more; one that the dispatcher has in hand leaves."""
    connection.execute(update(_E).where(_E.c.key == notice_key(charge), _E.c.done_at.is_(None)).values(done_at=at))
    notice = select(_C.c.notice_message_id).where(_C.c.id == charge.id).scalar_subquery()
    waiting = select(_M.c.id).where(_M.c.id == notice, literal_column("status = 'queued'")).with_for_update(skip_locked=True)
    connection.execute(update(_M).where(_M.c.id.in_(waiting.scalar_subquery())).values(status="suppressed", error="CHARGE-MOVED"))
