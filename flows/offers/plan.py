"""A debt in parts: up to three ways are proposed, a counter is taken or met once, and the one that is
chosen is read back.
"""

from collections.abc import Callable
from dataclasses import replace

from flows.acts.readings.idioms import asks_options
from flows.acts.readings.proposals import finds_too_much, knows_not
from flows.acts.readings.yes_after_all import yes_after_all
from flows.acts.words.hardships import tells_why
from flows.acts.words.questions import asks_if_missed, asks_of_offer, asks_what_it_costs
from flows.acts.words.sums import parts_meant
from flows.answers import (
    drops,
    is_unsure,
    is_yes,
    leans_no,
    leans_yes,
    not_now,
)
from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, HandOver, Move, Reprompt, Start
from flows.offers import anew, of_loans
from flows.offers.agreement import (
    PERSON,
    made,
    policy_of,
    propose,
    situation,
    stopped,
)
from flows.offers.arithmetic import Wish, propose_plans, situation_of
from flows.offers.plan_cancelled import cancel
from flows.offers.plan_counter import TOO_SMALL, answer_wish, may_be_whole, not_whole
from flows.offers.wishes import (
    cannot_more,
    names_weekday,
    none_fits,
    option_meant,
    pays_all,
    pays_part_now,
    wish_of,
    wish_of_request,
)
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.offer import Offer
from flows.types.wording import Line, key, line, title

flow = Flow(
    "plan",
    version=2,
    intents={"request_plan": title("meaning.request_plan")},
    payloads=("plan",),
    acts=("ask.plan", "change.plan", "restore.plan"),
    mappings={1: {"start": "start"}},
)

STANDING = key("offers.standing")
CHANGE_PLAN = title("offers.change_plan")
CANCEL_PLAN = title("offers.cancel_plan")
KEEP_PLAN = title("offers.keep_plan")
CHARGED = key("offers.charged")
KEPT_AS_IS = key("offers.kept_as_is")
INTRO = key("offers.intro")
OPTION_ITEM = key("offers.option_item")
OPTION_FIRST_ITEM = key("offers.option_first_item")
TOTAL = key("offers.total")
SAVES_PLAN = key("offers.saves_plan")
IF_MISSED = key("offers.if_missed")
OR_SAY = key("offers.or_say")
CHOOSE_BRIEF = key("offers.choose_brief")
OPTION = title("offers.option")
WHOLE = title("offers.whole")
AFFORD = key("offers.afford")
AFFORD_SKIP = title("offers.afford_skip")
CHANGED = key("offers.changed")
NOT_NOW = key("offers.not_now")

_BRIEF = 4
"""Words."""
_SAYS_WISH = (
    "request_plan",
    "promise_to_pay",
    "request_extension",
    "request_discount",
    "report_hardship",
    "deny",
    "affirm",
    "other",
)


@flow.state("start", "which", "standing", "choose", "confirm", "@promise", ".", "!")
def start(context: Context) -> Ask | Move:
    """What the first message already wishes is answered at once."""
    loan = context.loan
    wished = "act" not in context.request and not any(loan.plan for loan in context.who.loans)
    if wished and (of_which := of_loans.of_several(context, _may_be_spread(context))):
        return of_which
    if loan is not None and loan.plan is not None and not context.slots.get("anew"):
        return (anew.wished(context, loan) and anew.begin(loan)) or Go("standing", {"loan_id": loan.id})
    if policy_of(context).plan is None:
        return HandOver("plan_request", 1, (line(PERSON, hours=context.lender.hours),))
    if (move := stopped(context, "plan_request")) is not None:
        return move
    assert loan is not None
    wish = _first_wish(context)
    if wish.whole and may_be_whole(context) and not context.slots.get("whole"):
        return Go("start", {"loan_id": loan.id, "whole": True})
    if replace(wish, whole=False) and (found := answer_wish(context, wish)) is not None:
        return found
    offers = propose_plans(policy_of(context), situation(context, loan))
    if not offers:
        return Start("promise", {"loan_id": loan.id}, (line(TOO_SMALL),))
    return Go("choose", {"loan_id": loan.id}, not_whole(context, wish), (made(context, loan, *offers),))


def _may_be_spread(context: Context) -> Callable[[LoanFacts], bool]:
    policy = policy_of(context)
    return lambda loan: bool(propose_plans(policy, situation(context, loan)))


@flow.state("start")
def which(context: Context) -> Ask:
    return of_loans.ask(context, _may_be_spread(context))


def _first_wish(context: Context) -> Wish:
    """Of the message that called for the plan; of what is remembered of it, once it has gone by."""
    message, today = context.message, context.facts.today
    if context.loan is not None and context.slots.get("anew"):
        return anew.wished(context, context.loan) or Wish()
    if message is not None and message.intent == "request_plan" and message.payload is None:
        return wish_of(message, today)
    return wish_of_request(context.request, today)


