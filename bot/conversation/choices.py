"""Answers to buttons as people give them: by the button, its title, a shortened title, its number, or the
words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.conversation.incoming import Incoming
from bot.conversation.view import View
from flows.answers import plain, plain_answer
from flows.types.event import Message as MessageEvent
from models import delivery_attempt_table, message_table
from models.base import AnyRow, word
from models.message import WITH_STANDING

_SENT = (
    select(message_table.c.id, message_table.c.choices, delivery_attempt_table.c.provider_sid)
    .select_from(WITH_STANDING)
    .where(
        message_table.c.conversation_id == bindparam("conversation"),
        message_table.c.direction == word("out"),
    )
    .order_by(message_table.c.id.desc())
    .limit(1)
)
_HAS_CHOICES = message_table.c.choices.is_not(None)
_NEWEST = _SENT.where(_HAS_CHOICES)
_ANSWER = and_(message_table.c.purpose == word("reply"), message_table.c.author == word("bot"))
_NEWEST_QUESTION = _SENT.where(or_(_HAS_CHOICES, _ANSWER))
"""A day or a sum may be asked for without choices: those of the question before are not meant then."""
_NUMBER = re.compile(
    r"^(?:la |el |the |opcion |option |choice |respuesta |answer |numero |number |num |no )*(\d{1,2})$"
)
_COURTESY = re.compile(
    r"\b(?:por favor|porfa(?:vor)?|gracias|please|quiero|prefiero|elijo|escojo|me quedo con|mejor|pues|"
    r"entonces|i want|i choose|i ll take|esta bien|va|ok|okay)\b"
)
_ARTICLE = re.compile(r"^(?:la |el |the |opcion |option |con )+|(?<=\w) (?:one|option|opcion)$")
_ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "primera primero primer 1a 1o 1ra 1era 1ro first uno una one",
            "segunda segundo 2a 2o 2da 2do second dos two",
            "tercera tercero tercer 3a 3o 3ra 3era 3ro third tres three",
            "cuarta cuarto 4a 4o 4ta 4to fourth cuatro four",
            "quinta quinto 5a 5o 5ta 5to fifth cinco five",
        )
    )
    for word in words.split()
}
_MIDDLE = frozenset({"de en medio", "de enmedio", "del medio", "en medio", "enmedio", "middle", "middle one"})
_BOTTOM = frozenset({"ultima", "ultimo", "de abajo", "last", "last one", "bottom one"})
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_OF_NUMBER = re.compile(r"\b(?:de|of|a|en|in)\s+\d|\d+\s*(?:pagos|parts|payments|quincenas|meses|semanas)\b")
_ANSWERED_BY_CHOICE = ("choice", "yes_no", "consent")
_NUMBERED = ("date", "amount")
_WITH_NUMBERS = ("sms", "email")
"""Channels that have no buttons: there «1» is the first of the choices before it is a day or a sum."""
_BINDING = frozenset({"yes", "no"})
"""Of a question with these «la primera» and «el 1» are no yes: they may mean what is read back."""
UNDER = "under"
"""In `extra`: the id of our message that the button stood under, where its channel is ours."""
_ON_CONDITION = re.compile(r"\b(?:pero|aunque|but)\b")
"""«La de 6, pero mensual» picks none of what is shown."""
LONGEST = 40
"""Longer than any title: what is longer is read for what it says."""


def may_pick(incoming: Incoming, view: View) -> bool:
    """Whether the newest choices have to be looked at: a button was pressed, or a short text may name one."""
    if incoming.payload is not None:
        return "OriginalRepliedMessageSid" in incoming.extra or UNDER in incoming.extra
    return (
        (view.expecting in _ANSWERED_BY_CHOICE or _is_numbered(view))
        and 0 < len(incoming.text) <= LONGEST
        and not _is_plain(incoming.text, view)
    )


def _is_numbered(view: View) -> bool:
    return view.channel in _WITH_NUMBERS and view.expecting in _NUMBERED


def _is_plain(text: str, view: View) -> bool:
    """A yes or a no to a question that every state reads by itself: its buttons need not be looked at."""
    return view.expecting == "yes_no" and plain_answer(text)


def newest(connection: Connection, incoming: Incoming, view: View) -> AnyRow | None:
    """The choices shown last, with the SID of their message."""
    typed = incoming.payload is None and _is_numbered(view)
    return connection.execute(_NEWEST_QUESTION if typed else _NEWEST, {"conversation": view.id}).first()


def with_choice(event: MessageEvent, incoming: Incoming, shown: AnyRow | None) -> MessageEvent:
    """The event with the button that it means, or that its button stood under an older message."""
    if shown is None or not shown.choices:
        return event
    if incoming.payload is not None:
        if (under := incoming.extra.get(UNDER)) is not None:
            return replace(event, stale=under != shown.id)
        replied = incoming.extra.get("OriginalRepliedMessageSid")
        return replace(event, stale=bool(shown.provider_sid) and replied != shown.provider_sid)
    payload = picked(incoming.text, shown.choices, numbered=incoming.channel in _WITH_NUMBERS)
    return replace(event, payload=payload) if payload else event


def picked(text: str, choices: Sequence[Mapping[str, str]], *, numbered: bool) -> str | None:
    """The payload that a typed answer means; null where it means none, or several. `numbered`: the choices
    are shown with their numbers; where they are not, «3» is «3 de $200.00» before it is the third.
    """
    answer = plain(_COURTESY.sub(" ", plain(text)))
    if _ON_CONDITION.search(answer):
        return None
    if match := _NUMBER.match(answer):
        binds = {choice["payload"] for choice in choices} >= _BINDING
        if binds and (not numbered or answer.startswith("el ")):  # «el 1» may be a day
            return None
        if not numbered and answer == match[1] and (led := _only(_led_by(answer, choices))):
            return led
        place = int(match[1])
        if 1 <= place <= len(choices):
            return choices[place - 1]["payload"]
        return _only([c["payload"] for c in choices if match[1] in _NUMBERS.findall(c["title"])])
    if (ordinal := _place(answer, len(choices))) is not None:
        if {choice["payload"] for choice in choices} >= _BINDING:
            return None
        return choices[ordinal]["payload"] if ordinal < len(choices) else None
    titles = [(plain(choice["title"].rstrip("…")), choice["payload"]) for choice in choices]
    exact = [payload for title, payload in titles if title == answer]
    begun = [payload for title, payload in titles if len(answer) >= 4 and title.startswith(answer)]
    asks = "?" in text  # «acepto, ¿y si no tengo dinero?»
    held = [each for title, each in titles if not asks and len(title) >= 6 and f" {title} " in f" {answer} "]
    return _only(exact or begun or held) or _only(_by_number(answer, choices))


def _place(answer: str, count: int) -> int | None:
    """Of «la segunda», «la de en medio», «la última»."""
    words = _ARTICLE.sub("", answer)
    if words in _MIDDLE:
        return 1 if count == 3 else None
    return count - 1 if words in _BOTTOM else _ORDINALS.get(words)


def _by_number(answer: str, choices: Sequence[Mapping[str, str]]) -> list[str]:
    """«la de 3 pagos», «la de 200»: a number that stands in one title alone."""
    wanted = set(_NUMBERS.findall(answer)) if _OF_NUMBER.search(answer) else set()
    return [choice["payload"] for choice in choices if wanted & _numbers_of(choice["title"])]


def _led_by(number: str, choices: Sequence[Mapping[str, str]]) -> list[str]:
    return [choice["payload"] for choice in choices if choice["title"].split()[:1] == [number]]


def _numbers_of(title: str) -> set[str]:
    """Sums without their thousands and round centavos: $1,250.00 is 1250."""
    return {number.removesuffix(".00") for number in _NUMBERS.findall(title.replace(",", ""))}


def _only(payloads: Sequence[str]) -> str | None:
    return payloads[0] if len(payloads) == 1 else None
