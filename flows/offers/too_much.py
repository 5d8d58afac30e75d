"""«Uy, es mucho», at what is owed: what makes it lighter is offered, and nothing is recorded."""

from flows.acts.readings.proposals import TOO_MUCH
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.offers.hardship import lighter
from flows.smalltalk.hello import no_answer
from flows.types.wording import key, line

flow = Flow("too_much", acts=(TOO_MUCH,))

WORDS = key("too_much.words")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    if context.loan is None:
        return Done()
    return Ask((line(WORDS),), "choice", no_answer, lighter(context), menu=True)
