"""A day or a sum that is left open: «el 15 o el 16», «unos 200 o 300». Which one is asked, naming both."""

import re
from datetime import date
from typing import TypeVar

from flows.answers import plain
from flows.context import Context
from flows.types.event import Message
from flows.types.wording import Line, key, line
from values import Money

T = TypeVar("T")

WHICH_DAY = key("promise.which_day")
WHICH_SUM = key("promise.which_sum")

_OPENS = r"(?:(?:mejor|pues|si|ok|entonces|que|sea|con|the|i think|creo que|el|la|los|las|de) )*"
_FIRST = re.compile(_OPENS + r"(?:primer[oa]?|first)(?: one)?")
_SECOND = re.compile(_OPENS + r"(?:segund[oa]|otr[oa]|ultim[oa]|second|last|latter)(?: one)?")
_ANY = re.compile(
    _OPENS + r"(?:cualquiera(?: de los dos)?|que sea|(?:me )?da igual|dos|either(?: one)?|whichever|any)"
)


def which_day(context: Context) -> tuple[date, ...]:
    """The days of which one is to be chosen, the earlier first; none once a day stands."""
    open_days = (
        () if context.slots.get("date") or context.slots.get("changing") else context.slots.get("days")
    )
    return tuple(sorted(date.fromisoformat(day) for day in open_days or ()))


def which_sum(context: Context) -> tuple[Money, ...]:
    """The same of sums."""
    open_sums = () if context.slots.get("amount") else context.slots.get("sums")
    return tuple(sorted(Money(centavos) for centavos in open_sums or ()))


def asks_day(days: tuple[date, ...]) -> Line:
    return line(WHICH_DAY, first=days[0], second=days[-1])


def asks_sum(sums: tuple[Money, ...]) -> Line:
    return line(WHICH_SUM, first=sums[0], second=sums[-1])


def picked_day(days: tuple[date, ...], message: Message) -> date | None:
    """By its place; of «cualquiera» the later one, which can be kept in any case."""
    return _picked(days, message, any_of=-1)


def picked_sum(sums: tuple[Money, ...], message: Message) -> Money | None:
    """By its place; of «cualquiera» the smaller one, more may always be paid."""
    return _picked(sums, message, any_of=0)


def _picked(options: tuple[T, ...], message: Message, *, any_of: int) -> T | None:
    if not options or message.payload is not None:
        return None
    flat = plain(message.text)
    for words, place in ((_FIRST, 0), (_SECOND, -1), (_ANY, any_of)):
        if words.fullmatch(flat):
            return options[place]
    return None
