"""Cannot pay: heard first, noted, not pressed; what helps is offered."""

from datetime import timedelta

from flows.border.effects import Choice, PlaceHold, Record
from flows.engine import Ask, Done, Flow, Go, Move, Scene, line
from flows.hello import no_answer

flow = Flow("hardship", version=1)

PAUSE = timedelta(days=14)


@flow.state("offer", ".")
def start(scene: Scene) -> Ask | Move:
    """Reminders pause for two weeks."""
    loan = scene.loan
    if loan is None:
        return Done((line("balance.nothing", name=scene.who.first_name),))
    return Go("offer", effects=(Record("hardship.reported"), PlaceHold("hardship", loan.id, scene.facts.now + PAUSE)))


@flow.state(".")
def offer(scene: Scene) -> Ask | Move:
    del scene
    return Ask((line("hardship.heard"),), "choice", no_answer, (Choice("later", "menu.later"), Choice("agent", "menu.agent")), menu=True)
