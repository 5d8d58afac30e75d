"""Insults and nothing else: calm, one offer, no mirrored tone."""

from flows.buttons import AGENT, STOP
from flows.context import Context
from flows.engine import Ask, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.wording import key, line

flow = Flow("abuse", private=False, intents={"abuse": None}, courtesy=True)

CALM = key("abuse.calm")
STILL_CALM = key("abuse.again")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask(
        (line(CALM),),
        "choice",
        no_answer,
        (AGENT, STOP),
        menu=True,
    )
