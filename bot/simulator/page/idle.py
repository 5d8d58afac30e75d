"""Whether the worker has done all that is due since the clock was moved. Its sweeps are made due for that,
once: each time that they are asked for they run again, and what waits for them waits longer.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from bot.clock import system_now
from bot.jobs import sweeps, ticks
from bot.services import Services
from bot.simulator.database import hook, sent, simulator_engine, written
from bot.simulator.twilio.delivery import MOST_TRIES, NEXT
from models import event_table, message_table, read_tx

CLOCK_READ_AFTER = timedelta(seconds=0.7)
"""After this long every process has read the clock anew."""


def is_idle(services: Services, since: datetime) -> bool:
    """`since` is the machine's time of the last move."""
    read = since + CLOCK_READ_AFTER
    if system_now() < read:
        return False
    if not _swept(services, read):
        ticks.record_now(services.engine, sweeps.SWEEPS, read + timedelta(seconds=1))  # nobody's before
        return False
    return not (_work_is_due(services) or _stand_ins_are_due(services))


def run_sweeps_now(services: Services) -> None:
    """All sweeps, once more."""
    ticks.record_now(services.engine, sweeps.SWEEPS, system_now())


def _swept(services: Services, after: datetime) -> bool:
    swept = ticks.last_claims(services.engine)
    return all(name in swept and swept[name] >= after for name in sweeps.SWEEPS)


def _work_is_due(services: Services) -> bool:
    """Turns that are due, messages that may leave."""
    now = services.clock.now()
    leaving = or_(
        message_table.c.status == "sending",
        (message_table.c.status == "queued") & (message_table.c.not_before <= now),
    )
    with read_tx(services.engine) as connection:
        turn = connection.scalar(
            select(event_table.c.id)
            .where(event_table.c.done_at.is_(None), event_table.c.not_before <= now)
            .limit(1)
        )
        return (
            turn is not None
            or connection.scalar(select(message_table.c.id).where(leaving).limit(1)) is not None
        )


def _stand_ins_are_due(services: Services) -> bool:
    """What the stand-ins still have to deliver: messages written, receipts, a charge's delivery."""
    due = hook.c.due_at <= services.clock.now()
    with read_tx(simulator_engine(services.settings)) as connection:
        waiting = (
            select(written.c.id).where(written.c.delivered == 0, written.c.tries < MOST_TRIES),
            select(sent.c.id).where(
                sent.c.status.in_(list(NEXT)), sent.c.status != sent.c.wanted, sent.c.tries == 0
            ),
            select(hook.c.seq).where(hook.c.done == 0, due, hook.c.tries == 0),
        )
        return any(connection.scalar(query.limit(1)) is not None for query in waiting)
