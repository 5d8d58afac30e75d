"""They want to hear from us again."""

from flows.border.effects import OptIn
from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("optin", version=1, private=False)


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    del scene
    return Done((line("optin.done"),), (OptIn(),))
