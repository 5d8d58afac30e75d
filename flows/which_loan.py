"""Of several loans: which one is meant, distinguished by its number and what is due."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.context import Context
from flows.engine import Ask, Go, Move, Reprompt
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import key, line, title
from values import Money, fold

QUESTION = key("loans.which")
KEPT = key("loans.kept")
ONE_BY_ONE = key("loans.one_by_one")
NEXT = key("loans.next")
LOAN = title("loans.choice")
_PLACES = (
    re.compile(r"\b(?:primer[oa]?|1ro|1ero|first)\b"),
    re.compile(r"\b(?:segund[oa]|2do|second)\b"),
    re.compile(r"\b(?:tercer[oa]?|3ro|third)\b"),
)
_PLACED = re.compile(
    r"\b(?:(?:el|del|al|the) (?:(segundo|2do|second)|"
    r"(?:primero?|1ro|first)(?= (?:credito|prestamo|loan|one|"
    r"(?:yo )?no (?:lo |es )?(?:reconozco|saque|pedi|mio)\b)))|"
    r"\d+ (?:pesos )?(?:del|al) (?:primero?|1ro))\b(?! (?:de|al(?! \d)|pago|payment|abono|dia|day)\b)"
)
_NUMBERED = re.compile(r"(?:(?:el|la|lo|del|al|de|credito|prestamo|opcion|numero|no|the|loan|number) )*(\d)")
"""«Del 1»: of those that are shown."""
_LAST = re.compile(r"\b(?:ultim[oa]|last)\b")
_OF_SIZE = r"(?:el|del|al) (?:credito |prestamo )?"
_LEAST = re.compile(
    rf"\b(?:mas (?:chic|chiquit|pequen|barat|baj)\w*|{_OF_SIZE}(?:chic|chiquit|pequen)o|menor|"
    r"(?:que|donde) debo menos|menos saldo|(?:small|little) (?:one|loan)|smaller|smallest|cheaper|lowest)\b"
)
_MOST = re.compile(
    rf"\b(?:mas (?:grande|alt[oa]|car[oa]|fuerte)|{_OF_SIZE}grande|mayor|(?:que|donde) debo mas|mas saldo|"
    r"(?:big|large) (?:one|loan)|bigger|biggest|larger|highest)\b"
)
_LATEST = re.compile(
    r"\b(?:mas (?:atrasad|vencid|urgente)\w*|(?:el|la) (?:atrasad|vencid)[oa]|most overdue)\b"
)
_FEW = 4
"""Words of «600 el viernes»."""
_BOTH = re.compile(r"\b(?:l[oa]s (?:dos|tres|2|3)|1 y 2|amb[oa]s|cada uno|todos|both|all|each)\b|^todo$")


def owing(context: Context) -> tuple[LoanFacts, ...]:
    return tuple(loan for loan in context.who.loans if loan.instalments)


def named(context: Context, text: str) -> LoanFacts | None:
    """The loan that a text names by its number, its product or its size; null where none or several."""
    return named_of(owing(context), text)


def named_of(loans: Sequence[LoanFacts], text: str) -> LoanFacts | None:
    flat = fold(text)
    found = [
        loan
        for loan in loans
        if fold(loan.external_id) in flat or (loan.product and fold(loan.product) in flat)
    ]
    return found[0] if len(found) == 1 else _ranked(loans, plain(text))


def placed_of(loans: Sequence[LoanFacts], text: str) -> LoanFacts | None:
    """«Del segundo», “the second one”: and no day of a month."""
    found = _PLACED.search(plain(text))
    place = 1 if found and found[1] else 0
    return loans[place] if found and place < len(loans) else None


def _ranked(loans: Sequence[LoanFacts], flat: str) -> LoanFacts | None:
    """«El más chico», «el más atrasado»: the most overdue comes first."""
    by_sum = sorted(loans, key=lambda loan: loan.outstanding.total.centavos)
    if not loans or by_sum[0].outstanding.total == by_sum[-1].outstanding.total:
        return None
    least, most = _LEAST.search(flat), _MOST.search(flat)
    if least or most:
        return None if least and most else by_sum[0] if least else by_sum[-1]
    return loans[0] if _LATEST.search(flat) else None


def both_named(loans: Sequence[LoanFacts], text: str) -> tuple[LoanFacts, ...]:
    """«L1 el viernes y L2 el 9», «el grande … y el chico …»: in the order in which they stand; empty where it
    is not two that are told apart.
    """
    flat = plain(text)
    found = {flat.find(plain(loan.external_id)): loan for loan in loans if plain(loan.external_id) in flat}
    least, most = _LEAST.search(flat), _MOST.search(flat)
    if least and most and len(loans) == 2:
        smaller, larger = sorted(loans, key=lambda loan: loan.outstanding.total.centavos)
        found = {least.start(): smaller, most.start(): larger}
    return tuple(found[place] for place in sorted(found)) if len(found) == 2 else ()


def meant(context: Context) -> LoanFacts | None:
    """The loan that is spoken of already, or the only one; null where the borrower has to say it."""
    return context.loan if "loan_id" in context.slots or len(owing(context)) == 1 else None


def of_sum(loans: Sequence[LoanFacts], amount: Money | None, today: date) -> LoanFacts | None:
    """The one loan whose whole balance, or what is due of it, is exactly this sum."""
    found = [loan for loan in loans if amount in (loan.outstanding.total, loan.payable(today))]
    return found[0] if len(found) == 1 else None


def answered(context: Context, message: Message) -> LoanFacts | None:
    """The loan that answers the question: by its number or product, its place, its balance."""
    loans, flat = owing(context), plain(message.text)
    for loan in loans:
        if message.payload == f"loan.{loan.id}":
            return loan
    if message.payload is not None:
        return None
    placed = [place for place, words in enumerate(_PLACES) if words.search(flat) and place < len(loans)]
    if len(placed) == 1:
        return loans[placed[0]]
    if (number := _NUMBERED.fullmatch(flat)) and 0 < int(number[1]) <= len(loans):
        return loans[int(number[1]) - 1]
    if _LAST.search(flat):
        return loans[-1]
    sum_named = message.amount or bare_sum(message.text)
    return named(context, message.text) or of_sum(loans, sum_named, context.facts.today)


def means_all(message: Message | None) -> bool:
    """«Los dos», «ambos»."""
    text = message.text if message is not None and message.payload is None else ""
    return _BOTH.search(plain(text)) is not None


def means_both(message: Message | None) -> bool:
    """«Pago los dos», also where one of them was spoken of; «todos los viernes» means no loans."""
    return (
        means_all(message)
        and message is not None
        and re.search(r"\b(?:todos|all|each|cada)\b", plain(message.text)) is None
    )


def ask(
    context: Context,
    onwards: Callable[[LoanFacts], Move],
    here: str = "",
    gives: Sequence[str] = ("amount",),
    of_all: Callable[[Context], Move] | None = None,
    of_each: Callable[[Context, Message], Move | None] | None = None,
) -> Ask:
    """Which one. A sum or a day that is written instead is kept in the state `here`, and asked again; all of
    them go on by `of_all`, or are asked for one by one; payments that are each of another by `of_each`.
    """

    def read(context: Context, message: Message) -> Move | None:
        if not owing(context):  # all was paid meanwhile
            return None
        if of_each and (move := of_each(context, message)):
            return move
        if len(message.parts) > 1:  # «el de 680 el viernes y el otro el 9»
            return None
        if found := answered(context, message):
            return onwards(found)
        if means_all(message):
            return of_all(context) if of_all else Reprompt((line(ONE_BY_ONE),))
        given = _given(message, gives) if here else None
        return Go(here, {"request": {**context.request, **given}}, (line(KEPT),)) if given else None

    choices = tuple(
        Choice(f"loan.{loan.id}", LOAN, {"loan": loan.external_id, "amount": loan.outstanding.total})
        for loan in owing(context)[:8]
    )
    return Ask((line(QUESTION),), "choice", read, choices)


def _given(message: Message, names: Sequence[str]) -> dict[str, Any]:
    """What a message gives and no more: «600», «el viernes»."""
    if message.payload is not None or len(message.text.split()) > _FEW or "?" in message.text:
        return {}
    amount = message.amount or bare_sum(message.text)
    given: dict[str, Any] = {"amount": amount.centavos} if amount else {}
    given |= {"date": message.date.isoformat()} if message.date else {}
    return {name: value for name, value in given.items() if name in names}


def goes_to(state: str) -> Callable[[LoanFacts], Go]:
    """Goes on in `state` with the loan that was picked."""
    return lambda loan: Go(state, {"loan_id": loan.id})
