"""Messages that Twilio holds and that never arrived: its default retries only failed connections."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, select

from bot.channels import Held, PermanentFailure, TransientFailure, Transport, UnknownOutcome, make_transport
from bot.clock import system_now
from bot.conversation import receive
from bot.services import Services
from models import message_table, read_tx, setting_table, write_tx

log = structlog.get_logger(__name__)

CURSOR = "missed_messages"
OVERLAP, LONGEST = timedelta(minutes=30), timedelta(hours=24)
"""How far behind the last look each begins, and how far the first one goes back."""


def find_missed(services: Services, transport: Transport | None = None) -> int:
    """Takes the turns of those that never came, oldest first; how many. Seen before means nothing is done:
    any number may look at once.
    """
    at = system_now()
    transport = transport or make_transport(services)
    try:
        held = transport.received_since(_since(services, at))
        missing = _missing(services, held)
        for message in missing:
            receive(services, transport.incoming(message, services.clock.now()))
    except (TransientFailure, UnknownOutcome, PermanentFailure) as failure:
        log.warning("the provider could not be asked for missed messages", code=failure.code)
        return 0
    _looked(services, at)
    return len(missing)


def _missing(services: Services, held: list[Held]) -> list[Held]:
    sids = [message.provider_sid for message in held]
    here: set[str] = set()
    with read_tx(services.engine) as connection:
        for start in range(0, len(sids), 500):
            here.update(
                connection.scalars(
                    select(message_table.c.provider_sid).where(
                        message_table.c.provider_sid.in_(sids[start : start + 500])
                    )
                )
            )
    return [message for message in held if message.provider_sid not in here]


def _since(services: Services, at: datetime) -> datetime:
    with read_tx(services.engine) as connection:
        kept = connection.scalar(select(setting_table.c.value).where(setting_table.c.name == CURSOR))
    last = datetime.fromisoformat(kept["at"]) if kept else at - LONGEST
    return max(last - OVERLAP, at - LONGEST)


def _looked(services: Services, at: datetime) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(delete(setting_table).where(setting_table.c.name == CURSOR))
        connection.execute(
            insert(setting_table).values(name=CURSOR, value={"at": at.isoformat()}, changed_at=at)
        )
