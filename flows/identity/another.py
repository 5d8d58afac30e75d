"""The other one of those who share a phone takes it: proves to be writing, and learns nothing before."""

from flows.acts.words.people import BE_ANOTHER
from flows.context import Context
from flows.engine import Ask, Flow, Move, Start
from flows.types.effects import EndIdentity

flow = Flow("another_borrower", private=False, discreet=True, acts=(BE_ANOTHER,))


@flow.state("@identity")
def start(context: Context) -> Ask | Move:
    del context
    return Start("identity", effects=(EndIdentity("another_borrower"),), alone=True)
