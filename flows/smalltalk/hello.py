"""A greeting, or nothing in particular: what can I do for you?"""

import re

from flows.acts.readings.following import LOST
from flows.answers import plain
from flows.buttons import AGENT, BALANCE, LATER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.types.event import Message
from flows.types.wording import key, line

flow = Flow("hello", intents={"greet": None}, acts=(LOST,), courtesy=True, discreet=True)

NOTHING_OWED = key("hello.nothing_owed")
HOW_CAN_I_HELP = key("hello.menu")
HERE_I_AM = key("hello.menu_again")
GO_AHEAD = key("hello.go_ahead")
WHICH_PART = key("hello.which_part")
IN_SHORT = key("hello.in_short")
_ASKS_LEAVE = re.compile(r"\b(?:pregunt\w*|duda|consulta|question)\b")

MENU = (BALANCE, LATER, AGENT)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    lost = context.request.get("act") == LOST
    if not context.alone:
        return Done((line(IN_SHORT),) if lost else ())
    if context.loan is None:
        greets = (line(NOTHING_OWED, name=context.who.first_name),)
        return Done(nothing_owed(context) if context.who.written_off else greets)
    opens = context.message is not None and _ASKS_LEAVE.search(plain(context.message.text))
    greeting = (line(GO_AHEAD) if opens else line(HOW_CAN_I_HELP, name=context.who.first_name),)
    greeting = (line(WHICH_PART),) if lost else greeting
    return Ask(greeting, "choice", no_answer, MENU, menu=True, brief=greeting)


def no_answer(_context: Context, _message: Message) -> Move | None:
    """Menus have no table of their own: their buttons mean the same everywhere (`flows/routing.py`)."""
    return None
