"""A message that asks something next to what else it says: each question read alone, and the rest."""

import re
from collections.abc import Callable
from dataclasses import replace

from flows.acts.asked import of_loans
from flows.acts.plainly import INFORMED
from flows.types.event import Message

Read = Callable[[str], Message]
_ASKING = (
    r"(?:cu[aá]nt[oa]s?|cu[aá]l(?:es)?|d[oó]nde|c[oó]mo|cu[aá]ndo|qu[eé]|d[ií](?:me|game|ganme)|acept[ae]n|cobran|hay|"
    r"me (?:van|cobran|pueden)|van a|how|where|when|what|do you|does|is there|can i|will)\b"
)
_BREAK = re.compile(
    rf"(?<=[?!.;])\s*|\n+|\s*,\s*|\s+(?=¿)|\s+(?:y|e|and|pero|but|oye|ah|tambi[eé]n)\s+(?=¿?{_ASKING})",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"(?:y|e|and|pero|but|oye|ah|hola|¿|\s)*{_ASKING}", re.IGNORECASE)
_MOST = 6


def taken_apart(message: Message, read: Read) -> Message:
    """With its questions that can be answered, and what is left of it, where it is more than one of both."""
    pieces = [piece for piece in _BREAK.split(message.text) if piece and piece.strip("¿?¡!., ")]
    if message.account is not None or not 1 < len(pieces) <= _MOST:
        return message
    asks: list[Message] = []
    rest: list[str] = []
    for piece in pieces:
        asked = of_loans(read(piece)) if piece.endswith("?") or _OPENING.match(piece) else None
        if asked is not None and asked.certain and (asked.act or asked.topic or asked.intent in INFORMED):
            asks.append(asked)
        else:
            rest.append(piece)
    if not asks:
        return message
    return replace(message, asks=tuple(asks), rest=read(", ".join(rest)) if rest else None)
