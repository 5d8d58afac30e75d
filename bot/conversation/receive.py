"""A message in → one transaction → effects recorded. Nothing that is raised on the way loses the message."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.conversation import inbox
from bot.conversation.incoming import Incoming
from bot.conversation.message_turn import Received, take_turn
from bot.conversation.unprocessed import keep_unprocessed
from bot.conversation.view import View
from bot.services import Services
from models import read_autocommit


def receive(services: Services, incoming: Incoming) -> Received:
    """Takes the turn that this message causes; one that raises is rolled back, and the message kept as
    unprocessed. Where even that cannot be stored, what the database raises is the caller's.
    """

    def store(connection: Connection, view: View, body: str, reading: Mapping[str, Any]) -> int | None:
        return inbox.add_message(
            connection,
            incoming,
            view.facts.now,
            conversation_id=view.id,
            borrower_id=view.confirmed_id,
            status="received",
            body=body,
            understood=dict(reading),
        )

    try:
        with read_autocommit(services.engine) as connection:  # writes are guarded by the version read here
            return take_turn(connection, services, incoming, store)
    except NoConnectionFree:
        raise
    except Exception as error:
        return keep_unprocessed(services, incoming, error)
