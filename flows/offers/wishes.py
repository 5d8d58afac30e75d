"""What borrowers wish of a plan, as they write it: sums, numbers of payments, days, or one of the options."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flows.acts.readings.proposals import first_then_turns
from flows.acts.words.owed import REST_IN_PARTS
from flows.acts.words.sums import NUMBERS, bare_sum, paid_daily
from flows.answers import plain
from flows.offers.arithmetic import Wish
from flows.types.event import Message
from flows.types.offer import Offer
from values import Money, paydays

_IN_PARTS = re.compile(
    rf"\b(?:en|in) (\d{{1,2}}|{'|'.join(NUMBERS)})"
    r"(?: (?:partes|pagos|parts|payments|instal?lments))?(?: (?:por favor|porfa|mejor|please))?$"
)
_OF_PARTS = re.compile(
    rf"^(?:(?:el|la|los|no|mejor|ok|si|va|pero|the one) )*(?:de|en|in|with) (\d{{1,2}}|{'|'.join(NUMBERS)})"
    r"(?: (?:pagos|partes|parts|payments))? (?:pero|y|but|empe|empie|comen|comien|inici|desde|a partir|start)"
)
"""«De 2 pero empezando el viernes»."""
_EACH = re.compile(
    r"(?:(?:no|mejor|si|va|ok|pues|y|pero|que sea|por|de|a) )*(?:cada|por) (semana|quincena|mes)\b"
)
"""«Cada semana», in whatever spelling."""
_MONTHS_LONG = re.compile(
    rf"^(?:(?:no|mejor|ok|si|va|pero|pues|a|en|de|quiero|que sean|tal vez|como|por|in|over) )*"
    rf"(\d{{1,2}}|{'|'.join(NUMBERS)}) (?:meses|months)(?: (?:por favor|porfa|mejor|please|si se puede|va))*$"
)
"""«6 meses»: as many payments, one a month."""
_DAYS = {
    "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_NAMES_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)}|hoy|manana|today|tomorrow)\b|\d")
_EVERY_DAY = re.compile(
    rf"\b(?:cada|todos los|every|each) ({'|'.join(_DAYS)})s?\b|"
    r"^(?:(?:no|pero) (?:mejor )?)?(?:(?!no\b)[a-z0-9]+ )*?"
    rf"(?:los (?:dias )?({'|'.join(_DAYS)})s?|on ({'|'.join(_DAYS)})s)"
    r"(?: (?:mejor|entonces|pues|va|porfa|por favor|please|si se puede|me conviene))*$"
)
"""The last two of a short answer: «los viernes no puedo» is no wish for Fridays."""
_NOT_THOSE = re.compile(
    rf"\blos ({'|'.join(_DAYS)})s? no\b|\bno (?:\w+ ){{0,3}}(?:los|on) ({'|'.join(_DAYS)})s?$"
)
_WHOLE = re.compile(
    r"\btodo (?:mi |el |lo del? )?(?:credito|prestamo|saldo|adeudo)|\btoda (?:mi |la )?deuda|"
    r"\btodo lo que (?:les |te )?debo|\bhasta (?:terminar|acabar|liquidar)(?:lo|la)?\b|"
    r"\bno (?:solo|nomas|nada mas) lo vencido|"
    r"\bwhole (?:loan|balance|debt)|\beverything i owe"
)
_SHORTEST = re.compile(r"\b(?:mas (?:cort|rapid)\w+|menos pagos|shortest|quickest)\b")
_LIGHTEST = re.compile(
    r"\b(?:mas (?:barat|chic|pequen|baj|bajit|chiquit|comod|larg|facil)\w*|menor|mas pagos|"
    r"(?:pagar|pago|dar) menos|(?:la|el) de menos|cheapest|smallest|lowest|la que sea|el que sea|"
    r"cualquier\w*|any of them)\b"
)
_MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "january": 1, "february": 2, "march": 3,
    "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11,
    "december": 12,
}  # fmt: skip
_MONTH_ALONE = re.compile(
    r"^(?:(?:no|pero|y|mejor|ya|hasta|en|para|que sea|seria|podria ser|empezando|empiezo|a partir de|desde|"
    rf"como|better|in|from|until|starting) )*({'|'.join(_MONTHS)})(?: por favor| porfa| please)?$"
)
_CANNOT_MORE = re.compile(
    r"\b(?:es|seria) (?:lo unico|todo lo) que (?:puedo|tengo|me alcanza)"
    r"|\bno (?:puedo|tengo|me alcanza)(?: para)? (?:mas|tanto|eso|esa cantidad)\b|\bno me alcanza$"
    r"|\ball (?:that )?i can (?:pay|afford|do)|\bcan ?t (?:afford|pay) (?:that|more)"
)
_AT_ONCE = re.compile(r"\b(?:hoy|ahora|ahorita|ya|de enganche|today|now|right away)\b")
_PLACES = (
    re.compile(r"\b(?:primer\w*|1ra|1a|1st|first)\b"),
    re.compile(r"\b(?:segund\w*|2da|2a|2nd|second|de en medio|del medio|middle)\b"),
    re.compile(r"\b(?:tercer\w*|3ra|3a|3rd|third)\b"),
)
_BARE_WORDS = 4
"""Of «no, de 150», «mejor 150»: a number in no more words is a sum."""
_BETTER_SUM = re.compile(r"\b(?:mejor|que sean?|better|make it) (?:de |a |con |unos )*\d{2,}(?: pesos)?$")
"""«Está muy largo, mejor 200»"""
_NOT = {"no", "not", "ni", "ningun", "ninguna", "ninguno", "none"}
_LAST = re.compile(r"\b(?:ultim\w*|last)\b")
_OPTION = re.compile(
    r"\b(?:the )?(?:first|second|third|last|1st|2nd|3rd) (?:one|option)\b|"
    r"\b(?:primera|segunda|tercera|ultima) opcion\b"
)
_CHOOSES = re.compile(
    r"^(?:(?:me quedo con|quiero|mejor|va|ok|pues|si|esta bien|bueno|dame|"
    r"prefiero|escojo|elijo|me conviene|con|i want) )*"
    r"(?:la|el|de en medio|del medio|opcion|the|option|primer\w*|segund\w*|tercer\w*|ultim\w*|"
    r"first|second|third|last|1st|2nd|3rd)\b"
)


def wish_of(given: Message, today: date) -> Wish:
    """Of a message. Days gone by are none."""
    text = plain(given.text)
    if _OPTION.search(text) and not _NAMES_DAY.search(text):  # whatever day is read in “the first one”
        return Wish()
    first = given.date if given.date is not None and given.date >= today else None
    says_sum = len(text.split()) <= _BARE_WORDS or _BETTER_SUM.search(text) is not None
    bare = bare_sum(given.text) if given.payload is None and says_sum else None
    each = _EACH.match(text)
    wish = Wish(
        given.amount or bare,
        given.entities.get("instalments"),
        given.entities.get("frequency") or (_rhythm(each[1]) if each else None),
        first,
        whole=_WHOLE.search(text) is not None,
    )
    if paid_daily(given.text):
        return Wish(frequency="weekly", first=first, daily=True)
    if (found := _EVERY_DAY.search(text)) is not None:
        days = (_DAYS[found[1] or found[2] or found[3]] - today.weekday()) % 7 or 7
        next_one = today + timedelta(days=days)
        wish = replace(wish, frequency="weekly", first=first or next_one, then=next_one)
    if wish.first is None and (month := _MONTH_ALONE.match(text)) is not None:
        wish = replace(wish, first=_in_month(_MONTHS[month[1]], today))
    if wish.parts is None and (months := _MONTHS_LONG.match(text)) is not None:
        return replace(wish, parts=NUMBERS.get(months[1]) or int(months[1]), frequency="monthly", amount=None)
    if (turns := first_then_turns(given)) is not None:
        wish = replace(wish, down=turns[0], amount=turns[1], first=first or today)
    if rest := REST_IN_PARTS.search(text):
        parts = NUMBERS.get(rest["parts"]) or int(rest["parts"])
        wish = replace(wish, parts=parts, frequency=wish.frequency or _rhythm(rest["each"]))
    number = _IN_PARTS.search(text) or _OF_PARTS.match(text)
    if wish.parts is None and number is not None and (wish.amount is None or _down(given) is not None):
        wish = replace(wish, parts=NUMBERS.get(number[1]) or int(number[1]))
    if wish.parts is not None and (down := _down(given)) is not None:
        at_once = today if _AT_ONCE.search(text) else None
        wish = replace(wish, amount=None, parts=wish.parts + 1, down=down, first=first or at_once)
    return wish


_RHYTHMS = {
    "sem": "weekly",
    "wee": "weekly",
    "qui": "semimonthly",
    "mes": "monthly",
    "men": "monthly",
    "mon": "monthly",
}


def _rhythm(named: str) -> str | None:
    """Of «semanas», «quincenas», «meses»; null of «pagos»."""
    return _RHYTHMS.get(named[:3])


def names_weekday(given: Message) -> bool:
    """«Mejor los viernes»: of the payments of a plan."""
    return given.payload is None and _EVERY_DAY.search(plain(given.text)) is not None


def refuses_weekday(given: Message) -> bool:
    """«Los viernes no puedo»: of a plan that is read back."""
    return given.payload is None and _NOT_THOSE.search(plain(given.text)) is not None


def _in_month(month: int, today: date) -> date:
    """Its first day; in the month itself the next payday, which is what is left of it."""
    if month == today.month:
        return next(paydays(today))
    return date(today.year + (month < today.month), month, 1)


def _down(given: Message) -> Money | None:
    """«200 ahorita y lo demás en 2 pagos»: what comes first, where the rest is in parts."""
    two = len(given.parts) == 2 and given.parts[1].share == "rest"
    return given.parts[0].amount if two else None


def cannot_more(given: Message) -> bool:
    """«Es lo único que puedo»: of the offer that is read back."""
    return given.payload is None and _CANNOT_MORE.search(plain(given.text)) is not None


def pays_all(given: Message) -> bool:
    """«mejor pago todo el viernes»: one payment, and no plan."""
    spread = "instalments" in given.entities or "frequency" in given.entities
    alone = len(given.parts) == 1 and given.parts[0].share == "all"
    return alone and given.date is not None and not spread


def wish_of_request(given: Any, today: date) -> Wish:
    """Of the request that a flow was called with (JSON values)."""
    amount = Money(given["amount"]) if "amount" in given else None
    first = given["date"] if given.get("date", "") >= today.isoformat() else None
    day = date.fromisoformat(first) if first else None
    down = Money(given["down"]) if "down" in given else None
    return Wish(amount, given.get("instalments"), given.get("frequency"), day, down=down)


def corrected(wish: Wish, parts: int, frequency: str, first: date) -> Wish:
    """A correction of what was read back or agreed: what it does not name stays as it was."""
    keep_parts = wish.parts is None and wish.amount is None
    return replace(
        wish,
        parts=parts if keep_parts else wish.parts,
        frequency=wish.frequency or frequency,
        first=wish.first or (first if wish.frequency in (None, frequency) else None),
    )


def option_meant(text: str, offers: tuple[Offer, ...]) -> Offer | None:
    """«La segunda», «la más chica», «la que sea»: the one of those shown, shortest first."""
    words = plain(text)
    if not offers or len(words.split()) > 7 or _NOT & set(words.split()):
        return None
    if any(letter.isdigit() and letter > "3" for letter in words):
        return None
    if _SHORTEST.search(words):
        return offers[0]
    if _LIGHTEST.search(words):
        return offers[-1]
    if "pago" in words or not _CHOOSES.match(words):
        return None
    if _LAST.search(words):
        return offers[-1]
    places = [place for place, pattern in enumerate(_PLACES) if pattern.search(words)]
    return offers[places[0]] if len(places) == 1 and places[0] < len(offers) else None


_NONE_FITS = re.compile(
    r"\bningun[oa]\b|\bnone (?:of|works?)\b|\bneither\b|"
    r"\b(?:otras?|algun[ao]s?|diferentes?|another|other|different|more) "
    r"(?:opcion(?:es)?|plan(?:es)?|options?|plans?)\b|"
    r"\b(?:algo|una?|pagos) (?:mas |menos )(?:baj|chic|chiquit|pequen|comod|barat|accesibl|alt|car)\w*|"
    r"\bno me (?:convienen?|conviene|acomodan?|sirven?|convencen?|gustan?|quedan?)\b|"
    r"\b(?:something|anything) (?:smaller|lower|cheaper|else)\b"
)


def none_fits(text: str) -> bool:
    """«Ninguna», «otra opción», «¿no hay algo más bajo?», of the plans that are shown."""
    return _NONE_FITS.search(plain(text)) is not None


def pays_part_now(message: Message, today: date) -> bool:
    """«¿Y si doy 500 ahorita?»"""
    if wish_of(message, today).down is not None:
        return False
    now = message.date == today or "ahorita" in plain(message.text).split()
    in_parts = "instalments" in message.entities or "frequency" in message.entities
    return now and message.amount is not None and not in_parts
