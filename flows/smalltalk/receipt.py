"""A picture that may be a receipt: asked about once it is known who sent it, unless its caption names another
thing.
"""

import re

from flows.answers import agrees, leans_yes, plain
from flows.buttons import AGENT
from flows.care.answer_time import answer_time
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.effects import Choice, OpenTask
from flows.types.event import Message
from flows.types.wording import key, line, title

flow = Flow("receipt")

PICTURE = key("media.picture")
RECEIPT = title("media.receipt")
NO_ID = key("media.no_id")
SEEN = key("media.seen")
_IDENTITY = re.compile(
    r"\b(?:ine|ife|credencial(?: de elector)?|identificacion|pasaporte|curp|rfc|"
    r"licencia de (?:conducir|manejo)|selfie|tarjeta|i d|id card|passport|driver s license|card)\b"
)
_PAPER = re.compile(
    r"\b(?:receta|incapacidad|constancia|carta|contrato|demanda|recibo de (?:nomina|luz|agua)|acta|denuncia|"
    r"oficio|diagnostico|estudios?|prescription|doctor s note|contract|letter)\b"
)


def shows_identity(message: Message) -> bool:
    """A picture «mi credencial»: of a document, whatever is read in its caption."""
    return message.kind != "text" and _IDENTITY.search(plain(message.text)) is not None


@flow.state("@payment_report", ".")
def start(context: Context) -> Ask | Move:
    caption = plain(context.message.text) if context.message else ""
    if context.message and shows_identity(context.message):
        return Done((line(NO_ID),))
    if _PAPER.search(caption):
        loan = context.loan
        return Done(
            (line(SEEN), *answer_time(context.facts)), (OpenTask("question", {}, loan.id if loan else None),)
        )
    return Ask((line(PICTURE),), "choice", _read, (Choice("paid", RECEIPT), AGENT), menu=True)


def _read(context: Context, message: Message) -> Move | None:
    """«Sí» answers it as its button does; what came already is not asked for again."""
    del context
    if message.payload == "paid" or leans_yes(message) or agrees(message):
        return Start("payment_report", {"request": {"intent": "report_payment", "kind": "image"}})
    return None
