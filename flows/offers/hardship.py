"""Cannot pay: listened to first, noted, not pressed; what helps is offered."""

from datetime import timedelta

from flows.buttons import AGENT, LATER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move
from flows.offers.arithmetic import propose_plans, situation_of
from flows.owed.nothing import nothing_owed
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice, PlaceHold, Record
from flows.types.wording import key, line, title

flow = Flow("hardship", intents={"report_hardship": title("meaning.report_hardship")})

NOTED = key("hardship.noted")
NOTED_AGAIN = key("hardship.noted_again")

SMALLER = title("offers.smaller_parts")

PAUSE = timedelta(days=14)


@flow.state("offer", ".")
def start(context: Context) -> Ask | Move:
    """Reminders pause for two weeks."""
    loan = context.loan
    if loan is None:
        return Done(nothing_owed(context))
    return Go(
        "offer",
        {"again": "hardship" in loan.holds},
        effects=(Record("hardship.reported"), PlaceHold("hardship", loan.id, context.facts.now + PAUSE)),
    )


@flow.state(".")
def offer(context: Context) -> Ask | Move:
    noted = line(NOTED_AGAIN if context.slots.get("again") else NOTED)
    return Ask((noted,), "choice", no_answer, lighter(context), menu=True)


def lighter(context: Context) -> tuple[Choice, ...]:
    """Smaller parts where policy has them, another day, a person."""
    loan, policy = context.loan, context.facts.policy.offers
    offers = propose_plans(policy, situation_of(loan, context.facts.today, policy)) if loan else ()
    smaller = (Choice("plan", SMALLER),) if offers else ()
    return (*smaller, LATER, AGENT)
