"""«Perdón por lo de ayer, andaba de malas»: nothing is wished, and no discount is asked for."""

import re

from flows.answers import plain
from flows.types.event import Message

APOLOGISE = "apologise"
_MAY_BE = ("abuse", "complain", "greet", "other", "request_discount", "report_hardship", "deny")
_SORRY = re.compile(
    r"(?:(?:hola|oye|oiga|ay|buen[oa]s \w+|mil|una|hi|i m|im|so|very) )*(?:perdon\w*|disculp\w+|sorry) "
    r"(?:por|que|for|about) (?:(?:lo|la|el|los|las|mi|mis|te|les|le|no|haber|haberte|my|the|being|not) )*"
    r"(?:de (?:ayer|hace rato|la otra vez|antes)|tard\w+|demora|groser\w*|enoj\w+|molest\w+|contest\w+|"
    r"respond\w+|yesterday|rude\w*|late|delay|answer\w*|reply\w*)\b.*"
)


def apologises(message: Message) -> bool:
    gives = message.amount is not None or "?" in message.text
    return message.intent in _MAY_BE and not gives and _SORRY.fullmatch(plain(message.text)) is not None
