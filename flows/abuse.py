"""Insults and nothing else: calm, one offer, no mirrored tone."""

from flows.border.effects import Choice
from flows.engine import Ask, Flow, Move, Scene, line
from flows.hello import no_answer

flow = Flow("abuse", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    del scene
    return Ask((line("abuse.calm"),), "choice", no_answer, (Choice("agent", "menu.agent"), Choice("stop", "menu.stop")), menu=True)
