"""Instalments, a restructuring or a reduction: what a person of the lender decides; until then a promise may help."""

from flows.engine import Ask, Flow, HandOver, Move, Scene, line

flow = Flow("plan", version=1)


@flow.state("!")
def start(scene: Scene) -> Ask | Move:
    discount = scene.heard.get("intent") == "request_discount"
    return HandOver("discount_request" if discount else "plan_request", 1, (line("plan.person", hours=scene.facts.lender.hours),))
