"""Doubt is an answer: what was meant is asked, with the likeliest meanings as buttons; nothing is done on a
guess.
"""

from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice
from flows.types.wording import Title, key, line

WHICH = key("unclear.which")
WHICH_AGAIN = key("unclear.which_again")

flow = Flow("unclear", private=False)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    """The picked meaning leads where its reading does (`flows/routing.py`)."""
    meanings = context.slots.get("meanings", ())
    if not meanings:
        return Done()
    choices = tuple(Choice(payload, Title(title)) for payload, title in meanings if title != AGENT.key)
    again = context.slots.get("doubts", 1) > 1
    words = (line(WHICH_AGAIN if again else WHICH),)
    return Ask(words, "choice", no_answer, (*choices, AGENT), menu=True, brief=words)
