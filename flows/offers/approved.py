"""An offer that a person has approved: read back, and agreed by a plain yes, as any other."""

from flows.acts.readings.agreed import agrees_to_terms
from flows.answers import is_no
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Start
from flows.offers.agreement import PERSON, made, offer_of, read_back, say_yes, situation, stopped, unsure
from flows.offers.arithmetic import is_outdated
from flows.offers.wishes import wish_of
from flows.types.event import DomainEvent, Message
from flows.types.offer import Offer
from flows.types.wording import key, line

flow = Flow("approved_offer", news={"offer.approved": "reply"})

APPROVED = key("offers.approved")
NOT_NOW = key("offers.not_now")


@flow.state("confirm", ".", "!")
def start(context: Context) -> Ask | Move:
    event, loan = context.event, context.loan
    if (move := stopped(context, "plan_request")) is not None:
        return move
    if not isinstance(event, DomainEvent) or loan is None:
        return Done()
    offer = Offer.from_json(event.data["offer"])
    slots = {"loan_id": loan.id, "offer": offer.to_json()}
    return Go("confirm", slots, (line(APPROVED),), (made(context, loan, offer),))


@flow.state("confirm", "@plan", "@plan_debit", ".", "!")
def confirm(context: Context) -> Ask | Move:
    if (move := stopped(context, "plan_request")) is not None:
        return move
    loan, offer = context.loan, offer_of(context)
    assert loan is not None
    if is_outdated(offer, situation(context, loan), context.facts.today):
        return HandOver("plan_request", 1, (line(PERSON, hours=context.lender.hours),))
    return read_back(context, _confirmed)


def _confirmed(context: Context, message: Message) -> Move | None:
    if agrees_to_terms(message):
        return say_yes(context)
    if message.payload == "by_hand":
        return Go("confirm", {"by_hand": True})
    if message.payload is None and wish_of(message, context.facts.today):
        return Start("plan", {"loan_id": context.slots["loan_id"], "request": message.gist})
    if is_no(message) or message.intent == "deny":
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None
