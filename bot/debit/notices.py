"""The notice of a charge, as long as it has not left."""

from datetime import date, datetime

from sqlalchemy import Connection, select

from bot.reach import withdraw
from models import charge_table
from models.base import AnyRow


def notice_key(charge: AnyRow, day: date | None = None) -> str:
    """Of the event that announces it for its day, or for `day`."""
    return f"charge.notified:{charge.id}:{(day or charge.charge_on).isoformat()}"


def take_back_notice(connection: Connection, charge: AnyRow, at: datetime) -> None:
    """It is not sent any more; one that the dispatcher has in hand leaves."""
    notice = select(charge_table.c.notice_message_id).where(charge_table.c.id == charge.id).scalar_subquery()
    withdraw(connection, notice_key(charge), notice, "CHARGE-MOVED", at)
