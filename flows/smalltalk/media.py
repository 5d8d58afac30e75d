"""What is not text: a picture is taken for a receipt when a payment is the topic, else asked about; the rest
gets an honest answer.
"""

from flows.engine import Ask, Context, Done, Flow, Move, Start, line
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice

flow = Flow("media", version=1, private=False)

_ANSWERS = {
    "audio": "media.audio",
    "video": "media.audio",
    "location": "media.location",
    "sticker": "media.sticker",
    "contact": "media.contact",
}


@flow.state(".", "@payment_report")
def start(context: Context) -> Ask | Move:
    kind = context.heard.get("kind", "sticker")
    if kind in ("image", "document"):
        # A reminder that gave way left its loan behind: what comes in answer to it is a receipt.
        if context.heard.get("intent") == "report_payment" or "loan_id" in context.slots:
            return Start("payment_report")
        choices = (Choice("paid", "media.receipt"), Choice("agent", "menu.agent"))
        return Ask((line("media.picture"),), "choice", no_answer, choices, menu=True)
    if kind == "sticker" and not context.alone:
        return Done()
    answer = line(_ANSWERS.get(kind, "media.sticker"))
    if kind in ("audio", "video") and context.alone:
        return Ask((answer,), "choice", no_answer, (Choice("agent", "menu.agent"),), menu=True)
    return Done((answer,))
