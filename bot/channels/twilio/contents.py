"""Buttons inside the window need a Content: made on first use, kept by the hash of what it says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, select, update

from bot.channels.transport import Choice
from bot.clock import Clock
from models import read_autocommit, template_table, write_one, write_tx
from models.base import word
from models.template import DROPPED, IN_SESSION
from models.upsert import insert_new

BUTTONS = "choices"
REMEMBERED = 5_000
REMEMBERED_FOR = timedelta(hours=12)
"""Shorter than `forgetting` waits before it deletes what nobody is to find any more."""
MOST_BUTTONS, MOST_ITEMS = 3, 10
BUTTON_TITLE, ITEM_TITLE, PAYLOAD = 20, 24, 200
_KNOWN = select(template_table.c.content_sid).where(template_table.c.hash == bindparam("key"))


def content_of(text: str, choices: Sequence[Choice], list_label: str) -> dict[str, Any] | None:
    """Up to three choices as buttons, up to ten as a list that `list_label` opens; null where they fit
    neither, or look alike when shortened.
    """
    buttons, most = len(choices) <= MOST_BUTTONS, BUTTON_TITLE if len(choices) <= MOST_BUTTONS else ITEM_TITLE
    titles = [shortened(choice["title"], most) for choice in choices]
    payloads = [choice["payload"] for choice in choices]
    if (
        len(choices) > MOST_ITEMS
        or len(set(titles)) < len(titles)
        or any(len(payload) > PAYLOAD for payload in payloads)
    ):
        return None
    if buttons:
        actions = [
            {"type": "QUICK_REPLY", "title": title, "id": payload}
            for title, payload in zip(titles, payloads, strict=True)
        ]
        return {"twilio/quick-reply": {"body": text, "actions": actions}}
    items = [{"item": title, "id": payload} for title, payload in zip(titles, payloads, strict=True)]
    return {
        "twilio/list-picker": {"body": text, "button": shortened(list_label, BUTTON_TITLE), "items": items}
    }


def shortened(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def as_numbered(text: str, choices: Sequence[Mapping[str, object]]) -> str:
    """For channels without buttons: the choices as a numbered list, answered by number or words."""
    if not choices:
        return text
    return (
        text + "\n\n" + "\n".join(f"{number}. {choice['title']}" for number, choice in enumerate(choices, 1))
    )


class ContentStore:
    """Contents by hash of language and types, in the database: any process finds what another made."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._known: dict[str, tuple[str, datetime]] = {}
        """Until when, by hash."""

    @staticmethod
    def hash(language: str, types: Mapping[str, Any]) -> str:
        return hashlib.sha256(
            json.dumps([language, types], sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()

    def remembered(self, language: str, types: Mapping[str, Any]) -> str | None:
        """Where this process has sent it before: asks no database."""
        sid, until = self._known.get(self.hash(language, types), (None, self._clock.now()))
        return sid if self._clock.now() < until else None

    def find(self, language: str, types: Mapping[str, Any]) -> str | None:
        key = self.hash(language, types)
        with read_autocommit(self._engine) as connection:
            sid = connection.scalar(_KNOWN, {"key": key})
        if sid is not None:
            self._remember(key, sid)
        return sid

    def keep(self, language: str, types: Mapping[str, Any], sid: str) -> None:
        key = self.hash(language, types)
        row = {
            "hash": key,
            "language": language,
            "content_sid": sid,
            "status": IN_SESSION,
            "created_at": self._clock.now(),
        }
        write_one(self._engine, insert_new(self._engine, template_table, ("hash",)), row)
        self._remember(key, sid)

    def _remember(self, key: str, sid: str) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = (sid, self._clock.now() + REMEMBERED_FOR)

    def forget(self, sid: str) -> None:
        """The provider refuses it: it is made anew when it is next needed."""
        self._known = {key: known for key, known in self._known.copy().items() if known[0] != sid}
        with write_tx(self._engine) as connection:
            drop(connection, template_table.c.content_sid == sid, self._clock.now())


def drop(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """No process finds them any more; they are still to be deleted at Twilio."""
    dropped = {"status": DROPPED, "checked_at": now, "hash": "dropped:" + template_table.c.content_sid}
    in_session = template_table.c.status == word(IN_SESSION)
    connection.execute(update(template_table).where(which, in_session).values(**dropped))
