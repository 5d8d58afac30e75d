"""A greeting, or nothing in particular: what can I do for you?"""

from flows.border.effects import Choice
from flows.border.event import Message
from flows.engine import Ask, Done, Flow, Move, Scene, line

flow = Flow("hello", version=1)

MENU = (Choice("balance", "menu.balance"), Choice("later", "menu.later"), Choice("agent", "menu.agent"))


@flow.state(".")
def start(scene: Scene) -> Ask | Move:
    if not scene.alone:
        return Done()
    if scene.loan is None:
        return Done((line("hello.nothing_owed", name=scene.who.first_name),))
    return Ask((line("hello.menu", name=scene.who.first_name),), "choice", no_answer, MENU, menu=True)


def no_answer(_scene: Scene, _message: Message) -> Move | None:
    """Menus have no table of their own: their buttons mean the same everywhere (`repair.PAYLOADS`)."""
    return None
