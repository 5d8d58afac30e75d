"""What was not understood, and what agents put right: listed without names, phones or accounts, to be labelled and learnt from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from bot.services import Services
from bot.understanding import INTENTS
from bot.understanding.normal import plain
from models import Borrower, ContactPoint, Message, reading, writing
from models.base import AnyRow

_B, _P, _M = (m.__table__ for m in (Borrower, ContactPoint, Message))
SOMEBODY = "Fulano"
"""Stands for every name that we know."""
_LEAST_NAME = 3
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\b[A-ZÑ&]{3,4}\d{6}\w{3,9}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_LONG_NUMBER = re.compile(r"•+\d+|\+?\d(?:[\s.\-()]{0,2}\d){6,}")


@dataclass(frozen=True, slots=True)
class Unread:
    """A message as it may be shown and kept: `text` is anonymised; `corrected` is null until an agent has said what was meant."""

    id: int
    text: str
    today: date
    expecting: str | None
    intent: str
    confidence: float
    corrected: str | None


class NoSuchIntent(ValueError):
    def __init__(self, intent: str) -> None:
        super().__init__(f"{intent!r} is none of the intents: {', '.join(INTENTS)}")


def unread(services: Services, limit: int = 100) -> list[Unread]:
    """Messages of borrowers that the bot was not sure of, or that an agent has put right; the newest first."""
    doubtful = or_(_M.c.understood["certain"].as_boolean().is_(False), _M.c.understood["corrected"].as_string().is_not(None))
    query = select(_M).where(_M.c.direction == "in", _M.c.body != "", doubtful).order_by(_M.c.id.desc()).limit(limit)
    with reading(services.engine) as connection:
        rows = connection.execute(query).all()
        named = select(_P.c.conversation_id, _B.c.name).join(_B, _B.c.id == _P.c.borrower_id)
        names: dict[int, set[str]] = {}
        for conversation, name in connection.execute(named.where(_P.c.conversation_id.in_({row.conversation_id for row in rows}))):
            names.setdefault(conversation, set()).add(name)
    return [_shown(row, names.get(row.conversation_id, set())) for row in rows]


def correct(services: Services, message_id: int, intent: str) -> None:
    """An agent says what was meant. Raises NoSuchIntent."""
    if intent not in INTENTS:
        raise NoSuchIntent(intent)
    with writing(services.engine) as connection:
        understood = connection.scalar(select(_M.c.understood).where(_M.c.id == message_id, _M.c.direction == "in"))
        if understood is not None:
            connection.execute(update(_M).where(_M.c.id == message_id).values(understood={**understood, "corrected": intent}))


def anonymous(text: str, names: Iterable[str]) -> str:
    """Known names become one name, long numbers zeros; addresses and codes (CURP, RFC) go."""
    known = {plain(word) for name in names for word in _WORD.findall(name) if len(word) >= _LEAST_NAME}
    text = _CODE.sub("XXXX000000", _ADDRESS.sub("alguien@example.com", text))
    text = _LONG_NUMBER.sub(lambda match: re.sub(r"\d", "0", match[0]), text)
    return _WORD.sub(lambda match: SOMEBODY if plain(match[0]) in known else match[0], text)


def labelled(rows: Iterable[Unread]) -> Iterator[dict[str, Any]]:
    """Lines such as `acuerdo nlu eval` reads, once somebody has looked at `intent`."""
    for row in rows:
        yield {"text": row.text, "today": row.today.isoformat(), "expecting": row.expecting, "intent": row.corrected or row.intent,
               "confidence": row.confidence, "corrected": row.corrected is not None}  # fmt: skip


def _shown(row: AnyRow, names: set[str]) -> Unread:
    said = row.understood
    profile = (row.extra or {}).get("ProfileName", "")
    text = anonymous(row.body, {*names, profile})
    return Unread(row.id, text, row.created_at.date(), said.get("expecting"), said["intent"], said["confidence"], said.get("corrected"))
