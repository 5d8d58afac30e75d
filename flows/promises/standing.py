"""The promises that stand: asked about, or cancelled by saying so."""

import re
from collections.abc import Sequence

from flows import which_loan
from flows.acts.days.after import WEEKDAYS
from flows.answers import plain
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move
from flows.promises.terms import payment_items
from flows.types.effects import CancelPromise
from flows.types.facts import LoanFacts, PromiseFacts
from flows.types.offer import Part
from flows.types.wording import Line, key, line

asked = Flow("promise_asked", acts=("ask.promise",))
cancelled = Flow("promise_cancelled", acts=("cancel.promise",))

AGREED = key("promise.agreed")
AGREED_BOTH = key("promise.agreed_both")
AGREED_SEVERAL = key("promise.agreed_several")
NONE = key("promise.none")
CANCELLED = key("promise.cancelled")


def promised(loans: Sequence[LoanFacts]) -> list[tuple[LoanFacts, PromiseFacts]]:
    return [(loan, loan.promise) for loan in loans if loan.promise]


def named(loans: Sequence[LoanFacts], text: str) -> LoanFacts | None:
    """Of several promises, the loan of the one that a text names: «el de 680», «el del 9»."""
    standing, flat = promised(loans), plain(text)
    found = [loan for loan, promise in standing if _names(promise, flat)]
    return found[0] if len(standing) > 1 and len(found) == 1 else None


def _names(promise: PromiseFacts, flat: str) -> bool:
    day, pesos = promise.due_date, promise.amount.centavos // 100
    whens = rf"(?:dia )?{day.day}|{WEEKDAYS[day.weekday()]}"
    sums = rf"{pesos}|{pesos:,}".replace(",", " ")
    return re.search(rf"\b(?:de(?:l| los)?|the) (?:{whens}|{sums})\b", flat) is not None


@asked.state(".")
def start(context: Context) -> Ask | Move:
    lines = [each for loan, promise in promised(context.who.loans) for each in promise_lines(loan, promise)]
    return Done(tuple(lines) or (line(NONE),))


def promise_lines(loan: LoanFacts, promise: PromiseFacts) -> tuple[Line, ...]:
    first = {"amount": promise.amount, "due_date": promise.due_date, "loan": loan.external_id}
    if not promise.rest:
        return (line(AGREED, **first),)
    if len(promise.rest) == 1:
        (second,) = promise.rest
        return (line(AGREED_BOTH, **first, rest=second.amount, rest_date=second.due_date),)
    payments = (Part(promise.due_date, promise.amount), *promise.rest)
    several = line(AGREED_SEVERAL, count=len(payments), loan=loan.external_id)
    return (several, *payment_items(payments))


@cancelled.state("which", "one", ".")
def cancel(context: Context) -> Ask | Move:
    """At once: a promise binds nobody who takes it back in time. Of several, the one that is meant. What was
    being agreed ends with it.
    """
    found, message = promised(context.who.loans), context.message
    if len(found) < 2 or which_loan.means_all(message):
        return _ended(found)
    loan = named(context.who.loans, message.text if message else "")
    return Go("one", {"loan_id": loan.id}) if loan else Go("one" if "loan_id" in context.slots else "which")


@cancelled.state("one", ".")
def which(context: Context) -> Ask | Move:
    return which_loan.ask(context, which_loan.goes_to("one"), of_all=lambda c: _ended(promised(c.who.loans)))


@cancelled.state(".")
def one(context: Context) -> Ask | Move:
    return _ended([each for each in promised(context.who.loans) if each[0].id == context.slots["loan_id"]])


def _ended(found: Sequence[tuple[LoanFacts, PromiseFacts]]) -> Done:
    words = tuple(line(CANCELLED, amount=each.amount, due_date=each.due_date) for _, each in found)
    effects = tuple(CancelPromise(loan.id) for loan, _ in found)
    return Done(words or (line(NONE),), effects, ends=("promise",))
