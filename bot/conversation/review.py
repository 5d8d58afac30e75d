"""What was not understood, and what agents put right: listed without names, phones or accounts, to be
labelled and learnt from.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update

from bot.services import Services
from bot.understanding import INTENTS, plain
from models import borrower_table, contact_point_table, message_table, read_tx, write_tx
from models.base import AnyRow

SOMEBODY = "Fulano"
"""Stands for every name that we know."""
_LEAST_NAME = 3
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\b[A-ZÑ&]{3,4}\d{6}\w{3,9}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_LONG_NUMBER = re.compile(r"•+\d+|\+?\d(?:[\s.\-()]{0,2}\d){6,}")


@dataclass(frozen=True, slots=True)
class Unread:
    """A message as it may be shown and kept: `text` is anonymised; `corrected` is null until an agent has
    corrected what was meant.
    """

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


def unread(services: Services, limit: int = 100, among: int | None = None) -> list[Unread]:
    """Messages of borrowers that the bot was not sure of, or that an agent has put right; the newest
    first. `among` so many of the latest messages: what is to be shown at once looks through no more.
    """
    newest = select(func.max(message_table.c.id)).scalar_subquery()
    latest = message_table.c.id > (newest - among if among else 0)
    doubtful = or_(
        message_table.c.understood["certain"].as_boolean().is_(False),
        message_table.c.understood["corrected"].as_string().is_not(None),
    )
    query = (
        select(message_table)
        .where(latest, message_table.c.direction == "in", message_table.c.body != "", doubtful)
        .order_by(message_table.c.id.desc())
        .limit(limit)
    )
    with read_tx(services.engine) as connection:
        rows = connection.execute(query).all()
        named = select(contact_point_table.c.conversation_id, borrower_table.c.name).join(
            borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id
        )
        names: dict[int, set[str]] = {}
        for conversation, name in connection.execute(
            named.where(contact_point_table.c.conversation_id.in_({row.conversation_id for row in rows}))
        ):
            names.setdefault(conversation, set()).add(name)
    return [_shown(row, names.get(row.conversation_id, set())) for row in rows]


def correct(services: Services, message_id: int, intent: str) -> None:
    """An agent says what was meant. Raises NoSuchIntent."""
    if intent not in INTENTS:
        raise NoSuchIntent(intent)
    with write_tx(services.engine) as connection:
        understood = connection.scalar(
            select(message_table.c.understood).where(
                message_table.c.id == message_id, message_table.c.direction == "in"
            )
        )
        if understood is not None:
            connection.execute(
                update(message_table)
                .where(message_table.c.id == message_id)
                .values(understood={**understood, "corrected": intent})
            )


def anonymous(text: str, names: Iterable[str]) -> str:
    """Known names become one name, long numbers zeros; addresses and codes (CURP, RFC) go."""
    known = {plain(word) for name in names for word in _WORD.findall(name) if len(word) >= _LEAST_NAME}
    text = _CODE.sub("XXXX000000", _ADDRESS.sub("alguien@example.com", text))
    text = _LONG_NUMBER.sub(lambda match: re.sub(r"\d", "0", match[0]), text)
    return _WORD.sub(lambda match: SOMEBODY if plain(match[0]) in known else match[0], text)


def labelled(rows: Iterable[Unread]) -> Iterator[dict[str, Any]]:
    """Lines such as `acuerdo nlu eval` reads, once somebody has looked at `intent`."""
    for row in rows:
        yield {
            "text": row.text,
            "today": row.today.isoformat(),
            "expecting": row.expecting,
            "intent": row.corrected or row.intent,
            "confidence": row.confidence,
            "corrected": row.corrected is not None,
        }


def _shown(row: AnyRow, names: set[str]) -> Unread:
    understood = row.understood
    profile = (row.extra or {}).get("ProfileName", "")
    text = anonymous(row.body, {*names, profile})
    return Unread(
        row.id,
        text,
        row.created_at.date(),
        understood.get("expecting"),
        understood["intent"],
        understood["confidence"],
        understood.get("corrected"),
    )
