"""No day to pay yet: nobody is pressed for one; what may help is offered."""

from flows.buttons import AGENT, LATER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.offers.arithmetic import propose_plans, situation_of
from flows.offers.hardship import SMALLER
from flows.owed.nothing import nothing_owed
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice
from flows.types.wording import key, line

flow = Flow("no_date", acts=("lack.date",))

PLAN_OR_PERSON = key("no_date.plan_or_person")
PERSON = key("no_date.person")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    if propose_plans(
        context.facts.policy.offers, situation_of(loan, context.facts.today, context.facts.policy.offers)
    ):
        choices = (Choice("plan", SMALLER), LATER, AGENT)
        return Ask((line(PLAN_OR_PERSON),), "choice", no_answer, choices, menu=True)
    return Ask((line(PERSON),), "choice", no_answer, (AGENT, LATER), menu=True)
