"""A picture that may be a receipt: asked about once it is known who sent it."""

from flows.answers import agrees, leans_yes
from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Flow, Move, Start
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.wording import key, line, title

flow = Flow("receipt")

PICTURE = key("media.picture")
RECEIPT = title("media.receipt")


@flow.state("@payment_report", ".")
def start(context: Context) -> Ask | Move:
    del context
    return Ask((line(PICTURE),), "choice", _read, (Choice("paid", RECEIPT), AGENT), menu=True)


def _read(context: Context, message: Message) -> Move | None:
    """«Sí» answers it as its button does; what came already is not asked for again."""
    del context
    if message.payload == "paid" or leans_yes(message) or agrees(message):
        return Start("payment_report", {"request": {"intent": "report_payment", "kind": "image"}})
    return None
