"""What somebody else owes: told to nobody but them."""

from flows.acts.words.people import ASK_OF_OTHER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.wording import key, line

flow = Flow("of_others", private=False, discreet=True, acts=(ASK_OF_OTHER,))

ONLY_YOURS = key("of_others.only_yours")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Done((line(ONLY_YOURS),))
