"""What a conversation would say to an event, without saying it."""

from datetime import datetime

from sqlalchemy import Connection

import flows
from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.left import read_again, step_again
from bot.services import Services
from flows.types.effects import Say
from flows.types.event import Event, Released


def rehearse(
    connection: Connection, services: Services, conversation_id: int, event: Event, at: datetime
) -> list[Say]:
    """The messages of the turn that the event would cause; none while a person has the conversation."""
    rows = thread_rows.by_id(connection, conversation_id, at)
    view = views.view(connection, rows, services, at)
    if view.handler != "bot":
        return []
    return _sent(flows.step(view.conversation, event, view.facts))


def rehearse_release(
    connection: Connection, services: Services, conversation_id: int, at: datetime
) -> list[Say]:
    """The messages that would follow were it given back now: to what was left unanswered, if anything was."""
    rows = thread_rows.by_id(connection, conversation_id, at)
    view = views.view(connection, rows, services, at)
    view, left = read_again(connection, services, view)
    if left is not None:
        return _sent(step_again(view, left))
    return _sent(flows.step(view.conversation, Released(), view.facts))


def _sent(step: flows.Step) -> list[Say]:
    return [effect for effect in step.effects if isinstance(effect, Say)]
