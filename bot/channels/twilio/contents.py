"""Buttons inside the window need a Content: made on first use, kept by the hash of what it says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select

from bot.channels.transport import Choice
from bot.clock import Clock
from bot.conversation.upsert import insert_new
from models import Template, reading, writing

BUTTONS = "choices"
MOST_BUTTONS, MOST_ITEMS = 3, 10
BUTTON_TITLE, ITEM_TITLE, PAYLOAD = 20, 24, 200

_T = Template.__table__


def content_of(text: str, choices: Sequence[Choice]) -> dict[str, Any] | None:
    """Up to three choices as buttons, up to ten as a list; null where they fit neither."""
    if any(len(choice["payload"]) > PAYLOAD for choice in choices):
        return None
    if len(choices) <= MOST_BUTTONS:
        actions = [{"title": shortened(c["title"], BUTTON_TITLE), "id": c["payload"]} for c in choices]
        return {"twilio/quick-reply": {"body": text, "actions": [{"type": "QUICK_REPLY", **action} for action in actions]}}
    if len(choices) <= MOST_ITEMS:
        items = [{"item": shortened(c["title"], ITEM_TITLE), "id": c["payload"], "description": ""} for c in choices]
        return {"twilio/list-picker": {"body": text, "button": "Opciones", "items": items}}
    return None


def shortened(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def as_numbered(text: str, choices: Sequence[Choice]) -> str:
    """For channels without buttons: the choices as a numbered list, answered by number or words."""
    if not choices:
        return text
    return text + "\n\n" + "\n".join(f"{number}. {choice['title']}" for number, choice in enumerate(choices, 1))


class ContentStore:
    """Contents by hash of language and types, in the database: any process finds what another made."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    @staticmethod
    def hash(language: str, types: Mapping[str, Any]) -> str:
        return hashlib.sha256(json.dumps([language, types], sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def find(self, language: str, types: Mapping[str, Any]) -> str | None:
        with reading(self._engine) as connection:
            return connection.scalar(select(_T.c.content_sid).where(_T.c.hash == self.hash(language, types)))

    def keep(self, language: str, types: Mapping[str, Any], sid: str) -> None:
        row = {"hash": self.hash(language, types), "language": language, "content_sid": sid, "status": "in_session", "created_at": self._clock.now()}
        with writing(self._engine) as connection:
            connection.execute(insert_new(connection, _T, ("hash",)), row)
