"""What a conversation would say to an event, without saying it."""

from datetime import datetime

from sqlalchemy import Connection

import flows
from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.services import Services
from flows.types.effects import Say
from flows.types.event import Event


def rehearse(
    connection: Connection,
    services: Services,
    conversation_id: int,
    event: Event,
    at: datetime,
    *,
    given_back: bool = False,
) -> list[Say]:
    """The messages of the turn that the event would cause; none while a person has the conversation, unless
    it is asked what would follow once they gave it back.
    """
    rows = thread_rows.by_id(connection, conversation_id, at)
    view = views.view(connection, rows, services, at)
    if view.handler != "bot" and not given_back:
        return []
    taken = flows.step(view.conversation, event, view.facts)
    return [effect for effect in taken.effects if isinstance(effect, Say)]
