"""«¿Y si me atraso en una?», «¿pierdo el descuento?», with an agreement in force: what its terms say."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.offers.agreement import IF_LATE, IF_MISSED
from flows.types.wording import key, line

flow = Flow("plan_missed", acts=("miss.plan",))

SAY_SO = key("offers.say_so")
RULES = {"plan": IF_MISSED, "settlement": IF_LATE}


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """The rule of its kind, where that has one."""
    plan = next((loan.plan for loan in context.who.loans if loan.plan), None)
    rule = RULES.get(plan.kind if plan else "plan")  # none: of one that is read back
    return Done(((line(rule),) if rule else ()) + (line(SAY_SO),))
