"""A loan closed for less than it owes: only where policy opens a discount, at its price whatever the tone."""

import re
from collections.abc import Callable

from flows import which_loan
from flows.acts.readings.agreed import agrees_to_terms
from flows.acts.words.signals import Signals
from flows.answers import is_no, is_unsure, leans_yes, plain
from flows.buttons import AGENT, LATER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Reprompt, Start
from flows.offers import of_loans
from flows.offers.agreement import (
    PERSON,
    offer_of,
    policy_of,
    propose,
    read_back,
    say_yes,
    situation,
    stopped,
    unsure,
)
from flows.offers.arithmetic import payoff, settlement
from flows.smalltalk.hello import no_answer
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import key, line, title

flow = Flow(
    "settlement",
    intents={"request_discount": title("meaning.request_discount")},
    payloads=("settlement",),
)

NONE = key("offers.no_discount")
NONE_BUT = key("offers.no_discount_but")
NONE_BRIEF = key("offers.no_discount_brief")
WHICH_HELP = key("offers.which_help")
NO_LOWER = key("offers.no_lower")
NOT_NOW = key("offers.not_now")
CHANGED = key("offers.changed")
_IF_PAID = re.compile(r"\b(?:si|if) (?:\w+ )?(?:pag|d(?:oy|e\b)|deposit|abon|liquid|pay|give)\w*")
_IF_CLOSED = re.compile(
    r"\b(?:si|por|if) (?:\w+ )?(?:liquid|salda|finiquit|pago todo|pagar todo|pay (?:it )?off)\w*"
)
IN_PARTS = title("offers.in_parts")


@flow.state("start", "which", "none", "confirm", "@promise", "@payoff", ".", "!")
def start(context: Context) -> Ask | Move:
    if of_which := of_loans.of_several(context, _may_be_settled(context)):
        return of_which
    if (move := stopped(context, "discount_request")) is not None:
        return move
    loan = context.loan
    assert loan is not None
    offer = settlement(policy_of(context), situation(context, loan))
    if offer is not None:
        return propose(context, loan, offer)
    if _pays_anyway(context):
        return Start("promise", {"loan_id": loan.id, "request": context.request}, (line(NONE_BUT),))
    if _pays_whole(context):
        saves = payoff(policy_of(context), situation(context, loan), context.facts.today).discount
        about = {"loan_id": loan.id} if which_loan.meant(context) else {}
        return Start("payoff", about | {"request": context.request}, () if saves else (line(NONE_BRIEF),))
    return Go("none", {"loan_id": loan.id}) if context.alone else Done((line(NONE_BRIEF),))


def _pays_anyway(context: Context) -> bool:
    """«Le pago 680 el viernes, pero si me quitan los recargos»; and not «¿y si pago 500?»."""
    text = context.message.text if context.message else ""
    gives = {"amount", "date"} <= context.request.keys()
    return gives and Signals(text).pays and not Signals(text).marked and not _IF_PAID.search(plain(text))


def _pays_whole(context: Context) -> bool:
    """«¿Y si pago todo?», «¿me hacen descuento si liquido?»: what closes it may be less."""
    shares = [part.get("share") for part in context.request.get("parts", ())]
    text = context.message.text if context.message else ""
    return shares == ["all"] or _IF_CLOSED.search(plain(text)) is not None


def _may_be_settled(context: Context) -> Callable[[LoanFacts], bool]:
    policy = policy_of(context)
    return lambda loan: settlement(policy, situation(context, loan)) is not None


@flow.state("start")
def which(context: Context) -> Ask:
    return of_loans.ask(context, _may_be_settled(context))


@flow.state(".")
def none(context: Context) -> Ask | Move:
    """A plain answer, with what there is instead."""
    plans = (Choice("plan", IN_PARTS),) if policy_of(context).plan is not None else ()
    return Ask((line(NONE),), "choice", _which_help, (*plans, LATER, AGENT), menu=True)


def _which_help(context: Context, message: Message) -> Move | None:
    """«Sí», to two things at once."""
    return Reprompt((line(WHICH_HELP),)) if leans_yes(message) else no_answer(context, message)


@flow.state("start", "confirm", "@settlement", ".", "!")
def confirm(context: Context) -> Ask | Move:
    if (move := stopped(context, "discount_request")) is not None:
        return move
    loan, offer = context.loan, offer_of(context)
    assert loan is not None
    if offer.total + offer.discount != loan.outstanding.total:
        return Go("start", lines=(line(CHANGED),))
    return read_back(context, _confirmed)


_TAKES = re.compile(r"\b(?:si|ok|va|yes) .*\b(?:acepto|l[oa] tomo|accept|take it)\b")
"""«Ok, sí acepto el descuento»: a yes of some kind, and no wish for a lower one."""


def _confirmed(context: Context, message: Message) -> Move | None:
    offer = offer_of(context)
    if other := of_loans.other_one(context, message):
        return other
    if agrees_to_terms(message):
        return say_yes(context)
    if is_unsure(message):
        return Done((line(NOT_NOW),))
    if message.payload is None and message.amount is None and _TAKES.search(plain(message.text)):
        return unsure(context)
    lower = message.amount is not None and message.amount < offer.total
    if message.payload is None and (lower or message.intent == "request_discount"):
        if context.slots.get("met"):
            return HandOver("discount_request", 1, (line(PERSON, hours=context.lender.hours),))
        return Go("confirm", {"met": True}, (line(NO_LOWER),))
    if is_no(message) or message.intent == "deny":
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None
