"""A promise to pay: a day and an amount inside policy, read back, confirmed; the one that stands is moved."""

from datetime import date, timedelta
from typing import Any

from flows import which_loan
from flows.acts.readings.proposals import finds_too_much
from flows.acts.readings.yes_after_all import yes_after_all
from flows.acts.words.asked import asks_least
from flows.acts.words.other_day import asks_latest_day, means_now, speaks_of_contact, wishes_other_day
from flows.acts.words.reported import agreed_with_others
from flows.acts.words.signals import Signals
from flows.acts.words.sums import sum_changed
from flows.answers import (
    agrees,
    drops,
    is_no,
    is_unsure,
    is_yes,
    leans_yes,
    thinks_it_over,
)
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Reprompt
from flows.owed.nothing import nothing_owed
from flows.promises.answer import answered, is_of_other
from flows.promises.by_loan import each_in_turn, of_charge, one_by_one, other_added
from flows.promises.further import further, moved
from flows.promises.left_open import asks_day, asks_sum, picked_day, picked_sum, which_day, which_sum
from flows.promises.read_back import REST_UNDATED, loan_of, month_end
from flows.promises.standing import named as promise_named
from flows.promises.terms import (
    Given,
    amount_problem,
    day_problem,
    due,
    in_week,
    latest,
    least_sum,
    next_week,
    requested,
)
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title
from values import Money, next_payday

flow = Flow(
    "promise",
    intents={
        "promise_to_pay": title("meaning.promise_to_pay"),
    },
    acts=("make.promise", "move.promise", "break.promise", "confirm.promise", "restore.promise"),
    payloads=("later",),
    keeps={"promise_to_pay": "loan_id"},  # «en la mañana»: what was given stays
)

STANDING = key("promise.standing")
LEFT = key("promise.left")
NOT_NOTED = key("promise.not_noted")
ASK_DAY = key("promise.ask_day")
ASK_DAY_OF = key("promise.ask_day_of")
ASK_DAY_OF_WEEK = key("promise.ask_day_of_week")
ASK_SUM_OF_WEEK = key("promise.ask_sum_of_week")
ASK_DAY_BRIEF = key("promise.ask_day_brief")
ASK_CHANGE = key("promise.ask_change")
ASK_AMOUNT = key("promise.ask_amount")
ASK_AMOUNT_REPORTED = key("promise.ask_amount_reported")
ASK_AMOUNT_BRIEF = key("promise.ask_amount_brief")
LETS_CHANGE = key("promise.lets_change")
DROPPED = key("promise.dropped")
UNSURE = key("promise.unsure")
CHANGE = title("promise.change")
LEAVE = title("promise.leave")
DAY_CHOICE = title("promise.day_choice")
ALL_CHOICE = title("promise.all_choice")
SUM_CHOICE = title("promise.sum_choice")

BLANK = dict.fromkeys(("amount", "change", "changing", "date", "days", "rest", "sums", "week"))
"""The slots of what is read back, emptied for another loan's."""


@flow.state("which", "begin", ".")
def start(context: Context) -> Ask | Move:
    """Of several loans: the one that the message names, or the promise is about; else it is asked."""
    loans = which_loan.owing(context)
    if not loans:
        return Done(nothing_owed(context))
    if context.message and (of_each := each_in_turn(context, context.message)):
        return of_each
    if moves := promise_named(loans, context.message.text if context.message else ""):
        return Go("begin", {"loan_id": moves.id})
    if len(loans) == 1 or ("loan_id" in context.slots and not which_loan.means_both(context.message)):
        return Go("begin")
    if context.request.get("act") in ("move.promise", "break.promise", "confirm.promise"):
        loan = next((loan for loan in loans if loan.promise), loans[0])
    elif charged := of_charge(context):
        loan = charged
    elif priced := which_loan.of_sum(loans, context.named_sum, context.facts.today):
        loan = priced
    elif len(loans) == 2 and any(part.get("other_loan") for part in context.request.get("parts", ())):
        loan = loans[1]
    else:
        named = which_loan.named(context, context.message.text) if context.message else None
        if named is None:
            return one_by_one(context) if which_loan.means_all(context.message) else Go("which")
        loan = named
    return Go("begin", {"loan_id": loan.id})


@flow.state("begin", "which")
def which(context: Context) -> Ask | Move:
    goes = which_loan.goes_to("begin")
    return which_loan.ask(context, goes, "which", ("amount", "date"), of_all=one_by_one, of_each=each_in_turn)


