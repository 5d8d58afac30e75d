"""Will not pay: no argument, no threat; what is possible, and a person."""

from flows.buttons import AGENT, LATER
from flows.context import Context
from flows.engine import Ask, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.wording import key, line

flow = Flow("refusal", intents={"refuse_to_pay": None})

REFUSED = key("refusal.noted")
STILL_REFUSED = key("refusal.again")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask(
        (line(REFUSED),),
        "choice",
        no_answer,
        (LATER, AGENT),
        menu=True,
    )
