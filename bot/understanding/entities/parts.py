"""Sums and days in pairs: «300 hoy y lo demás el 10», «la mitad el viernes», «680 del otro crédito»."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.understanding.entities.amount import RANGE, Sum
from bot.understanding.entities.day import Day
from bot.understanding.entities.day_resolve import WEEKDAY
from values import numbered_after

Share = Literal["half", "rest", "all"]

_SHARES: tuple[tuple[Share, re.Pattern[str]], ...] = (
    (
        "rest",
        re.compile(
            r"\b(?:lo demas|el resto|lo (?:que|q|k) (?:me )?(?:falt[ae]|rest[ae]|qued[ae])|lo restante|"
            r"el restante|lo "
            r"otro|la diferencia|l[oa]s (?:otr[oa]s|que faltan|restantes)(?= (?:el|la|hasta|para|en) )|"
            r"(?:la )?otra mitad|la otra parte|(?<=y )la otra(?= (?:el|la|hasta|para|en|cuando) |  | ?$)|"
            r"el complemento|the rest|the remaind?er|(?:the )?other half|"
            r"what(?:'s|s| is) left|the balance)\b"
        ),
    ),
    (
        "half",
        re.compile(
            r"\b(?:la mitad|una mitad|mitad|(?<!other )half(?! an? )|50 ?por ?ciento)\b(?! de precio)|\b50 ?%"
        ),
    ),
    (
        "all",
        re.compile(
            r"\btodo\b(?! (?:bien|lo|el (?:mundo|dia|tiempo|mes|año|rato)|mal|esto|eso|ok|tranquilo|"
            r"sale|salga|marcha|va|es|esta|tipo|fue|era|bn|por su|por tu)\b)(?<!por todo)"
            r"(?<!sobre todo)(?<!con todo)(?<!de todo)|"
            r"\b(?<!no )(?<!nomas )(?<!solo )(?<!apenas )(?<!nada mas )completo\b"
            r"(?! (?:(?:nomas|solo|unos|como) )?\$?\d)|"
            r"\blo (?:vencido|atrasado)\b|\b(?:el total|por completo|el pago completo|in full|"
            r"todo lo del (?:plan|acuerdo)|(?<=pay )it all|(?<=settle )it all|(?<=cover )it all|"
            r"the whole (?:thing|amount|payment)|everything|all of it|the full (?:amount|payment))\b"
        ),
    ),
)
_NOT_ALL = re.compile(
    r"\bno (?:(?!si\b|pero\b)\w+ ){0,4}?(?:tod[oa]|completo|everything|all of it|the (?:full|"
    r"whole) (?:amount|thing))\b"
)
"""«No tengo todo el dinero»: of what is not paid."""
_OTHER_LOAN = re.compile(
    rf"\b(?:del|de el|al|para el|en el|d el) (?:otro|segundo|2do)(?! (?:dia|mes|lado|{WEEKDAY})\b)"
    r"(?: (?:credito|prestamo|adeudo|contrato))?\b|"
    r"\b(?:for|on|to) the other (?:loan|one|account|credit)\b|"
    r"\b(?:el (?:otro|segundo)|the (?:other|second)(?: one)?)"
    r"(?= (?:el|hasta|para|on|by|mañana|hoy|pasado) |[,.; ]*$)"
)
_BEGINS = re.compile(r"(?:\b(?:y|and)|[,;.]) $")
"""Before «el otro», «el grande»: what follows is of that loan, and not what comes before."""
_NAMED_LOAN = re.compile(
    r"\b(?:(?:el|del|al|para el|en el|the|for the|on the) (?:(?:credito|prestamo) )?(?:mas )?"
    r"(?:grande|chico|chiquito|peque[ñn]o|mayor|menor|big(?:ger)?|small(?:er)?|large(?:r)?|little)|"
    r"[a-z]{1,2}-?\d{1,8})\b"
)
"""By its size or its number; two of them in one message tell two loans apart."""
_THIS_LOAN = re.compile(
    r"\b(?:a|de|para|en) (?:este|uno|el primero)\b|\b(?:del|al) primero\b|"
    r"\b(?:for|on|to) this (?:loan|one)\b|"
    r"\bthe (?=\d{2,6} (?:one|loan)\b)"
)
_CONTEXT = re.compile(
    r"\b(?:debo|debia|deben|adeudo|saldo|total|owe|mitad|resto)(?: (?:son|de|es|los|mis|como|sus))* ?\$?$|"
    r"\bde (?:los|mis) \$?$"
)
"""Before a sum that is owed, not offered: «debo 800», «de los 800»; or that a share is of: «la mitad de
850».
"""


_HALVES = re.compile(
    r"\b(?:mitad y mitad|half and half)\b|"
    r"\b(?:una|1)(?: parte)?(?: el)? +y (?:la )?otra(?: parte)?(?: el)?(?= {2,}| *$)|"
    r"\b(?:one|1)(?: part)?(?: on)?(?: the)? +and (?:the |an)other(?: part)?(?: on)? "
)
"""Of two days: «una el viernes y otra el 10»."""
_NOW = re.compile(
    r"\b(?:ahorita|ahorita mismo|ahora|right now|now)\b(?! (?:no|quiero|quisiera|voy|que|entonces|i)\b)"
)
_NEXT = re.compile(r"\b(?:otro|siguiente|proximo|que sigue|next|following) *$")
_SAME_AGAIN = re.compile(
    r"\b(?:el|la|the) (?:siguiente|proximo|que (?:sigue|viene)|next one|following one|one after)\b"
    r"(?! (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|mes|semana|quincena|pago))"
)
"""«300 este viernes y 300 el siguiente»: the same weekday, a week later."""
_FOLLOWS = re.compile(r" *(?:que (?:sigue|viene)|siguiente|after(?: that)?)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the payments that a message names: a sum in centavos or a share of what is due, its day where
    one is named, and whether it is for another loan than the one spoken of.
    """

    amount: int | None = None
    day: date | None = None
    share: Share | None = None
    other_loan: bool = False

    @property
    def quantified(self) -> bool:
        return self.amount is not None or self.share is not None

    def has(self, other: "Part") -> bool:
        """Whether it holds one of the other's things already."""
        return (
            (self.quantified and other.quantified)
            or (self.day is not None and other.day is not None)
            or (self.other_loan and other.other_loan)
        )

    def with_(self, other: "Part") -> "Part":
        return Part(
            self.amount if self.amount is not None else other.amount,
            self.day or other.day,
            self.share or other.share,
            self.other_loan or other.other_loan,
        )