@flow.state("keep", "day", "amount", "confirm", ".")
def begin(context: Context) -> Ask | Move:
    """What the first message says already is not asked again; what it leaves open of a promise that stands
    stays as it is.
    """
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    standing, act = loan.promise, context.request.get("act")
    wanted = in_week(context, loan, requested(context, loan), context.message)
    week = next_week(context.message, context.facts.today)
    in_store = context.message is not None and context.lender.ways.in_store(context.message.text)
    slots: dict[str, Any] = {"loan_id": loan.id, **week, **wanted.slots, "in_store": in_store}
    if standing is None:
        refused = wanted.amount and not wanted.day and amount_problem(context, loan, wanted.amount)
        return Go("amount" if refused else next_state(context, slots), slots, _not_noted(context))
    parts = context.request.get("parts", ())
    if len(parts) == 1 and parts[0].get("share") == "rest" and not wanted.day:
        left = Money(max(0, (due(context, loan) - standing.amount).centavos))
        return Done(((line(REST_UNDATED, rest=left)),) if left else ())
    if wanted.is_open and not standing.rest:
        kept = {"amount": standing.amount.centavos, "date": standing.due_date.isoformat(), "change": True}
        return Go(next_state(context, kept | slots), kept | slots)
    if more := further(context, standing):
        return Go("confirm", {"loan_id": loan.id, **more, "change": True})
    if act == "confirm.promise":
        return Done((line(LEFT, amount=standing.amount, due_date=standing.due_date),))
    days = (None, standing.due_date, *(part.due_date for part in standing.rest))
    same_day = wanted.day in days  # unlike «can't make it, next friday instead»
    if not wanted or (act == "break.promise" and same_day):
        if act not in ("move.promise", "break.promise"):
            return Go("keep", slots)
        kept = {"loan_id": loan.id, "amount": standing.amount.centavos}
        moves = (wanted.day or standing.due_date).isoformat()
        return Go("day", {**kept, "change": True, "moves": moves})
    text = context.message.text if context.message else ""
    return Go("confirm", {**slots, **moved(standing, wanted, text), "change": True})


def _not_noted(context: Context) -> tuple[Line, ...]:
    """«Ya había quedado con su compañera»: nothing of it stands here."""
    text = context.message.text if context.message else ""
    says = Signals(text)
    told = agreed_with_others(text) or (says.agreed and says.cannot)
    return (line(NOT_NOTED),) if told else ()


def next_state(context: Context, slots: dict[str, Any]) -> str:
    """A day that cannot be kept is talked about before the sum."""
    if not slots.get("date") or day_problem(context, date.fromisoformat(slots["date"])):
        return "day"
    return "confirm" if slots.get("amount") else "amount"


@flow.state("day", "amount", "confirm", ".")
def keep(context: Context) -> Ask | Move:
    """One promise stands: keep it, or put another in its place?"""
    loan = context.loan
    if loan is None or loan.promise is None:
        return Go(next_state(context, dict(context.slots)))
    question = line(STANDING, amount=loan.promise.amount, due_date=loan.promise.due_date)
    return Ask((question,), "yes_no", _change, (Choice("yes", CHANGE), Choice("no", LEAVE)))


def _change(context: Context, message: Message) -> Move | None:
    standing = loan_of(context).promise
    assert standing is not None
    wanted = answered(context, message)
    if wanted.is_open:
        return Go(next_state(context, {**context.slots, **wanted.slots}), {**wanted.slots, "change": True})
    if wanted:
        return Go("confirm", {**moved(standing, wanted, message.text), "change": True})
    if is_yes(message) or (message.payload is None and message.intent == "affirm"):
        return Go(next_state(context, dict(context.slots)), {"change": True})
    if is_no(message) or drops(message) or (message.payload is None and message.intent == "deny"):
        return dropped(context)
    return None


def dropped(context: Context) -> Done:
    """No new promise: one that stands is still there, and that is what is answered."""
    standing = loan_of(context).promise
    if standing is None:
        return Done((line(DROPPED),))
    return Done((line(LEFT, amount=standing.amount, due_date=standing.due_date),))


def _left(context: Context, message: Message) -> Move | None:
    """No promise after all, or not yet."""
    if is_of_other(message):
        return None
    if drops(message) or is_no(message):
        return dropped(context)
    return Done((line(UNSURE),)) if is_unsure(message) else None


@flow.state("day", "amount", "confirm", ".")
def day(context: Context) -> Ask | Move:
    if _loan_gone(context):
        return Done()
    week = context.day("week")
    first = week or context.facts.today + timedelta(days=1)
    friday = (week + timedelta(days=4),) if week else ()
    days = dict.fromkeys(d for d in (first, next_payday(first), *friday) if d <= latest(context))
    choices = tuple(Choice(f"day.{d.isoformat()}", DAY_CHOICE, {"day": d}) for d in days)
    wanted = context.day("date")
    problem = day_problem(context, wanted) if wanted else None
    changing, amount = context.slots.get("changing"), context.money("amount")
    asks = line(ASK_CHANGE if changing else ASK_DAY, latest=latest(context))
    if amount and not changing:
        asks = line(ASK_DAY_OF, amount=amount, latest=latest(context))
    if week and week <= latest(context):
        asks = line(ASK_SUM_OF_WEEK, week=week, amount=amount) if amount else line(ASK_DAY_OF_WEEK, week=week)
    if named := which_day(context):
        choices = tuple(Choice(f"day.{d.isoformat()}", DAY_CHOICE, {"day": d}) for d in named)
        asks = asks_day(named)
        return Ask((asks,), "date", _read_day, choices, brief=(asks,))
    return Ask((problem or asks,), "date", _read_day, choices, brief=(line(ASK_DAY_BRIEF),))


def _loan_gone(context: Context) -> bool:
    return context.loan is None or not context.loan.instalments


