"""Will not pay: no argument, no threat; what is possible, and a person."""

from flows.border.effects import Choice
from flows.engine import Ask, Flow, Move, Scene, line
from flows.hello import no_answer

flow = Flow("refusal", version=1)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    del scene
    return Ask((line("refusal.heard"),), "choice", no_answer, (Choice("later", "menu.later"), Choice("agent", "menu.agent")), menu=True)
