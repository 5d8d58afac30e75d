"""What is read back of a promise before it is one, and what is written once it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flows.acts.days.month_end import ROUNDED
from flows.context import Context
from flows.promises.terms import charge_lines, due, latest_rest, payment_items, whole_plan
from flows.types.facts import LoanFacts
from flows.types.offer import Part
from flows.types.wording import Line, key, line
from values import Money

MONTH_ENDS = key("promise.month_ends")
READ_BACK = key("promise.read_back")
READ_BACK_CHANGE = key("promise.read_back_change")
REMAINS = key("promise.remains")
COVERS_PLAN = key("promise.covers_plan")
REST_LATER = key("promise.rest_later")
REST_UNDATED = key("promise.rest_undated")
MADE = key("promise.made")
READ_BACK_SEVERAL = key("promise.read_back_several")
IS_IT_RIGHT = key("promise.is_it_right")
MADE_SEVERAL = key("promise.made_several")
HOW_TO_PAY = key("promise.how_to_pay")
READ_BACK_BOTH = key("promise.read_back_both")
MADE_BOTH = key("promise.made_both")

MOST_PAYMENTS = 5
"""So many may be promised by one yes."""


def loan_of(context: Context) -> LoanFacts:
    loan = context.loan
    assert loan is not None
    return loan


def month_end(context: Context) -> tuple[Line, ...]:
    """That the month lacks the day that was named."""
    return (line(MONTH_ENDS, day=context.day("date")),) if context.slots.get(ROUNDED) else ()


def rest_of(context: Context) -> tuple[Part, ...]:
    """The payments that are promised with the first: in order, while their days and sums can be kept."""
    loan, day, promised = loan_of(context), context.day("date"), context.money("amount")
    kept: list[Part] = []
    for wanted in (context.slots.get("rest") or ())[: MOST_PAYMENTS - 1]:
        if day is None or promised is None or not wanted["date"]:
            break
        later = date.fromisoformat(wanted["date"])
        # «lo demás» is of what is due; where that is covered, of the whole balance
        whole = due(context, loan) if due(context, loan) > promised else loan.outstanding.total
        left = Money(max(0, (whole - promised).centavos))
        amount = Money(wanted["amount"]) if wanted["amount"] else left
        if not (day < later <= latest_rest(context, day) and amount):
            break
        if promised + amount > loan.outstanding.total:
            break
        kept.append(Part(later, amount))
        day, promised = later, promised + amount
    return tuple(kept)


def read_back(context: Context) -> tuple[Line, ...]:
    loan, due_date, promised = loan_of(context), context.day("date"), context.money("amount")
    assert due_date is not None
    assert promised is not None
    words = READ_BACK_CHANGE if context.slots.get("change") else READ_BACK
    whole: tuple[Line, ...] = (line(words, amount=promised, due_date=due_date, loan=loan.external_id),)
    held, rest = (*charge_lines(loan), *month_end(context)), rest_of(context)
    if rest:
        whole = _read_back_all(loan, (Part(due_date, promised), *rest))
    covered = Money.total((promised, *(part.amount for part in rest))).centavos
    covered += int(context.slots.get("reported", 0))  # what was just reported as paid
    left = Money(max(0, due(context, loan).centavos - covered))
    if unkept := (context.slots.get("rest") or ())[len(rest) :]:
        return (*held, *(_later(unkept, left) or _undated(left)), *whole)
    if loan.plan and promised == whole_plan(loan):
        return (*held, line(COVERS_PLAN, amount=promised, folio=loan.plan.folio), *whole)
    return (*held, *whole) if rest or not left else (*held, line(REMAINS, amount=promised, rest=left), *whole)


def _read_back_all(loan: LoanFacts, payments: tuple[Part, ...]) -> tuple[Line, ...]:
    first, second, *more = payments
    if more:
        head = line(READ_BACK_SEVERAL, count=len(payments), loan=loan.external_id)
        return (head, *payment_items(payments), line(IS_IT_RIGHT))
    both = {"amount": first.amount, "due_date": first.due_date, "rest": second.amount}
    return (line(READ_BACK_BOTH, **both, rest_date=second.due_date, loan=loan.external_id),)


def _later(unkept: Sequence[Mapping[str, Any]], left: Money) -> tuple[Line, ...]:
    """What was named for later and cannot be noted yet."""
    wanted = [(Money(part["amount"]) if part["amount"] else left, part["date"]) for part in unkept]
    return tuple(
        line(REST_LATER, rest=amount, rest_date=date.fromisoformat(day))
        for amount, day in wanted
        if day and amount
    )


def _undated(left: Money) -> tuple[Line, ...]:
    """«Y el resto en enero»: no day yet."""
    return (line(REST_UNDATED, rest=left),) if left else ()


def made_words(promised: Money, due_date: date, rest: tuple[Part, ...]) -> tuple[Line, ...]:
    if not rest:
        return (line(MADE, amount=promised, due_date=due_date),)
    if len(rest) > 1:
        payments = (Part(due_date, promised), *rest)
        return (line(MADE_SEVERAL, count=len(payments)), *payment_items(payments), line(HOW_TO_PAY))
    (second,) = rest
    both = {"rest": second.amount, "rest_date": second.due_date}
    return (line(MADE_BOTH, amount=promised, due_date=due_date, **both),)