def _read_day(context: Context, message: Message) -> Move | None:
    wanted = _named_day(context, message)
    if context.slots.get("changing") and context.money("amount") and yes_after_all(message):
        return Go("confirm")
    if not wanted and message.payload is None and asks_latest_day(message.text):
        return Reprompt((line(ASK_DAY, latest=latest(context)),))
    if not wanted and (week := next_week(message, context.facts.today, asked=True)):
        return Go("day", week)
    if not wanted and message.payload is None and wishes_other_day(message.text):
        return Reprompt((line(ASK_DAY, latest=latest(context)),))
    if not wanted and _of_that_day(message):
        return Reprompt((line(ASK_DAY_BRIEF),))
    if not wanted:
        return _left(context, message) or (Reprompt((line(ASK_DAY_BRIEF),)) if leans_yes(message) else None)
    if wanted.day is not None and (problem := day_problem(context, wanted.day)):
        return Reprompt((problem,))
    kept = context.day("date")
    refused: dict[str, Any] = {"date": None} if kept and day_problem(context, kept) else {}
    moves, standing = context.day("moves"), loan_of(context).promise
    given = (
        moved(standing, wanted, message.text, moves) if moves and standing and wanted.day else wanted.slots
    )
    found = {**refused, **given}  # after a sum, a day that could not be kept is asked for afresh
    return Go(next_state(context, {**context.slots, **found}), found)


def _named_day(context: Context, message: Message) -> Given:
    if message.payload is not None and message.payload.startswith("day."):
        return Given(date.fromisoformat(message.payload.removeprefix("day.")))
    if picked := picked_day(which_day(context), message):
        return Given(picked)
    now = message.payload is None and means_now(message.text)
    return answered(context, message) or Given(context.facts.today if now else None)


def _of_that_day(message: Message) -> bool:
    """«Por la tarde», «entre semana», of the day to pay, and of no messages."""
    return message.intent == "contact_preference" and not speaks_of_contact(message.text)


@flow.state("day", "amount", "confirm", ".")
def amount(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done()
    pending = due(context, loan)
    choice = Choice(f"amount.{pending.centavos}", ALL_CHOICE, {"amount": pending})
    wanted = context.money("amount")
    problem = amount_problem(context, loan, wanted) if wanted else None
    reported = "payment_reported" in loan.holds  # what is left of it nobody knows yet
    words = line(ASK_AMOUNT_REPORTED if reported else ASK_AMOUNT, due_date=context.day("date"), due=pending)
    asks = (*month_end(context), problem or words)
    if named := which_sum(context):
        choices = tuple(Choice(f"amount.{each.centavos}", SUM_CHOICE, {"amount": each}) for each in named)
        return Ask((asks_sum(named),), "amount", _read_amount, choices, brief=(asks_sum(named),))
    choices = () if reported else (choice,)
    return Ask(asks, "amount", _read_amount, choices, brief=(line(ASK_AMOUNT_BRIEF),))


def _means_due(message: Message) -> bool:
    """«Sí», «sí señor, muy amable», to what is pending."""
    affirms = message.payload is None and message.intent == "affirm"
    return message.amount is None and (affirms or (agrees(message) and message.date is None))


def _no_sum(context: Context, loan: LoanFacts, message: Message) -> Move | None:
    """Where an answer to the question for the sum names none: less, more, another day, the other loan."""
    of_reported = "payment_reported" in loan.holds and message.amount is None and leans_yes(message)
    if of_reported or _of_that_day(message):
        return Reprompt((line(ASK_AMOUNT_BRIEF),))
    if message.payload is not None:
        return None
    if context.day("date") and (move := other_added(context, message)):
        return move
    changed = sum_changed(message.text)
    if asks_least(message.text) or changed == "less" or finds_too_much(message):
        return Reprompt((least_sum(context, loan),))
    if changed:
        return Reprompt((line(ASK_AMOUNT_BRIEF),))
    other_day = message.date is None and wishes_other_day(message.text)
    return Go("day", {"date": None, "changing": True}, (line(LETS_CHANGE),)) if other_day else None


def _read_amount(context: Context, message: Message) -> Move | None:
    loan, unsure = loan_of(context), thinks_it_over(message)
    if move := _no_sum(context, loan, message):
        return move
    if message.payload is not None and message.payload.startswith("amount."):
        wanted = Given(amount=Money(int(message.payload.removeprefix("amount."))))
    elif picked := picked_sum(which_sum(context), message):
        wanted = Given(amount=picked)
    elif which_sum(context) and leans_yes(message) and message.amount is None:
        return Reprompt((asks_sum(which_sum(context)),))
    elif _means_due(message) and not unsure:
        wanted = Given(amount=due(context, loan))
    else:
        wanted = answered(context, message)
    if wanted.amount is None:
        moved_to = next_state(context, {**context.slots, **wanted.slots})
        return Go(moved_to, wanted.slots) if wanted else _left(context, message)
    if problem := amount_problem(context, loan, wanted.amount):
        return Reprompt((problem,))
    return Go(next_state(context, {**context.slots, **wanted.slots}), wanted.slots)
