"""What a promise may be: which day, which sum, out of which words."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flows.acts.days.month_end import ROUNDED
from flows.acts.words.signals import Signals
from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.context import Context
from flows.types.event import Message, PaymentPart
from flows.types.facts import LoanFacts
from flows.types.offer import Part
from flows.types.wording import Line, key, line
from values import Money, add_banking_days

DAY_PASSED = key("promise.day_passed")
DAY_TOO_LATE = key("promise.day_too_late")
TOO_MUCH = key("promise.too_much")
TOO_LITTLE = key("promise.too_little")
PART = key("promise.part_item")
NO_CHARGE = key("promise.no_charge")
IN_FLIGHT = key("promise.in_flight")

_ALL = frozenset(
    {
        "todo",
        "completo",
        "total",
        "todito",
        "entero",
        "todo lo pendiente",
        "lo pendiente",
        "all",
        "everything",
        "full",
        "in full",
    }
)
_PAYS_OFF = re.compile(
    r"\b(?:liquid(?:o|ar|arlo|are|amos)|finiquit\w+|saldo todo|saldar\w*|pay (?:it )?off)\b"
)
_OF_PART = re.compile(r"\b(?:vencid\w+|atras\w+|pendiente|mes|mensualidad|overdue|due)\b")
_WHAT_IS_OWED = re.compile(
    r"(?:(?:pues|con|por|todo) )*lo que (?:(?:se|les|te|le|me|yo) )*(?:deb[oe]\w*|toca|es|sea|falta)"
    r"(?: (?:pagar|nada mas|nomas))?|"
    r"(?:(?:solo|nomas|pues|ok|va|no|nada mas|si|seria|el total|todo|de|ponga|anote) )*"
    r"(?:lo del? (?:este |la )?(?:mes|mensualidad|pago)|"
    r"la mensualidad|"
    r"lo vencido|"
    r"lo atrasado)(?: (?:nada mas|nomas|solamente))?|"
    r"(?:all |the |my |whole |amount )*(?:what )?(?:i owe|is due|s due)"
)
"""«lo que se debe»: a whole answer to «how much»."""
_TWO_SUMS = re.compile(r"\b\d{2,6} (?:pesos )?(?:y|mas|and) (?:otros )?\d{2,6}\b")
_HALF = frozenset({"mitad", "half"})
NEGOTIATIONS = ("extension", "partial", "payment_methods", "payoff", "plan", "promise", "settlement")
"""Conversations whose question has lost its point once something else was agreed."""


_NEXT_WEEK = re.compile(
    r"\b(?:(?:otra|proxima|siguiente) semana|semana (?:que (?:entra|viene)|proxima|siguiente)|next week)\b"
)
_THE_NEXT = re.compile(
    r"(?:(?:pero|mejor|hasta|para|en|y|que sea) )*la (?:otra|proxima|siguiente|que (?:viene|entra|sigue))"
    r"(?: (?:si|mejor|puedo|podria|porfa))*"
)
_REFUSED = re.compile(r"^(?:no|nel|nop|nah) (?:(?:mejor|la|el|hasta|para|next) )+")
"""«No, la otra semana»: the no is of what was read back, and not of the week."""
_DAYS = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_WEEKDAY = re.compile(rf"\b{_DAYS}")
_ANOTHER = re.compile(rf"\b(?:otro|siguiente|proximo|next|following) {_DAYS}")


@dataclass(frozen=True, slots=True)
class Given:
    """What a message gives of a promise, and what it leaves for later."""

    day: date | None = None
    amount: Money | None = None
    rest: tuple[PaymentPart, ...] = ()
    """Further payments that it names, by day."""
    days: tuple[date, ...] = ()
    sums: tuple[Money, ...] = ()
    """Of which one is meant: it is left open."""
    rounded: bool = False
    """Whether the month lacks the day that was named, and its last one is taken."""

    def __bool__(self) -> bool:
        return self.day is not None or self.amount is not None or self.is_open

    @property
    def is_open(self) -> bool:
        return bool(self.days or self.sums)

    @property
    def slots(self) -> dict[str, Any]:
        """JSON values; what is not given is left out."""
        found: dict[str, Any] = {}
        if self.day is not None:
            found |= {"date": self.day.isoformat(), ROUNDED: self.rounded}
        if self.amount is not None:
            found["amount"] = self.amount.centavos
        if self.days:
            found |= {"days": [day.isoformat() for day in self.days], "date": None}
        if self.sums:
            found |= {"sums": [each.centavos for each in self.sums], "amount": None}
        if self.rest:
            found["rest"] = [_slot(part) for part in self.rest]
        return found


def _slot(part: PaymentPart) -> dict[str, Any]:
    return {
        "date": part.date.isoformat() if part.date else None,
        "amount": part.amount.centavos if part.amount else None,
    }


def due(context: Context, loan: LoanFacts) -> Money:
    """What is spoken of as «lo pendiente»: what is due by now, or else the next instalment."""
    return loan.payable(context.facts.today)


def whole_plan(loan: LoanFacts) -> Money:
    """What is left to pay of the agreement in force; zero without one."""
    return (
        Money.total(part.amount for part in loan.plan.parts if part.status != "kept")
        if loan.plan
        else Money(0)
    )


def requested(context: Context, loan: LoanFacts) -> Given:
    """Out of the message that called for this flow."""
    request = context.request
    parts = tuple(PaymentPart.from_json(part) for part in request.get("parts", ()))
    amount = Money(request["amount"]) if "amount" in request else None
    day = date.fromisoformat(request["date"]) if "date" in request else None
    if amount is None and context.message and _pays_off(context.message):
        amount = loan.outstanding.total
    if amount is None and context.message and means_all(context.message):
        amount = due(context, loan)
    if amount is None and len(parts) == 1 and parts[0].share == "all":  # of a plan, all its parts
        amount = whole_plan(loan) or None
    found = _in_pairs(parts, day, amount, context, loan)
    found = replace(found, rounded=found.day == day and bool(request.get(ROUNDED)))
    return _left_open(found, map(PaymentPart.from_json, request.get("either", ())), context)


def given(context: Context, loan: LoanFacts, message: Message) -> Given:
    """Out of an answer: sums and days in pairs, shares of what is due."""
    if _sums_apart(message):
        return Given()
    whole = loan.outstanding.total if message.amount is None and _pays_off(message) else message.amount
    found = _in_pairs(message.parts, message.date, whole, context, loan)
    amount = found.amount
    flat = plain(message.text)
    words = set(flat.replace("todo eso", "").split())  # «no manches, ¿todo eso?»
    lacks = Signals(message.text).no_money or Signals(message.text).cannot  # «no tengo para todo»
    if amount is None and ((words & _ALL and not lacks) or means_all(message)):
        amount = due(context, loan)
    if amount is None and words & _HALF:
        amount = Money(-(-due(context, loan).centavos // 2))
    if amount is None and found.day is None:
        amount = bare_sum(message.text)
    rounded = found.day == message.date and bool(message.entities.get(ROUNDED))
    return _left_open(Given(found.day, amount, found.rest, rounded=rounded), message.either, context)


def _sums_apart(message: Message) -> bool:
    """«250 y 250 y lo demás al último»: more than is read of it."""
    rest = [part.share for part in message.parts] == ["rest"] and message.amount is None
    return rest and _TWO_SUMS.search(plain(message.text)) is not None


def _left_open(found: Given, either: Iterable[PaymentPart], context: Context) -> Given:
    """Without the day or the sum of which another may be meant. Of two days the one that is possible."""
    either = tuple(either)
    days = tuple(part.date for part in either if part.date and not day_problem(context, part.date))
    sums = tuple(part.amount for part in either if part.amount)
    if days:
        found = replace(found, day=days[0]) if len(days) == 1 else replace(found, day=None, days=days)
    return replace(found, amount=None, sums=sums) if sums else found


def means_all(message: Message) -> bool:
    """«Todo lo que debo»: an answer, and no question about it."""
    asks = message.payload is not None or "?" in message.text
    return not asks and _WHAT_IS_OWED.fullmatch(plain(message.text)) is not None


def next_week(message: Message | None, today: date, *, asked: bool = False) -> dict[str, Any]:
    """«La otra semana», and no day of it: the slot of its Monday. «La otra», where a day is `asked` for."""
    flat = plain(message.text) if message is not None and message.date is None else ""
    named = _NEXT_WEEK.search(flat) or (asked and _THE_NEXT.fullmatch(flat))
    if not named or re.search(r"\b(?:no|not|can t)\b", _REFUSED.sub("", flat)):
        return {}
    return {"week": (today + timedelta(days=7 - today.weekday())).isoformat()}


def in_week(context: Context, loan: LoanFacts, wanted: Given, message: Message | None) -> Given:
    """After «la otra semana», «el miércoles» is the one of that week; where a Friday is promised or read
    back, «el otro viernes» is the next.
    """
    if message is None or message.payload is not None or wanted.day is None:
        return wanted
    flat, week = plain(message.text), context.day("week")
    early = week is not None and wanted.day < week and _WEEKDAY.search(flat)
    if early:
        return replace(wanted, day=wanted.day + timedelta(days=7))
    spoken = (context.day("date"), loan.promise.due_date if loan.promise else None)
    return replace(wanted, day=week_after(wanted.day, spoken, message))


def week_after(day: date, spoken: Collection[date | None], message: Message) -> date:
    """«El otro viernes», where a Friday is `spoken` of already: the one after it."""
    same = [each for each in spoken if each and each >= day and each.weekday() == day.weekday()]
    return max(same) + timedelta(days=7) if same and _ANOTHER.search(plain(message.text)) else day


def _pays_off(message: Message) -> bool:
    """«Lo liquido el viernes», «liquido todo»: the whole balance, where no part of it is named."""
    of_all = not message.parts or [part.share for part in message.parts] == ["all"]
    flat = plain(message.text)
    return message.payload is None and of_all and bool(_PAYS_OFF.search(flat)) and not _OF_PART.search(flat)


def _in_pairs(
    parts: tuple[PaymentPart, ...], day: date | None, amount: Money | None, context: Context, loan: LoanFacts
) -> Given:
    """Of several payments the earliest is promised now, the others are left for later. One without a day is
    of the day that is spoken of: «200 y lo demás el 10», where Friday was named.
    """
    whole, asked = due(context, loan), context.day("date")
    if asked is not None and any(part.date for part in parts):
        parts = tuple(replace(part, date=part.date or asked) for part in parts)
    if len(parts) > 1:
        first, *later = sorted(parts, key=lambda part: part.date or date.max)
        return Given(first.date, _sum(first, whole), tuple(later))
    rest = bool(parts) and parts[0].share == "rest"
    if rest and "payment_reported" in loan.holds:  # how much is left of it nobody knows yet
        return Given(day, amount)
    if parts and amount is None:  # «lo que falta», where nothing else is named, is all of it
        amount = whole if rest else _sum(parts[0], whole)
    return Given(day, amount)


def _sum(part: PaymentPart, whole: Money) -> Money | None:
    if part.amount is not None:
        return part.amount
    if part.share == "half":
        return Money(-(-whole.centavos // 2))
    return whole if part.share == "all" else None


def payment_items(payments: tuple[Part, ...]) -> tuple[Line, ...]:
    """Of several payments, each in a line of its own."""
    return tuple(line(PART, amount=part.amount, due_date=part.due_date) for part in payments)


def charge_lines(loan: LoanFacts) -> tuple[Line, ...]:
    """What becomes of the charges for the same money: the next is not made, those at the bank go on."""
    charge = loan.announced_charge
    held = (line(NO_CHARGE, amount=charge.amount, charge_on=charge.charge_on),) if charge else ()
    left = tuple(
        line(IN_FLIGHT, amount=amount, charge_on=day)
        for mandate in loan.mandates
        for day, amount in mandate.charges_in_flight
    )
    return (*held, *left)


def latest(context: Context) -> date:
    return context.facts.today + timedelta(days=context.facts.policy.promise_max_days)


def latest_rest(context: Context, first: date) -> date:
    """Of a second payment: as far from the end of the first one's grace as a promise may be from today."""
    policy = context.facts.policy
    grace = add_banking_days(first, policy.promise_grace_banking_days)
    return grace + timedelta(days=policy.promise_max_days)


def day_problem(context: Context, wanted: date) -> Line | None:
    if wanted < context.facts.today:
        return line(DAY_PASSED, latest=latest(context))
    return line(DAY_TOO_LATE, latest=latest(context)) if wanted > latest(context) else None


def amount_problem(context: Context, loan: LoanFacts, wanted: Money) -> Line | None:
    owed = loan.outstanding.total
    if wanted > owed:
        return line(TOO_MUCH, owed=owed)
    return least_sum(context, loan) if wanted < _least(context, loan) else None


def least_sum(context: Context, loan: LoanFacts) -> Line:
    """The least that can be promised, and the question for a sum."""
    return line(TOO_LITTLE, least=_least(context, loan))


def _least(context: Context, loan: LoanFacts) -> Money:
    return min(context.facts.policy.promise_min, loan.outstanding.total)
