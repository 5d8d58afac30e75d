"""The read-back of a plan: a plain yes agrees to it; a sum, a day or a number of parts corrects it."""

from flows.acts.readings.agreed import agrees_to_terms
from flows.acts.readings.proposals import finds_too_much
from flows.acts.words.signals import Signals
from flows.answers import (
    drops,
    is_no,
    is_unsure,
)
from flows.context import Context
from flows.engine import Ask, Done, Go, Move, Reprompt, Start
from flows.offers import of_loans
from flows.offers.agreement import (
    BY_HAND,
    CONFIRM,
    offer_of,
    propose,
    read_back,
    say_yes,
    situation,
    stopped,
    unsure,
)
from flows.offers.arithmetic import Wish
from flows.offers.plan import (
    CHANGED,
    KEPT_AS_IS,
    NOT_NOW,
    TOTAL,
    flow,
    or_shown,
    picked,
    shown_meant,
    wish_in,
    wishes,
)
from flows.offers.plan_counter import answer_wish, same_offer, to_person
from flows.offers.wishes import (
    cannot_more,
    corrected,
    pays_all,
    pays_part_now,
    refuses_weekday,
)
from flows.types.event import Message
from flows.types.offer import Offer
from flows.types.wording import key, line

LETS_SEE = key("offers.lets_see")


@flow.state("start", "choose", "afford", "confirm", "@promise", "@partial", "@plan", "@plan_debit", ".", "!")
def confirm(context: Context) -> Ask | Move:
    if (move := stopped(context, "plan_request")) is not None:
        return move
    if not _still_offered(context):
        return Go("choose", lines=(line(CHANGED),))
    costs = (line(TOTAL, total=offer_of(context).total), line(CONFIRM))
    shown = Reprompt(read_back(context, _confirmed).lines)
    return read_back(context, or_shown(_confirmed, shown, costs, options=Go("choose")))


def _still_offered(context: Context) -> bool:
    """Whether what it spreads is what is owed: money may have come in since."""
    loan = context.loan
    assert loan is not None
    offer = Offer.from_json(context.slots["offer"])
    return offer.total + offer.discount == situation(context, loan).owed_until(offer.covers_until).total


def _confirmed(context: Context, message: Message) -> Move | None:
    if agrees_to_terms(message):
        return say_yes(context)
    if message.payload == BY_HAND.payload:
        return Go("confirm", {"by_hand": True})
    if message.payload is not None and (move := picked(context, message.payload)) is not None:
        return move
    if message.payload is None and pays_part_now(message, context.facts.today):
        return _part_now(context, message)
    if message.payload is None and pays_all(message):
        return Start("promise", {"loan_id": context.slots["loan_id"], "request": message.gist})
    if other := of_loans.other_one(context, message):
        return other
    if (move := _of_the_options(context, message)) is not None:
        return move
    wish = wish_in(context, message)
    refused = refuses_weekday(message) or _refuses_day(context, message)
    if message.payload is None and wishes(message, wish) and not refused:
        return _corrected(context, wish)
    if cannot_more(message) or finds_too_much(message):
        return to_person(context, offer_of(context), wish) if context.slots.get("met") else Go("afford")
    return _not_agreed(context, message, refused=refused)


def _of_the_options(context: Context, message: Message) -> Move | None:
    """«La de menos», «sí, pero más barato»: another of those that were shown, or what else is possible."""
    loan = context.loan
    assert loan is not None
    says = message.payload is None and not is_unsure(message)
    meant = shown_meant(context, loan, message) if says else None
    if meant is None:
        return None
    if meant != offer_of(context):
        return propose(context, loan, meant)
    return Go("afford") if message.intent == "request_discount" else None


def _corrected(context: Context, wish: Wish) -> Move | None:
    """What is read back already, «la de 3 pagos está bien», needs a yes and no other read-back."""
    offer = offer_of(context)
    wanted = corrected(wish, len(offer.parts), offer.frequency, offer.first.due_date)
    return unsure(context) if same_offer(context, wanted, offer) else answer_wish(context, wanted)


def _not_agreed(context: Context, message: Message, *, refused: bool) -> Move | None:
    if is_no(message) or message.intent == "deny" or drops(message) or refused:
        return _not_these(context, message)
    if is_unsure(message):
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None


def _part_now(context: Context, message: Message) -> Move | None:
    """«200 hoy»: what the plan begins with, where something is left to spread."""
    offer, today = offer_of(context), context.facts.today
    asks = "?" in message.text  # «¿y si doy 300 ahorita?»
    if asks or message.amount is None or message.amount >= offer.total:
        return Start("partial", {"loan_id": context.slots["loan_id"], "request": message.gist})
    return answer_wish(context, Wish(None, len(offer.parts), offer.frequency, today, down=message.amount))


def _refuses_day(context: Context, message: Message) -> bool:
    """«No puedo el 15», of a day that is read back."""
    days = {part.due_date for part in offer_of(context).parts}
    return message.payload is None and message.date in days and Signals(message.text).cannot


def _not_these(context: Context, message: Message) -> Move:
    """Other terms, or none; in place of an agreement that stands, that one after all."""
    if context.loan is not None and context.loan.plan is not None:
        return Done((line(KEPT_AS_IS),))
    return Done((line(NOT_NOW),)) if drops(message) else Go("choose", lines=(line(LETS_SEE),))
