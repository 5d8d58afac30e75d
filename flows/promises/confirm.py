"""The read-back of a promise: a plain yes makes it, a day or a sum corrects it."""

from flows import which_loan
from flows.acts.readings.agreed import agrees_by_a_way
from flows.acts.readings.charges import wishes_charge
from flows.acts.readings.proposals import names_vaguely
from flows.acts.words.other_day import wishes_other_day
from flows.acts.words.signals import Signals
from flows.acts.words.sums import sum_changed
from flows.answers import (
    YES_NO,
    agrees,
    agrees_somehow,
    begins_with_yes,
    drops,
    is_unsure,
    is_yes,
    leans_no,
)
from flows.context import Context
from flows.engine import Ask, Done, Go, Move, Reprompt, Start
from flows.owed.payment_methods import how_to_pay
from flows.promises.answer import answered, dated_rest, names_it, other_loan
from flows.promises.by_loan import OfLoan, other_added
from flows.promises.further import added, plus
from flows.promises.promise import BLANK, LETS_CHANGE, UNSURE, dropped, flow, next_state
from flows.promises.read_back import loan_of, made_words, read_back, rest_of
from flows.promises.terms import (
    NEGOTIATIONS,
    Given,
    amount_problem,
    charge_lines,
    day_problem,
    due,
    next_week,
)
from flows.types.effects import MakePromise
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import key, line
from values import Money

READ_BACK_BRIEF = key("promise.read_back_brief")
YES_OR_NO = key("promise.yes_or_no")
CHANGED = key("promise.owed_changed")
NOTHING_LATE = key("promise.nothing_late")


@flow.state("begin", "day", "amount", "confirm", "@promise", ".")
def confirm(context: Context) -> Ask | Move:
    """Read back in full; only a plain yes makes the promise. A day or a sum corrects it: read back again. So
    does money that came in since.
    """
    loan, due_date, promised = context.loan, context.day("date"), context.money("amount")
    assert due_date is not None
    assert promised is not None
    if loan is None or not loan.instalments:
        return Done()
    if (move := _owed_otherwise(context, loan, promised)) is not None:
        return move
    if day_problem(context, due_date):
        return Go("day")
    if amount_problem(context, loan, promised):
        return Go("amount")
    brief = (
        read_back(context)
        if rest_of(context)
        else (line(READ_BACK_BRIEF, amount=promised, due_date=due_date),)
    )
    return Ask(read_back(context), "yes_no", _confirmed, YES_NO, binds=True, brief=brief)


def _owed_otherwise(context: Context, loan: LoanFacts, promised: Money) -> Move | None:
    """Keeps what was due when it was first read back, and says that it has changed."""
    now, then = due(context, loan), context.money("owed") if context.slots.get("owed_of") == loan.id else None
    if then == now:
        return None
    kept = {"owed": now.centavos, "owed_of": loan.id}
    if then is None:
        return Go("confirm", kept)
    if promised <= now and promised < then:
        return Go("confirm", {**kept, "rest": None}, (line(CHANGED),))
    if not loan.due_by(context.facts.today):
        return Done((line(NOTHING_LATE),))
    return Go("amount", {**kept, "amount": None, "rest": None}, (line(CHANGED),))


def _confirmed(context: Context, message: Message) -> Move | None:
    loan, due_date, promised = loan_of(context), context.day("date"), context.money("amount")
    assert due_date is not None
    assert promised is not None
    if added_loan := other_added(context, message):
        return added_loan
    if other := other_loan(context, message):
        return _about_other(context, message, other)
    wanted = answered(context, message)
    same = wanted.day in (None, due_date) and wanted.amount in (None, promised) and not wanted.rest
    same = same and not wanted.is_open
    if more := plus(message, due_date):
        return Go("confirm", {"amount": (promised + more).centavos})
    if later := added(context, message):
        earlier = (context.slots.get("rest") or ()) if later["amount"] else ()
        return Go("confirm", {"rest": [*earlier, later]})
    if is_yes(message) or (same and (agrees(message) or agrees_by_a_way(message))):
        rest = rest_of(context)
        made = made_words(promised, due_date, rest)
        charge = loan.announced_charge.id if loan.announced_charge else None
        effect = MakePromise(loan.id, promised, due_date, charge, rest)
        lines = (*made, *charge_lines(loan), *how_to_pay(loan, context))
        if then := context.slots.get("then"):
            request = {"date": due_date.isoformat(), **then[0].get("request", {})}
            slots = {**then[0], "request": request, "then": then[1:]}
            following = next(loan for loan in context.who.loans if loan.id == then[0]["loan_id"])
            next_loan = line(which_loan.NEXT, loan=following.external_id)
            return Start("promise", slots, (*lines, next_loan), (effect,))
        return Done(lines, (effect,), ends=NEGOTIATIONS)
    if wanted.day and not wanted.amount and (dated := dated_rest(context, wanted.day)):
        return Go("confirm", {"rest": dated})
    if wanted and not same:
        dropped = (
            {} if wanted.day in (None, due_date) else {"rest": None}
        )  # another sum leaves the second day
        found = {**dropped, **wanted.slots}
        return Go(next_state(context, {**context.slots, **found}), found)
    return _not_agreed(context, message, wanted)


def _about_other(context: Context, message: Message, other: LoanFacts) -> Go:
    """«No, del otro»: of the day and the sum that are read back. «Mejor el chico el sábado»: that loan comes
    first, and this one after it. «Solo el grande», of both: that one alone.
    """
    both = next((each for each in context.slots.get("then", ()) if each["loan_id"] == other.id), None)
    if both and message.date is None and message.amount is None:
        return Go(
            "begin", {**BLANK, **both, "then": [each for each in context.slots["then"] if each is not both]}
        )
    due_date, promised = context.day("date"), context.money("amount")
    assert due_date is not None
    assert promised is not None
    if message.date is None and message.amount is None:
        today = context.facts.today
        whole = promised == loan_of(context).payable(today)  # of the one it was read back for
        amount = other.payable(today) if whole else promised
        return Go("confirm", {"loan_id": other.id, "amount": amount.centavos})
    this = OfLoan(loan_of(context), promised, due_date)
    after = [this.slots, *(each for each in context.slots.get("then", ()) if each["loan_id"] != other.id)]
    return Go("begin", {**BLANK, "loan_id": other.id, "request": message.gist, "then": after})


def _not_agreed(context: Context, message: Message, wanted: Given) -> Move | None:
    """No plain yes, and nothing that corrects it."""
    if message.payload is None and sum_changed(message.text):
        return Go("amount", {"amount": None, "rest": None, "sums": None}, (line(LETS_CHANGE),))
    if week := next_week(message, context.facts.today):
        return Go("day", {"date": None, "rest": None, **week})
    if drops(message):
        return dropped(context)
    if is_unsure(message):
        return Done((line(UNSURE),))
    if names_vaguely(message):
        return Go("day", {"changing": True}, (line(LETS_CHANGE),))
    cannot = message.date == context.day("date") and Signals(message.text).cannot  # «no puedo el viernes»
    if leans_no(message) or (message.payload is None and (cannot or wishes_other_day(message.text))):
        return Go("day", {"changing": True}, (line(LETS_CHANGE),))
    debit = message.certain and message.intent == "authorize_debit"
    debit = debit and (wishes_charge(message.text) or not begins_with_yes(message))
    asks = message.topic is not None  # «sí, ¿y si no puedo?»
    if wanted or names_it(context, message) or (agrees_somehow(message) and not debit and not asks):
        return Reprompt((line(YES_OR_NO), *read_back(context)))
    return None
