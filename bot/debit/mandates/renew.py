"""A mandate charges only while its notices can reach a holder who is known: who is about to be unknown is
asked in time, and who is unknown already is met with the neutral opening.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from bot.reach import NewEvent, best_contact_points, confirmed_since, enqueue_events
from bot.services import Services
from models import contact_point_table, loan_table, mandate_table, read_tx, write_tx
from models.base import AnyRow

BEFORE = timedelta(days=14)
"""So long before the proof lapses its holder is asked."""
BATCH = 200


def renew_identity(services: Services) -> int:
    """How many holders were to be asked; each once for a proof."""
    now = services.clock.now()
    asked, last = 0, 0
    while rows := _due(services, now, last):
        asked, last = asked + _ask(services, rows, now), rows[-1].mandate_id
    return asked


def _due(services: Services, now: datetime, after: int) -> Sequence[AnyRow]:
    """A batch of those whose mandate's id is above `after`: who was asked and does not answer is among them,
    and must not take the place of another.
    """
    cut = confirmed_since(services, now)
    lapses = now - timedelta(days=services.policy.identity_days)
    points = best_contact_points().subquery("points")
    proved_at = func.coalesce(contact_point_table.c.answered_at, contact_point_table.c.confirmed_at)
    due = (
        select(
            points.c.id,
            points.c.conversation_id,
            loan_table.c.id.label("loan_id"),
            mandate_table.c.id.label("mandate_id"),
            contact_point_table.c.confirmed_at,
            contact_point_table.c.answered_at,
        )
        .select_from(
            mandate_table.join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
            .join(points, points.c.borrower_id == loan_table.c.borrower_id)
            .join(contact_point_table, contact_point_table.c.id == points.c.id)
        )
        .where(
            mandate_table.c.id > after,
            mandate_table.c.status == "active",
            loan_table.c.outstanding_centavos > 0,
            points.c.rank == 1,
            contact_point_table.c.confirmed_at.is_not(None),
            or_(proved_at < lapses + BEFORE, contact_point_table.c.confirmed_at < cut),
        )
        .order_by(mandate_table.c.id)
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        return connection.execute(due).all()


def _ask(services: Services, rows: Sequence[AnyRow], now: datetime) -> int:
    """How many. The key of an event asks once for a proof, however often it comes."""
    cut = confirmed_since(services, now)
    lapses = now - timedelta(days=services.policy.identity_days)
    events = []
    for row in rows:
        proved = row.answered_at or row.confirmed_at
        flow = "identity" if proved < lapses or row.confirmed_at < cut else "renew_identity"
        key = f"{flow}:{row.id}:{proved.date().isoformat()}"
        data = {"flow": flow, "page": True}
        events.append(NewEvent("outreach", row.conversation_id, key, now, data, row.loan_id, row.id))
    with write_tx(services.engine) as connection:
        enqueue_events(connection, events)
    return len(events)
