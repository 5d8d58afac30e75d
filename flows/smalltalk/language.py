"""The borrower asks for another language: from here on it is spoken (`flows/acts/words/language.py`)."""

from flows.acts.words.language import CHOOSE
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("language", private=False, acts=(CHOOSE,), discreet=True)

CHOSEN = key("language.chosen")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done((line(CHOSEN),))
