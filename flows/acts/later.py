"""Whoever has no time to talk now: left alone, whatever they are at."""

import re

from flows.answers import plain
from flows.types.event import Message

TALK_LATER = "talk.later"
_AT = (
    r"(?:manejando|trabajando|comiendo|ocupad[oa]|en (?:una )?(?:junta|clase|llamada|reunion)|"
    r"en (?:el|la) (?:trabajo|camion|escuela|chamba)|driving|busy|at work|in (?:a )?(?:meeting|class))"
)
_THEN = r"(?:al rato|ahorita|luego|mas tarde|en un rato|despues|later)"
_WRITES = r"(?:te|les|le) (?:escribo|digo|contesto|aviso|marco|hablo)"
_LATER = re.compile(
    r"(?:(?:ahorita|ahora|estoy|ando|perdon|oye|sorry|es que|voy|no puedo|hablar|hi|i m|im|i am|right now) )*"
    rf"{_AT}(?: (?:{_THEN}|{_WRITES}|ahora|now))*|"
    rf"(?:ok |si |bueno )*(?:{_THEN}(?: {_WRITES})?|{_WRITES} {_THEN})|"
    r"(?:i ll )?(?:text|talk to) you later"
)


def talks_later(message: Message) -> bool:
    """«Estoy en el trabajo», «al rato te escribo»: of the talk itself, and nothing else."""
    return "?" not in message.text and _LATER.fullmatch(plain(message.text)) is not None
