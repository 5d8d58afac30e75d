"""A greeting, or nothing in particular: what can I do for you?"""

from flows.engine import Ask, Context, Done, Flow, Move, line
from flows.types.effects import Choice
from flows.types.event import Message

flow = Flow("hello", version=1)

MENU = (Choice("balance", "menu.balance"), Choice("later", "menu.later"), Choice("agent", "menu.agent"))


@flow.state(".")
def start(context: Context) -> Ask | Move:
    if not context.alone:
        return Done()
    if context.loan is None:
        return Done((line("hello.nothing_owed", name=context.who.first_name),))
    return Ask((line("hello.menu", name=context.who.first_name),), "choice", no_answer, MENU, menu=True)


def no_answer(_scene: Context, _message: Message) -> Move | None:
    """Menus have no table of their own: their buttons mean the same everywhere (`routing.PAYLOADS`)."""
    return None