def parts(
    text: str, sums: Sequence[Sum], days: Sequence[Day], today: date, count: int | None, dated: str
) -> tuple[Part, ...]:
    """The payments in order, where there are several, or one that a sum and a day alone do not express.

    `text`: the text in which the positions of `sums` and `days` lie. `count`: of payments, where it is said.
    `dated`: the text with its days, where «el otro viernes» is no other loan.
    """
    if RANGE.search(text):
        return ()
    if halved := _halved(text, sums, days, count):
        return halved
    pieces = [
        *_amounts(text, sums),
        *_shares(text),
        *_days(text, days, dated),
        *_loans(dated),
        *_now(text, today, days),
    ]
    pieces.sort(key=_position)
    joined = list(_joined(_after_their_sums(pieces)))
    by_loan = any(part.other_loan for part in joined)  # «uno el viernes y el otro el 9»: each whole
    payments = [part for part in joined if part.quantified or (by_loan and part.day)]
    return tuple(payments) if len(payments) > 1 or any(p.share or p.other_loan for p in payments) else ()


def _halved(text: str, sums: Sequence[Sum], days: Sequence[Day], count: int | None) -> tuple[Part, ...]:
    """«En dos pagos, viernes y lunes», «mitad y mitad el 4 y el 10»: halves, each with its day."""
    halves = count == 2 or _HALVES.search(text)
    if sums or len(days) != 2 or not halves:
        return ()
    first, second = sorted(one.day for one in days)
    return (Part(None, first, "half"), Part(None, second, "rest")) if first < second else ()


def now(text: str, today: date, days: Sequence[Day]) -> list[tuple[int, int]]:
    """Where «ahorita» stands, next to another day: of two payments it is the first one's."""
    later = any(one.day != today for one in days)
    return [match.span() for match in _NOW.finditer(text)] if later else []


def loans(text: str) -> list[tuple[int, int]]:
    """Where any loan is named: «a este», «del otro crédito», «el grande»."""
    this = [match.span() for match in _THIS_LOAN.finditer(text)]
    return _other_loans(text) + this + _distinguished(text)


