"""Answers that states read themselves: a plain yes or no, and the buttons that go with them."""

import re
import unicodedata

from flows.border.effects import Choice
from flows.border.event import Message

YES_NO = (Choice("yes", "answer.yes"), Choice("no", "answer.no"))

_YES = frozenset({
    "si", "sii", "siii", "sip", "sipi", "simon", "claro", "claro que si", "por supuesto", "va", "vale", "sale", "sale va", "ok", "okay", "oki", "okey",
    "okis", "dale", "listo", "perfecto", "correcto", "exacto", "asi es", "de acuerdo", "confirmo", "confirmado", "lo confirmo", "si confirmo", "esta bien",
    "ta bien", "orale", "arre", "andale", "acepto", "si acepto", "si por favor", "si porfa", "si gracias", "si claro", "si esta bien", "si soy yo", "soy yo",
    "si soy", "yo mero", "yo mera", "el mismo", "la misma", "yes", "yep", "👍", "👌", "✅", "🙋", "si va", "si de acuerdo", "si correcto", "si asi es", "afirmativo",
    "a su orden", "a sus ordenes", "presente", "con el", "con ella", "si con el", "si con ella", "si digame", "si diga", "si mande",
})  # fmt: skip
_NO = frozenset({
    "no", "nop", "nel", "nones", "nah", "no gracias", "mejor no", "ahorita no", "todavia no", "no acepto", "no es correcto", "incorrecto", "cancelar",
    "no soy", "no soy yo", "👎", "negativo", "para nada", "no por ahora", "no por favor",
})  # fmt: skip


def plain(text: str) -> str:
    """Lower case, no accents, no punctuation, one space: what the tables of answers are written in."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() or ord(c) > 0x2190 else " " for c in flat if not unicodedata.combining(c) and not 0x1F3FB <= ord(c) <= 0x1F3FF)
    return re.sub(r"\s+", " ", kept).strip()


def is_yes(message: Message) -> bool:
    """A yes and nothing else: «sí, pero…» is not one."""
    return message.payload == "yes" or (message.payload is None and plain(message.text) in _YES)


def is_no(message: Message) -> bool:
    return message.payload == "no" or (message.payload is None and plain(message.text) in _NO)


def leans_yes(message: Message) -> bool:
    """Good enough for a question that binds nobody."""
    return is_yes(message) or (message.payload is None and message.intent == "affirm" and message.certain)


def leans_no(message: Message) -> bool:
    return is_no(message) or (message.payload is None and message.intent == "deny" and message.certain)
