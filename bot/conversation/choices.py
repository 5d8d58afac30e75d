"""Answers to buttons as people give them: by the button, its title, a shortened title, its number, or the
words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from bot.conversation.incoming import Incoming
from bot.conversation.view import View
from flows.answers import plain, plain_answer
from flows.types.event import Message as Heard
from models import message_table
from models.base import AnyRow

_NEWEST = (
    select(message_table.c.choices, message_table.c.provider_sid)
    .where(
        message_table.c.conversation_id == bindparam("conversation"),
        message_table.c.direction == "out",
        message_table.c.choices.is_not(None),
    )
    .order_by(message_table.c.id.desc())
    .limit(1)
)
_NUMBER = re.compile(r"^(?:la |el |opcion |option |numero |num |no )*(\d{1,2})$")
_ANSWERED_BY_CHOICE = ("choice", "yes_no", "consent")
_NUMBERED = ("date", "amount")
"""On SMS choices are numbers: there «1» is the first of them before it is a day or a sum."""
LONGEST = 30
"""Longer than any title: what is longer is read for what it says."""


def may_pick(incoming: Incoming, view: View) -> bool:
    """Whether the newest choices have to be looked at: a button was pressed, or a short text may name one."""
    if incoming.payload is not None:
        return "OriginalRepliedMessageSid" in incoming.extra
    numbered = view.channel == "sms" and view.expecting in _NUMBERED
    return (
        (view.expecting in _ANSWERED_BY_CHOICE or numbered)
        and 0 < len(incoming.text) <= LONGEST
        and not _is_plain(incoming.text, view)
    )


def _is_plain(text: str, view: View) -> bool:
    """A yes or a no to a question that every state reads by itself: its buttons need not be looked at."""
    return view.expecting == "yes_no" and plain_answer(text)


def newest(connection: Connection, conversation_id: int) -> AnyRow | None:
    """The choices shown last, with the SID of their message."""
    return connection.execute(_NEWEST, {"conversation": conversation_id}).first()


def with_choice(event: Heard, incoming: Incoming, shown: AnyRow | None) -> Heard:
    """The event, told which button it means, or that its button stood under an older message."""
    if shown is None:
        return event
    if incoming.payload is not None:
        replied = incoming.extra.get("OriginalRepliedMessageSid")
        return replace(event, stale=bool(shown.provider_sid) and replied != shown.provider_sid)
    payload = picked(incoming.text, shown.choices)
    return replace(event, payload=payload) if payload else event


def picked(text: str, choices: Sequence[Mapping[str, str]]) -> str | None:
    """The payload that a typed answer means; null where it means none, or several."""
    said = plain(text)
    if match := _NUMBER.match(said):
        place = int(match[1])
        return choices[place - 1]["payload"] if 1 <= place <= len(choices) else None
    titles = [(plain(choice["title"].rstrip("…")), choice["payload"]) for choice in choices]
    exact = [payload for title, payload in titles if title == said]
    begun = [payload for title, payload in titles if len(said) >= 4 and title.startswith(said)]
    found = exact or begun
    return found[0] if len(found) == 1 else None
