"""What is not text: a picture is taken for a receipt when a payment is the topic, else asked about; the rest gets an honest answer."""

from flows.border.effects import Choice
from flows.engine import Ask, Done, Flow, Move, Scene, Start, line
from flows.hello import no_answer

flow = Flow("media", version=1, private=False)

_ANSWERS = {"audio": "media.audio", "video": "media.audio", "location": "media.location", "sticker": "media.sticker", "contact": "media.contact"}


@flow.state(".", "@payment_report")
def start(scene: Scene) -> Ask | Move:
    kind = scene.heard.get("kind", "sticker")
    if kind in ("image", "document"):
        # A reminder that gave way left its loan behind: what comes in answer to it is a receipt.
        if scene.heard.get("intent") == "report_payment" or "loan_id" in scene.slots:
            return Start("payment_report")
        choices = (Choice("paid", "media.receipt"), Choice("agent", "menu.agent"))
        return Ask((line("media.picture"),), "choice", no_answer, choices, menu=True)
    if kind == "sticker" and not scene.alone:
        return Done()
    answer = line(_ANSWERS.get(kind, "media.sticker"))
    if kind in ("audio", "video") and scene.alone:
        return Ask((answer,), "choice", no_answer, (Choice("agent", "menu.agent"),), menu=True)
    return Done((answer,))
