"""A picture that may be a receipt: asked about once it is known who sent it."""

from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Flow, Move
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice
from flows.types.wording import key, line, title

flow = Flow("receipt")

PICTURE = key("media.picture")
RECEIPT = title("media.receipt")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask((line(PICTURE),), "choice", no_answer, (Choice("paid", RECEIPT), AGENT), menu=True)
