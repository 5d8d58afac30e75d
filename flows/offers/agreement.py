"""What every agreement shares: who may not have one from the bot, its words read back in full, and the
yes.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flows.answers import YES_NO
from flows.context import Context
from flows.debit.schedule import fits
from flows.engine import Ask, Done, Go, HandOver, Move, Reprompt, Start
from flows.offers.arithmetic import Situation, barrier, situation_of
from flows.offers.of_loans import next_one
from flows.owed.nothing import nothing_owed
from flows.owed.payment_methods import transfer
from flows.promises.terms import NEGOTIATIONS
from flows.types.effects import AgreePlan, Choice, Effect, MakeOffers, OpenTask
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.offer import Offer
from flows.types.offers import OffersPolicy
from flows.types.wording import Key, Line, key, line, title

PERSON = key("plan.person")
APPROVAL = key("offers.approval")
TERMS_PLAN = key("offers.terms_plan")
TERMS_SETTLEMENT = key("offers.terms_settlement")
TERMS_EXTENSION = key("offers.terms_extension")
TERMS_DUE_DAY = key("offers.terms_due_day")
PART_ITEM = key("offers.part_item")
PARTS_FROM_TO = key("offers.parts_from_to")
SAVES_PLAN = key("offers.saves_plan")
SAVES_SETTLEMENT = key("offers.saves_settlement")
IF_MISSED = key("offers.if_missed")
IF_LATE = key("offers.if_late")
OTHERS_STAY = key("offers.others_stay")
NO_DEBIT = key("offers.no_debit")
BY_DEBIT = key("offers.by_debit")
BY_HAND = Choice("by_hand", title("offers.by_hand"))
CONFIRM = key("offers.confirm")
NEED_A_YES = key("offers.need_a_yes")
SHOWN_AGAIN = key("offers.shown_again")
PAPER = key("offers.paper")
MADE_PLAN = key("offers.made_plan")
MADE_PLAN_QUIETLY = key("offers.made_plan_quietly")
MADE_PLAN_TODAY = key("offers.made_plan_today")
MADE_BY_DEBIT = key("offers.made_by_debit")
MADE_SETTLEMENT = key("offers.made_settlement")
MADE_EXTENSION = key("offers.made_extension")

MOST_LISTED = 6
"""More parts than this are listed as a series: a message has an end."""
_TERMS = {
    "plan": TERMS_PLAN,
    "settlement": TERMS_SETTLEMENT,
    "extension": TERMS_EXTENSION,
    "due_day": TERMS_DUE_DAY,
}
_MADE = {
    "settlement": MADE_SETTLEMENT,
    "extension": MADE_EXTENSION,
    "due_day": MADE_EXTENSION,
}


def policy_of(context: Context) -> OffersPolicy:
    return context.facts.policy.offers


def situation(context: Context, loan: LoanFacts) -> Situation:
    """With all that is owed to be spread, where the borrower asked for it; without the agreement that is
    being agreed otherwise.
    """
    whole = bool(context.slots.get("whole"))
    found = situation_of(loan, context.facts.today, policy_of(context), whole=whole)
    return replace(found, plan_in_force=False, extended_on=None) if context.slots.get("anew") else found


def stopped(context: Context, reason: str) -> Move | None:
    """Where the loan is such that the bot may agree nothing: nothing owed, or a person decides."""
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    if barrier(policy_of(context), situation(context, loan)) is not None:
        return HandOver(reason, 1, (line(PERSON, hours=context.lender.hours),))
    return None


def made(context: Context, loan: LoanFacts, *offers: Offer) -> MakeOffers:
    """The record of what is about to be put to the borrower."""
    policy = policy_of(context)
    valid_days = policy.plan.valid_days if policy.plan else 3
    return MakeOffers(loan.id, offers, valid_days, policy.version)


def propose(context: Context, loan: LoanFacts, offer: Offer, **slots: Any) -> Move:
    """To the reading back of an offer; or to a person, where one has to approve it."""
    if offer.needs_person is not None:
        case = OpenTask("plan_approval", {"reason": offer.needs_person, "offer": offer.to_json()}, loan.id)
        words = line(APPROVAL, hours=context.lender.hours)
        return HandOver("plan_approval", 1, (words,), (made(context, loan, offer), case))
    lines = slots.pop("lines", ())
    slots |= {"loan_id": loan.id, "offer": offer.to_json()}
    return Go("confirm", slots, lines, (made(context, loan, offer),))


def offer_of(context: Context) -> Offer:
    """The one that is being read back."""
    return Offer.from_json(context.slots["offer"])


def read_back(context: Context, read: Callable[[Context, Message], Move | None]) -> Ask:
    """All that a yes would bind to, and the question."""
    loan = context.loan
    assert loan is not None
    debit = by_debit(context)
    choices = (*YES_NO, BY_HAND) if debit else YES_NO
    lines = (*terms(loan, offer_of(context), by_debit=debit), line(CONFIRM))
    return Ask(lines, "yes_no", read, choices, binds=True, brief=(lines[0], line(CONFIRM)))


def by_debit(context: Context) -> bool:
    """Whether the parts of what is read back are charged under the mandate that stands: where they fit into
    it, unless the borrower wants to pay them.
    """
    loan = context.loan
    assert loan is not None
    return not context.slots.get("by_hand") and fits(loan, offer_of(context))


def terms(loan: LoanFacts, offer: Offer, *, by_debit: bool = False) -> tuple[Line, ...]:
    """The words that are agreed to: the same for the question and for the record."""
    oldest = loan.instalments[0].due_date if loan.instalments else offer.first.due_date
    head = line(
        _TERMS[offer.kind],
        total=offer.total,
        parts=len(offer.parts),
        loan=loan.external_id,
        day=offer.last.due_date,
        owed=offer.total + offer.discount,
        due_date=oldest,
    )
    listed = _parts(offer) if len(offer.parts) > 1 else ()
    return (
        head,
        *listed,
        *_consequences(loan, offer),
        *_debit(loan, by_debit=by_debit and offer.kind == "plan"),
    )


def _parts(offer: Offer) -> tuple[Line, ...]:
    if len(offer.parts) <= MOST_LISTED:
        return tuple(line(PART_ITEM, day=part.due_date, amount=part.amount) for part in offer.parts)
    first, last = offer.first, offer.last
    each = offer.parts[1].amount
    series = line(
        PARTS_FROM_TO,
        first_amount=first.amount,
        first=first.due_date,
        each=each,
        last_amount=last.amount,
        last=last.due_date,
    )
    return (series,)


def _consequences(loan: LoanFacts, offer: Offer) -> tuple[Line, ...]:
    if offer.kind == "settlement":
        saves = (line(SAVES_SETTLEMENT, discount=offer.discount),) if offer.discount else ()
        return (*saves, line(IF_LATE))
    if offer.kind != "plan":
        return ()
    saves = (line(SAVES_PLAN, discount=offer.discount),) if offer.discount else ()
    more = loan.outstanding.total > offer.total + offer.discount
    return (*saves, line(IF_MISSED), *((line(OTHERS_STAY),) if more else ()))


def _debit(loan: LoanFacts, *, by_debit: bool) -> tuple[Line, ...]:
    """Whoever has a mandate must know whether it pays this for them; what is at the bank already may still be
    charged, and then nothing is promised.
    """
    mandate = loan.mandate
    if mandate is None or mandate.charges_in_flight:
        return ()
    return (line(BY_DEBIT, bank=mandate.bank, last4=mandate.last4),) if by_debit else (line(NO_DEBIT),)


def _made(context: Context, offer: Offer) -> Key:
    if by_debit(context):
        return MADE_BY_DEBIT
    if offer.kind != "plan":
        return _MADE[offer.kind]
    if offer.first.due_date == context.facts.today:
        return MADE_PLAN_TODAY
    return MADE_PLAN_QUIETLY if context.who.opted_out else MADE_PLAN  # nobody is reminded after BAJA


def say_yes(context: Context, then: str | None = None) -> Move:
    """Agreed: recorded in the words that were read back, and how to pay; a plan that is not charged by itself
    can be. The loan that comes next is taken by the flow `then`, or by the kind of what was agreed.
    """
    loan, offer, debit = context.loan, offer_of(context), by_debit(context)
    assert loan is not None
    if context.facts.refused == "terms_not_shown":
        return Go("confirm", lines=(line(SHOWN_AGAIN),))
    folio = f"C{loan.id}-{loan.plans_agreed + 1}"
    words = line(_made(context, offer), folio=folio, day=offer.first.due_date, amount=offer.first.amount)
    effects: tuple[Effect, ...] = (
        AgreePlan(
            loan.id,
            folio,
            offer,
            terms(loan, offer, by_debit=debit),
            policy_of(context).version,
            debit,
        ),
    )
    url = context.facts.page_url
    paper = (line(PAPER, url=url),) if url is not None else ()
    ways = () if debit else transfer(loan, context)
    lines = (words, *ways, *paper)
    if after := next_one(then or offer.kind, context, lines, effects):
        return after
    if offer.kind == "plan" and not debit and may_be_charged(context, loan):
        return Start("plan_debit", {"loan_id": loan.id}, lines, effects, alone=True)
    return Done(lines, effects, ends=NEGOTIATIONS)


def may_be_charged(context: Context, loan: LoanFacts) -> bool:
    """Whether a debit of its parts is worth offering: none is on its way, and nobody declined it just now."""
    declined = context.slots.get("by_hand")
    unsettled = loan.pending is not None or (loan.mandate is not None and loan.mandate.status != "active")
    flying = loan.mandate is not None and loan.mandate.charges_in_flight
    return context.facts.policy.mandate_offered and not (declined or unsettled or flying)


def unsure(context: Context) -> Reprompt:
    """A yes of some kind is no yes to this."""
    loan = context.loan
    assert loan is not None
    words = terms(loan, offer_of(context), by_debit=by_debit(context))
    return Reprompt((line(NEED_A_YES), *words, line(CONFIRM)))
