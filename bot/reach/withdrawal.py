"""What was queued and is to be sent no more."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, literal_column, select, update

from models import event_table, message_table


def withdraw(
    connection: Connection, event_key: str, message_id: ColumnElement[int | None], reason: str, at: datetime
) -> None:
    """Neither the event is answered nor its message sent, with `reason` noted; one that the dispatcher has
    in hand leaves.
    """
    connection.execute(
        update(event_table)
        .where(event_table.c.key == event_key, event_table.c.done_at.is_(None))
        .values(done_at=at)
    )
    waiting = (
        select(message_table.c.id)
        .where(message_table.c.id == message_id, literal_column("status = 'queued'"))
        .with_for_update(skip_locked=True)
    )
    connection.execute(
        update(message_table)
        .where(message_table.c.id.in_(waiting.scalar_subquery()))
        .values(status="suppressed", reason=reason)
    )
