"""«Ok», «enterada», a «no» to a menu: the talk is over."""

import re

from flows.acts.words.questions import is_open_question
from flows.answers import plain
from flows.engine import Ask, Frame
from flows.types.event import Message

END_TALK = "end.talk"
_WONDERS = re.compile(r"\b(?:como que|como asi|no puede ser|que raro|how come|no way)\b")
_ACKNOWLEDGES = re.compile(
    r"(?:(?:ah|ok|bueno|ya|gracias|(?:ja)+|(?:je)+|lol|sale|vale|[👍👌🙏😂🙂😊❤]) ?)+|"
    r"entendido|enterad[oa]|"
    r"(?:(?:ok|pues|bueno|ya) )*(?:ni modo|ni hablar|que remedio)|"
    r"(?:(?:si|no|yes|no) )*(?:solo|nomas|nada mas|just|only) (?:es[eao]|est[eao]|that|this)(?: one)?|"
    r"(?:(?:ok|bueno|va|sale|gracias|y) )*(?:(?:cualquier cosa|ahi|luego) (?:me|te|les|le) avis\w+|"
    r"(?:quedo|estoy|ando) (?:al )?(?:pendiente|atent[oa])|estamos en contacto)(?: (?:gracias|entonces))*"
)


_DECLINES = re.compile(
    r"(?:no|nop) (?:muchas )?gracias\b(?!.*\b(?:pero|mejor)\b)|no thank(?:s| you)\b(?!.*\bbut\b)"
)
"""«No gracias, prefiero pagar yo», to what is offered."""


def ends_talk(message: Message, pending: Ask | None, stack: tuple[Frame, ...]) -> bool:
    """A yes or a no where nothing is open, a no to a menu that nothing waits below, «ok» to a greeting."""
    if not stack:
        asks = is_open_question(message.text) or _WONDERS.search(plain(message.text)) is not None
        return (message.intent in ("affirm", "deny") and not asks) or only_acknowledges(message)
    if len(stack) > 1 or pending is None or not pending.menu:
        return False
    greeted = stack[-1].flow == "hello" and only_acknowledges(message)
    declined = message.intent == "deny" and (message.certain or only_acknowledges(message))  # «ni modo»
    return declined or greeted or _DECLINES.match(plain(message.text)) is not None


def only_acknowledges(message: Message) -> bool:
    """«Ah, bueno», «enterado»: nothing is asked, and nothing answered."""
    bare = "?" not in message.text and message.intent != "thank"
    return bare and _ACKNOWLEDGES.fullmatch(plain(message.text)) is not None
