"""A message that asks something next to what else it says: each question read alone, and the rest."""

import re
from collections.abc import Callable
from dataclasses import replace

from flows.acts.readings.asked import of_loans
from flows.acts.readings.plainly import INFORMED
from flows.types.event import Message
from flows.types.ways import Ways

Read = Callable[[str], Message]
_ASKING = (
    r"(?:cu[aá]nt[oa]s?|cu[aá]l(?:es)?|d[oó]nde|c[oó]mo|cu[aá]ndo|qu[eé]|d[ií](?:me|game|ganme)|"
    r"acept[ae]n|cobran|hay|"
    r"si (?:tienen|aceptan)|me (?:van|cobran|pueden)|a qu[eé] cuenta|van a|how|where|when|what|do you|"
    r"does|is there|can i|will)\b"
)
_BREAK = re.compile(
    rf"(?<=[?!.;])\s*|\n+|\s*,\s*|\s+(?=¿)|\s+(?:y|e|and|pero|but|oye|ah|tambi[eé]n)\s+(?=¿?{_ASKING})",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s+(?:y\s+)?(?=(?:cu[aá]ndo (?:vence|pago|me toca|es|tengo)|d[oó]nde (?:pago|deposito|puedo)|"
    r"cu[aá]nto (?:debo|es|pago|falta|me falta|sale)|a qu[eé] cuenta|c[oó]mo pago|si tienen|si aceptan)\b)",
    re.IGNORECASE,
)
"""Before one question of several that no sign parts: «cuánto debo cuándo vence y dónde pago»."""
_OPENING = re.compile(rf"(?:y|e|and|pero|but|oye|ah|hola|¿|\s)*{_ASKING}", re.IGNORECASE)
_MOST = 6


def taken_apart(message: Message, read: Read, ways: Ways) -> Message:
    """With its questions that can be answered, and what is left of it, where it is more than one of both."""
    pieces = _pieces(message.text)
    if message.account is not None or not 1 < len(pieces) <= _MOST:
        return message
    asks: list[Message] = []
    rest: list[str] = []
    for piece in pieces:
        asked = of_loans(read(piece), ways) if piece.endswith("?") or _OPENING.match(piece) else None
        if asked is not None and asked.certain and (asked.act or asked.topic or asked.intent in INFORMED):
            asks.append(asked)
        else:
            rest.append(piece)
    if not asks:
        return message
    return replace(message, asks=tuple(asks), rest=read(", ".join(rest)) if rest else None)


def _pieces(text: str) -> list[str]:
    parts = _BREAK.split(text)
    if len(_BARE.findall(f" {text}")) > 1:
        parts = [piece for part in parts if part for piece in _BARE.split(part)]
    return [piece for piece in parts if piece and piece.strip("¿?¡!., ")]
