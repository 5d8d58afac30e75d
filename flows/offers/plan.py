"""Instalments, a restructuring or a reduction: what a person of the lender decides; until then a promise may
help.
"""

from flows.context import Context
from flows.engine import Ask, Flow, HandOver, Move
from flows.types.wording import key, line, title

flow = Flow(
    "plan",
    intents={
        "request_plan": title("meaning.request_plan"),
        "request_discount": title("meaning.request_discount"),
    },
)

PERSON = key("plan.person")


@flow.state("!")
def start(context: Context) -> Ask | Move:
    discount = context.request.get("intent") == "request_discount"
    return HandOver(
        "discount_request" if discount else "plan_request",
        1,
        (line(PERSON, hours=context.facts.lender.hours),),
    )
