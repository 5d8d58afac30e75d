"""Of several loans that could be agreed about: the one of which it is possible, asked for, or one after the
other.
"""

from collections.abc import Callable
from typing import Any

from flows import which_loan
from flows.context import Context
from flows.engine import Ask, Go, Start
from flows.promises.answer import other_loan
from flows.types.effects import Effect
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import Line, line

_Possible = Callable[[LoanFacts], bool]


def of_several(context: Context, possible: _Possible) -> Go | None:
    """Where the message names none of several loans; null where it does, or it is possible of none."""
    if which_loan.meant(context) or context.loan is None:
        return None
    found = [loan for loan in which_loan.owing(context) if possible(loan)]
    if len(found) > 1 and which_loan.means_all(context.message):
        return one_by_one(found)
    if len(found) > 1:
        return Go("which")
    return Go("start", {"loan_id": found[0].id}) if found else None


def one_by_one(loans: list[LoanFacts]) -> Go:
    first, *others = loans
    then = [[loan.id, loan.external_id] for loan in others]
    return Go("start", {"loan_id": first.id, "then": then}, (line(which_loan.NEXT, loan=first.external_id),))


def ask(context: Context, possible: _Possible) -> Ask:
    """Which one; «los dos» takes them in turn."""
    found = [loan for loan in which_loan.owing(context) if possible(loan)]
    return which_loan.ask(context, which_loan.goes_to("start"), of_all=lambda _: one_by_one(found))


def other_one(context: Context, message: Message) -> Go | None:
    """«¿Y del chico?», of one of several: the same of that loan."""
    other = other_loan(context, message)
    afresh = dict.fromkeys(("offer", "whole", "refused", "met", "day"))
    return Go("start", {**afresh, "loan_id": other.id}) if other else None


def next_one(
    flow: str, context: Context, lines: tuple[Line, ...], effects: tuple[Effect, ...]
) -> Start | None:
    """The same about the next loan, after what was agreed of this one; null where none is left."""
    then: list[list[Any]] = context.slots.get("then") or []
    if not then:
        return None
    (loan_id, number), *later = then
    words = line(which_loan.NEXT, loan=number)
    return Start(flow, {"loan_id": loan_id, "then": later}, (*lines, words), effects)
