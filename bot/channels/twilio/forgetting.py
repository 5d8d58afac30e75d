"""Contents for buttons name borrowers, sums and days: after a week they are deleted, at Twilio too."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import delete, select

from bot.channels.transport import PermanentFailure, TransientFailure, UnknownOutcome
from bot.channels.twilio.approval import NOT_FOUND, make_twilio
from bot.channels.twilio.contents import drop
from bot.services import Services
from models import read_autocommit, template_table, write_tx
from models.base import word
from models.template import DROPPED

if TYPE_CHECKING:
    from bot.channels.twilio.client import TwilioTransport

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=7)
FOUND_FOR = timedelta(days=1)
"""How long a process may still remember what is found no more."""
BATCH = 500


def delete_contents(services: Services, transport: "TwilioTransport | None" = None) -> int:
    """The sweep: how many are gone. What Twilio does not delete now is asked for again."""
    now, own = services.clock.now(), template_table.c
    with write_tx(services.engine) as connection:
        drop(connection, own.created_at < now - KEPT_FOR, now)
    due = select(own.content_sid).where(own.status == word(DROPPED), own.checked_at < now - FOUND_FOR)
    with read_autocommit(services.engine) as connection:
        sids = connection.scalars(due.order_by(own.id).limit(BATCH)).all()
    if not sids:
        return 0
    deleted = list(_deleted(transport or make_twilio(services), sids))
    with write_tx(services.engine) as connection:
        connection.execute(delete(template_table).where(own.content_sid.in_(deleted)))
    return len(deleted)


def _deleted(twilio: "TwilioTransport", sids: Iterable[str]) -> Iterator[str]:
    """Those that are gone there, until it does not answer."""
    try:
        for sid in sids:
            try:
                twilio.delete_content(sid)
            except PermanentFailure as failure:
                if failure.code != NOT_FOUND:
                    raise
            yield sid
    except (TransientFailure, PermanentFailure, UnknownOutcome) as failure:
        log.warning("a Content was not deleted", code=failure.code)
