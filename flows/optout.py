"""No more messages: obeyed now, confirmed once, with the way back."""

from flows.border.effects import OptOut
from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("optout", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    return Done((line("optout.done", phone=scene.facts.lender.phone),), (OptOut(),), clear=True)