@flow.state("start", ".", "!")
def standing(context: Context) -> Ask | Move:
    """One is in force: it is kept, ended, or changed by a person."""
    loan = context.loan
    if loan is None or loan.plan is None:
        return Done()
    part = loan.plan.next_part
    assert part is not None
    choices = (Choice("keep", KEEP_PLAN), Choice("change", CHANGE_PLAN), Choice("cancel_plan", CANCEL_PLAN))
    words = line(STANDING, folio=loan.plan.folio, amount=part.amount, day=part.due_date)
    return Ask(
        (words, *((line(CHARGED),) if loan.plan.by_debit and loan.mandate else ())),
        "choice",
        _read_standing,
        choices,
    )


def _read_standing(context: Context, message: Message) -> Move | None:
    loan = context.loan
    assert loan is not None
    if message.topic is not None:  # «¿y si me atraso una semana?»
        return None
    if message.act == "ask.plan":
        return Reprompt(answers=True)
    if message.payload == "cancel_plan":
        return cancel(loan)
    if message.payload == "keep" or is_yes(message):
        return Done((line(KEPT_AS_IS),))
    if anew.wished(context, loan) or (message.payload == "change" and anew.possible(context, loan)):
        return anew.begin(loan)
    wants_other = message.payload == "change" or bool(wish_of(message, context.facts.today))
    if wants_other or message.intent == "request_plan":
        return HandOver("plan_change", 1, (line(PERSON, hours=context.lender.hours),))
    return None


@flow.state("start", "choose", "afford", "confirm", "@promise", "@partial", ".", "!")
def choose(context: Context) -> Ask | Move:
    loan = context.loan
    if (move := stopped(context, "plan_request")) is not None:
        return move
    assert loan is not None
    offers = propose_plans(policy_of(context), situation(context, loan))
    if not offers:
        return Start("promise", {"loan_id": loan.id}, (line(TOO_SMALL),))
    owed = offers[0].total + offers[0].discount
    saves = (line(SAVES_PLAN, discount=offers[0].discount),) if offers[0].discount else ()
    lines = (line(INTRO, owed=owed), *map(_option, offers), line(TOTAL, total=offers[0].total), *saves)
    choices = tuple(
        Choice(f"parts.{len(offer.parts)}", OPTION, {"parts": len(offer.parts), "each": offer.last.amount})
        for offer in offers
    )
    if _whole_is_more(context, offers[0]):
        choices += (Choice("whole", WHOLE),)
    brief = (line(CHOOSE_BRIEF),)
    shown = Reprompt((*map(_option, offers), *brief))
    read = or_shown(_read_choice, shown, (line(TOTAL, total=offers[0].total), *brief), options=shown)
    return Ask((*lines, line(IF_MISSED), line(OR_SAY)), "choice", read, choices, brief=brief)


_Read = Callable[[Context, Message], Move | None]


def or_shown(read: _Read, shown: Reprompt, costs: tuple[Line, ...], *, options: Move) -> _Read:
    """«¿Y de cuánto es cada uno?», of what is offered: it is shown again; «¿y si me atraso?», «¿me cobran
    intereses?»: it is said; «déjame ver las opciones»: all of them.
    """

    def answered(context: Context, message: Message) -> Move | None:
        if message.payload is None and message.intent == "other" and asks_what_it_costs(message.text):
            return Reprompt(costs, answers=True)
        if _asks_options(message):
            return options
        if not asks_of_offer(message.text):
            return read(context, message)
        return Reprompt((line(IF_MISSED), *costs[1:])) if asks_if_missed(message.text) else shown

    return answered


def _whole_is_more(context: Context, shown: Offer) -> bool:
    """Whether all that is owed may be spread too, and is more than what these offers spread."""
    loan = context.loan
    if loan is None or context.slots.get("whole") or not may_be_whole(context):
        return False
    whole = propose_plans(
        policy_of(context), situation_of(loan, context.facts.today, policy_of(context), whole=True)
    )
    return bool(whole) and whole[0].total > shown.total


def _option(offer: Offer) -> Line:
    days = {"first": offer.first.due_date, "last": offer.last.due_date}
    each, parts = offer.last.amount, len(offer.parts)
    if (offer.first.amount - each).centavos > parts:
        return line(OPTION_FIRST_ITEM, parts=parts, each=each, first_amount=offer.first.amount, **days)
    return line(OPTION_ITEM, parts=parts, each=each, **days)


def shown_meant(context: Context, loan: LoanFacts, message: Message) -> Offer | None:
    """The one of those that were shown which an answer names in words."""
    return option_meant(message.text, propose_plans(policy_of(context), situation(context, loan)))