def _other_loans(text: str) -> list[tuple[int, int]]:
    """Where «del otro crédito» stands, or the second of two that are named."""
    return [match.span() for match in _OTHER_LOAN.finditer(text)] + _distinguished(text)[1:]


def _distinguished(text: str) -> list[tuple[int, int]]:
    """Where «el grande» and «el chico» stand; none where only one is named."""
    found = {match[0].split()[-1]: match.span() for match in reversed([*_NAMED_LOAN.finditer(text)])}
    return sorted(found.values()) if len(found) == 2 else []


_Piece = tuple[int, Part]
"""Where it stands, and a part that holds this one thing."""
_WEEKDAY = re.compile(
    r"(?:(?:el|on|the) )*(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_NUMBERED = re.compile(r"(?:(?:el|dia|para|hasta|the|on) )*\d{1,2}(?:st|nd|rd|th)?")
_DAYS_BEHIND = re.compile(r"d(?:qd){2,}")
_BREAK = Part()
"""A piece that holds nothing and begins another part."""


def _position(piece: _Piece) -> int:
    return piece[0]


def _amounts(text: str, sums: Sequence[Sum]) -> Iterator[_Piece]:
    for one in sums:
        if not _CONTEXT.search(text[: one.start]):
            yield one.start, Part(amount=one.centavos)


def _shares(text: str) -> Iterator[_Piece]:
    text = _NOT_ALL.sub(lambda match: " " * len(match[0]), text)
    for share, pattern in _SHARES:
        for match in pattern.finditer(text):
            yield match.start(), Part(share=share)
        text = pattern.sub(lambda match: " " * len(match[0]), text)


def _days(text: str, days: Sequence[Day], dated: str) -> Iterator[_Piece]:
    """«El lunes y … el otro lunes» is the Monday after, «el viernes … y el martes» the Tuesday after it, «lo
    demás el 30» a 30th after the payment before.
    """
    earlier: set[date] = set()
    shares = list(_shares(text))
    _, *other_half = [start for start, part in shares if part.share == "half"] or [0]
    rests = [start for start, part in shares if part.share == "rest"] + other_half
    ended = 0
    for one in days:
        next_one = _NEXT.search(text[: one.start]) or _FOLLOWS.match(text[one.end :])
        later = (one.day in earlier and next_one) or (
            one.day < max(earlier, default=one.day) and _WEEKDAY.fullmatch(dated[one.start : one.end])
        )
        day = one.day + timedelta(days=7) if later else one.day
        of_rest = ended and any(ended <= start <= one.start for start in rests)
        ended = one.end
        if of_rest and _NUMBERED.fullmatch(dated[one.start : one.end]):
            day = numbered_after(day, max(earlier))
        earlier.add(day)
        yield one.start, Part(day=day)
    for match in _SAME_AGAIN.finditer(text):
        before = [one for one in days if one.end <= match.start()]
        if before and before[-1].end + 1 < match.start():  # «el lunes, el que sigue» names one day
            yield match.start(), Part(day=before[-1].day + timedelta(days=7))


def _now(text: str, today: date, days: Sequence[Day]) -> Iterator[_Piece]:
    for start, _ in now(text, today, days):
        yield start, Part(day=today)


def _loans(text: str) -> Iterator[_Piece]:
    for start, _ in _other_loans(text):
        if _BEGINS.search(text[:start]):
            yield start, _BREAK
        yield start, Part(other_loan=True)


def _after_their_sums(pieces: Sequence[_Piece]) -> Sequence[_Piece]:
    """«El cargo de mañana no, 300 el jueves y 380 el 10»: where each sum has its day behind it, the day
    before the first one is of no payment.
    """
    kinds = "".join("d" if part.day else "q" if part.quantified else "-" for _, part in pieces)
    return pieces[1:] if _DAYS_BEHIND.fullmatch(kinds) else pieces


def _joined(pieces: Sequence[_Piece]) -> Iterator[Part]:
    """A part ends where something comes that it has already: a second quantity, a second day."""
    part = Part()
    for _, piece in pieces:
        if part.has(piece) or piece is _BREAK:
            yield part
            part = Part()
        part = part.with_(piece)
    yield part
