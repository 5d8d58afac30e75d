"""What is not text: a picture is taken for a receipt when a payment is the topic, else asked about; the rest
gets an honest answer.
"""

from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.smalltalk.hello import no_answer
from flows.types.facts import Facts
from flows.types.wording import key, line

flow = Flow("media", version=1, private=False)

STICKER = key("media.sticker")
STICKER_AGAIN = key("media.sticker_again")
_ANSWERS = {
    "audio": key("media.audio"),
    "video": key("media.audio"),
    "location": key("media.location"),
    "sticker": STICKER,
    "contact": key("media.contact"),
}


@flow.state(".", "@payment_report", "@receipt")
def start(context: Context) -> Ask | Move:
    kind = context.request.get("kind", "sticker")
    if kind in ("image", "document"):
        return Start("payment_report" if _is_receipt(context) else "receipt", {"request": context.request})
    if kind == "sticker" and not context.alone:
        return Done()
    answer = line(_ANSWERS.get(kind, _ANSWERS["sticker"]))
    if kind in ("audio", "video") and context.alone:
        return Ask((answer,), "choice", no_answer, (AGENT,), menu=True)
    return Done((answer,))


def _is_receipt(context: Context) -> bool:
    """Whether a payment is the topic: it says so, answers a reminder (which gave way and left its loan
    behind), or follows the report of a payment.
    """
    if context.request.get("intent") == "report_payment" or "loan_id" in context.slots:
        return True
    return awaits_proof(context.facts)


def awaits_proof(facts: Facts) -> bool:
    """Whether a payment that was reported is being looked for."""
    person = facts.borrower
    return person is not None and any("payment_reported" in loan.holds for loan in person.loans)
