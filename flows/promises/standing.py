"""The promise that stands: asked about, or cancelled by saying so."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.promises.terms import payment_items
from flows.types.effects import CancelPromise
from flows.types.facts import LoanFacts, PromiseFacts
from flows.types.offer import Part
from flows.types.wording import key, line

asked = Flow("promise_asked", acts=("ask.promise",))
cancelled = Flow("promise_cancelled", acts=("cancel.promise",))

AGREED = key("promise.agreed")
AGREED_BOTH = key("promise.agreed_both")
AGREED_SEVERAL = key("promise.agreed_several")
NONE = key("promise.none")
CANCELLED = key("promise.cancelled")


def _promised(context: Context) -> tuple[LoanFacts, PromiseFacts] | None:
    return next(((loan, loan.promise) for loan in context.who.loans if loan.promise), None)


@asked.state(".")
def start(context: Context) -> Ask | Move:
    if (found := _promised(context)) is None:
        return Done((line(NONE),))
    loan, promise = found
    first = {"amount": promise.amount, "due_date": promise.due_date, "loan": loan.external_id}
    if not promise.rest:
        return Done((line(AGREED, **first),))
    if len(promise.rest) == 1:
        (second,) = promise.rest
        return Done((line(AGREED_BOTH, **first, rest=second.amount, rest_date=second.due_date),))
    payments = (Part(promise.due_date, promise.amount), *promise.rest)
    several = line(AGREED_SEVERAL, count=len(payments), loan=loan.external_id)
    return Done((several, *payment_items(payments)))


@cancelled.state(".")
def cancel(context: Context) -> Ask | Move:
    """At once: a promise binds nobody who takes it back in time. What was being agreed ends with it."""
    if (found := _promised(context)) is None:
        return Done((line(NONE),), ends=("promise",))
    loan, promise = found
    words = line(CANCELLED, amount=promise.amount, due_date=promise.due_date)
    return Done((words,), (CancelPromise(loan.id),), ends=("promise",))
