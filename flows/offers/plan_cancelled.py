"""The plan in force, cancelled by saying so."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import CancelPlan
from flows.types.facts import LoanFacts
from flows.types.wording import key, line

flow = Flow("plan_cancelled", acts=("cancel.plan",))

NONE = key("offers.none")
CANCELLED = key("offers.cancelled")
DEBIT_STAYS = key("offers.debit_stays")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """At once, as a promise is: nobody is held to what they take back."""
    loan = next((loan for loan in context.who.loans if loan.plan), None)
    return Done((line(NONE),)) if loan is None else cancel(loan)


def cancel(loan: LoanFacts) -> Done:
    stays = (line(DEBIT_STAYS),) if loan.mandate is not None else ()
    return Done((line(CANCELLED), *stays), (CancelPlan(loan.id),), ends=("plan", "plan_debit", "mandate"))
