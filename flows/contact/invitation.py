"""What a strategy opens and is no reminder is offered first, in one question whose words WhatsApp approves:
what comes after it could not open a conversation.
"""

from flows.answers import YES_NO, agrees, drops, leans_no, leans_yes, not_now
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.event import Message, Outreach
from flows.types.wording import key, line

flow = Flow("invitation")

OFFERED = ("mandate", "promise", "plan", "settlement", "extension", "due_day")
"""Conversations that a strategy may open so."""
OFFER = key("invitation.offer")
OFFER_DEBIT = key("invitation.offer_debit")
NOT_NOW = key("invitation.not_now")


@flow.state(".", *(f"@{name}" for name in OFFERED))
def start(context: Context) -> Ask | Move:
    wanted, loan = context.slots["wanted"], context.loan
    if loan is None or not loan.instalments:
        return Done()
    if not (context.asked or isinstance(context.event, Outreach)):  # who reads this has just answered us
        return Start(wanted, {"loan_id": loan.id})
    lender = context.facts.lender_to(loan.id).trade_name
    words = OFFER_DEBIT if wanted == "mandate" else OFFER
    question = line(words, name=context.who.first_name, lender=lender)
    return Ask((question,), "yes_no", _answered, YES_NO)


def _answered(context: Context, message: Message) -> Move | None:
    if drops(message) or not_now(message) or leans_no(message):
        return Done((line(NOT_NOW),))
    if leans_yes(message) or agrees(message):
        return Start(context.slots["wanted"], {"loan_id": context.slots["loan_id"]})
    return None
