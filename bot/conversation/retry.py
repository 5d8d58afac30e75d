"""Messages whose turn raised are tried once more; after that they stay with the person whose task they
are.
"""

from datetime import timedelta

import structlog
from sqlalchemy import select, update

import flows
from bot.conversation import view as views
from bot.conversation.incoming import Incoming
from bot.conversation.receive import apply_step, standing
from bot.conversation.turn import LostTurn, Turn, guard
from bot.conversation.understand import understand
from bot.services import Services
from models import message_table, read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

WAIT = timedelta(seconds=20)
BATCH = 20


def retry_unprocessed(services: Services) -> int:
    """How many were stepped this time."""
    now = services.clock.now()
    waiting = (
        select(message_table)
        .where(
            message_table.c.status == "unprocessed",
            message_table.c.attempts == 0,
            message_table.c.created_at < now - WAIT,
        )
        .order_by(message_table.c.id)
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        rows = connection.execute(waiting).all()
    for row in rows:
        with write_tx(services.engine) as connection:
            connection.execute(update(message_table).where(message_table.c.id == row.id).values(attempts=1))
    return sum(_retry(services, row) for row in rows)


def _retry(services: Services, row: AnyRow) -> bool:
    incoming = Incoming(
        row.channel,
        row.address,
        "",
        row.sender or "",
        row.account_sid or "",
        row.provider_sid or "",
        row.body,
        row.created_at,
        media=tuple(row.media or ()),
    )
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        view = views.view(connection, views.by_id(connection, row.conversation_id, now), services, now)
    if view.handler != "bot":
        return False
    try:
        event, kept, digits = understand(services, incoming, view)
        taken = flows.step(view.conversation, event, view.facts)
        with write_tx(services.engine) as connection:
            guard(connection, view, standing(taken))
            turn = Turn(connection, services, view, now, "system:retry", view.facts.borrower, row.id, digits)
            apply_step(turn, taken)
            turn.finish()
            connection.execute(
                update(message_table)
                .where(message_table.c.id == row.id)
                .values(status="received", understood=kept, error=None)
            )
    except LostTurn:
        return False
    except Exception:
        log.exception("turn raised again", message=row.id)
        return False
    return True
