"""What is wished of a plan against what policy has: taken, met once by the nearest, then a person's."""

from flows.context import Context
from flows.engine import HandOver, Move, Start
from flows.offers.agreement import PERSON, policy_of, propose, situation, stopped
from flows.offers.arithmetic import Wish, counter
from flows.types.effects import OpenTask
from flows.types.offer import Offer
from flows.types.wording import Line, key, line

TOO_SMALL = key("offers.too_small")
NOT_WHOLE = key("offers.not_whole")
NOT_DAILY = key("offers.not_daily")
NEAREST = key("offers.nearest")
WITHIN = key("offers.within")


def may_be_whole(context: Context) -> bool:
    """Whether all that is owed may be spread, and not only what is late."""
    plan = policy_of(context).plan
    return plan is not None and plan.whole


def not_whole(context: Context, wish: Wish) -> tuple[Line, ...]:
    """Said where all that is owed was wished to be spread, and policy does not have it."""
    return (line(NOT_WHOLE),) if wish.whole and not may_be_whole(context) else ()


def answer_wish(context: Context, wish: Wish) -> Move | None:
    """Taken inside policy; met once by the nearest that is; then a person, with all that was asked."""
    loan = context.loan
    if loan is None:
        return stopped(context, "plan_request")
    answer = counter(policy_of(context), situation(context, loan), wish)
    if answer.offer is None:
        return Start("promise", {"loan_id": loan.id}, (line(TOO_SMALL),))
    less = () if context.slots.get("whole") else not_whole(context, wish)
    less = (line(NOT_DAILY),) if wish.daily else less
    if answer.answer == "taken":
        return propose(context, loan, answer.offer, lines=less or _within(wish, answer.offer))
    if context.slots.get("met"):
        return to_person(context, answer.offer, wish)
    return propose(context, loan, answer.offer, met=True, lines=less or (line(NEAREST),))


def same_offer(context: Context, wish: Wish, offer: Offer) -> bool:
    """Whether the wish is what is offered, and not only what comes nearest to it."""
    if context.loan is None:
        return False
    answer = counter(policy_of(context), situation(context, context.loan), wish)
    return answer.answer == "taken" and answer.offer == offer and not wish.daily


def _within(wish: Wish, offer: Offer) -> tuple[Line, ...]:
    """Said where the payments are smaller than the sum that was named: it was heard."""
    smaller = wish.amount is not None and offer.largest < wish.amount
    return (line(WITHIN, amount=wish.amount),) if smaller else ()


def to_person(context: Context, offer: Offer, wish: Wish) -> HandOver:
    """With what policy has, ready to approve, and what was wished instead."""
    loan = context.loan
    assert loan is not None
    ready = {"reason": "outside_policy", "offer": offer.to_json(), "wish": wish.to_json()}
    case = OpenTask("plan_approval", ready, loan.id)
    return HandOver("plan_request", 1, (line(PERSON, hours=context.lender.hours),), (case,))
