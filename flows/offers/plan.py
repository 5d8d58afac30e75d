"""Instalments, a restructuring or a reduction: what a person of the lender decides; until then a promise may
help.
"""

from flows.engine import Ask, Context, Flow, HandOver, Move, line

flow = Flow("plan", version=1)


@flow.state("!")
def start(context: Context) -> Ask | Move:
    discount = context.heard.get("intent") == "request_discount"
    return HandOver(
        "discount_request" if discount else "plan_request",
        1,
        (line("plan.person", hours=context.facts.lender.hours),),
    )