def wish_in(context: Context, message: Message, meant: Offer | None = None) -> Wish:
    """What an answer wishes; a number alone, «seis», is of payments; «la segunda, empezando el viernes», of
    those of the one that is `meant`.
    """
    wish = wish_of(message, context.facts.today)
    parts = parts_meant(message.text) if message.payload is None and not wish else None
    if meant is not None and wish and wish == Wish(first=wish.first):
        parts = len(meant.parts)
    return replace(wish, parts=parts) if parts else wish


def _read_choice(context: Context, message: Message) -> Move | None:
    loan = context.loan
    assert loan is not None
    if message.payload == "whole":
        return Go("choose", {"whole": True})
    if message.payload is not None:
        return picked(context, message.payload)
    if pays_part_now(message, context.facts.today):
        return Start("partial", {"loan_id": loan.id, "request": message.gist})
    meant = shown_meant(context, loan, message)
    wish = wish_in(context, message, meant)
    if pays_all(message) or (len(message.parts) > 1 and wish.parts is None):
        return Start("promise", {"loan_id": loan.id, "request": message.gist})
    if wish.whole and (move := _of_whole(context, wish)):
        return move
    if wishes(message, wish):
        return answer_wish(context, wish)
    if meant is not None:
        return propose(context, loan, meant)
    return of_loans.other_one(context, message) or _chooses_none(context, message)


def _chooses_none(context: Context, message: Message) -> Move | None:
    if message.intent == "request_plan":
        return Go("choose")
    if "offer" in context.slots and yes_after_all(message):
        return Go("confirm")
    return _declines(message) or (Reprompt((line(CHOOSE_BRIEF),)) if leans_yes(message) else None)


def _declines(message: Message) -> Move | None:
    """None of the plans that are shown: not now, or because it is too much. Why there is no money is heard
    before that.
    """
    if message.intent == "report_hardship" and message.certain and tells_why(message.text):
        return None
    if not_now(message) or drops(message) or (is_unsure(message) and not knows_not(message)):
        return Done((line(NOT_NOW),))
    too_much = (
        none_fits(message.text)
        or message.intent == "report_hardship"
        or leans_no(message)
        or finds_too_much(message)
        or cannot_more(message)
    )
    return Go("afford") if too_much or knows_not(message) else None


def _of_whole(context: Context, wish: Wish) -> Move | None:
    """All that is owed. What policy does not have is answered once; asked for again it is a person's to
    decide.
    """
    if may_be_whole(context) and not context.slots.get("whole"):
        return Go("start", {"whole": True})
    if replace(wish, whole=False):
        return None
    if not context.slots.get("refused"):
        return Go("choose", {"refused": True}, not_whole(context, wish))
    return HandOver("plan_request", 1, (line(PERSON, hours=context.lender.hours),))


def _asks_options(message: Message) -> bool:
    return message.payload is None and message.intent == "request_plan" and asks_options(message.text)


def wishes(message: Message, wish: Wish) -> bool:
    """Whether it is another wish for the plan, and no question that only names a sum or a day."""
    says = message.intent in _SAYS_WISH or not message.certain or names_weekday(message)
    brief = wish.amount is not None and len(message.text.split()) <= _BRIEF  # «¿y de 500?»
    return bool(wish) and (says or brief or wish.parts is not None)


def picked(context: Context, payload: str) -> Move | None:
    """One of the proposed plans, by its button: also while another question is open."""
    loan = context.loan
    assert loan is not None
    if not payload.startswith("parts."):
        return None
    offers = propose_plans(policy_of(context), situation(context, loan))
    chosen = [offer for offer in offers if f"parts.{len(offer.parts)}" == payload]
    return propose(context, loan, chosen[0]) if chosen else Go("choose", lines=(line(CHANGED),))


@flow.state("choose", "confirm", "@promise", ".", "!")
def afford(context: Context) -> Ask | Move:
    """What is possible each time: may be skipped."""
    del context
    return Ask((line(AFFORD),), "amount", _read_afford, (Choice("skip", AFFORD_SKIP), AGENT))


def _read_afford(context: Context, message: Message) -> Move | None:
    if message.payload == "skip" or leans_no(message):
        return Done((line(NOT_NOW),))
    if message.payload is not None:
        return picked(context, message.payload)
    wish = wish_of(message, context.facts.today)
    if wish:
        return answer_wish(context, wish)
    if context.loan is None:
        return stopped(context, "plan_request")
    meant = shown_meant(context, context.loan, message)
    if meant is not None:  # «está bien, la primera»
        return propose(context, context.loan, meant)
    return Go("choose") if yes_after_all(message) or leans_yes(message) else None
