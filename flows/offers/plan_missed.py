"""«¿Y si me atraso en una?», with a plan in force: what its terms say of it."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.offers.agreement import IF_MISSED
from flows.types.wording import key, line

flow = Flow("plan_missed", acts=("miss.plan",))

SAY_SO = key("offers.say_so")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """Only a plan in several payments has that rule; a settlement ends by its own."""
    plan = next((loan.plan for loan in context.who.loans if loan.plan), None)
    several = plan is None or plan.kind == "plan"  # none: of one that is read back
    return Done(((line(IF_MISSED),) if several else ()) + (line(SAY_SO),))
