"""A promise to pay: a day and an amount inside policy, read back, confirmed."""

from datetime import date, timedelta
from typing import Any

from flows.answers import YES_NO, is_no, is_yes
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Reprompt
from flows.owed.payment_methods import transfer
from flows.types.effects import Choice, MakePromise
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title
from values import Money, next_payday

flow = Flow(
    "promise",
    intents={
        "promise_to_pay": title("meaning.promise_to_pay"),
        "request_extension": title("meaning.request_extension"),
    },
    payloads=("later",),
)

BALANCE_NOTHING = key("balance.nothing")
STANDING = key("promise.standing")
LEFT = key("promise.left")
ASK_DAY = key("promise.ask_day")
DAY_PASSED = key("promise.day_passed")
DAY_TOO_LATE = key("promise.day_too_late")
ASK_AMOUNT = key("promise.ask_amount")
TOO_MUCH = key("promise.too_much")
TOO_LITTLE = key("promise.too_little")
READ_BACK = key("promise.read_back")
MADE = key("promise.made")
LETS_CHANGE = key("promise.lets_change")
YES_OR_NO = key("promise.yes_or_no")
CHANGE = title("promise.change")
LEAVE = title("promise.leave")
DAY_CHOICE = title("promise.day_choice")
ALL_CHOICE = title("promise.all_choice")


@flow.state("keep", "day", "amount", "confirm", ".")
def start(context: Context) -> Ask | Move:
    """What the first message already says is not asked again."""
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done((line(BALANCE_NOTHING, name=context.who.first_name),))
    slots: dict[str, Any] = {"loan_id": loan.id} | {
        name: context.request[name] for name in ("date", "amount") if name in context.request
    }
    return Go("keep" if loan.promise else _next({**context.slots, **slots}), slots)


def _given(message: Message) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if message.date is not None:
        given["date"] = message.date.isoformat()
    if message.amount is not None:
        given["amount"] = message.amount.centavos
    return given


def _next(slots: dict[str, Any]) -> str:
    if "date" not in slots:
        return "day"
    return "confirm" if "amount" in slots else "amount"


@flow.state("day", "amount", "confirm", ".")
def keep(context: Context) -> Ask | Move:
    """One promise stands: keep it, or put another in its place?"""
    loan = context.loan
    if loan is None or loan.promise is None:
        return Go(_next(dict(context.slots)))
    question = line(STANDING, amount=loan.promise.amount, due_date=loan.promise.due_date)
    return Ask((question,), "yes_no", _change, (Choice("yes", CHANGE), Choice("no", LEAVE)))


def _change(context: Context, message: Message) -> Move | None:
    if is_yes(message):
        return Go(_next(dict(context.slots)))
    if is_no(message):
        return Done((line(LEFT),))
    given = _given(message)
    return Go(_next({**context.slots, **given}), given) if given and message.intent in _SAYS_WHEN else None


@flow.state("day", "amount", "confirm")
def day(context: Context) -> Ask | Move:
    first = context.facts.today + timedelta(days=1)
    payday = next_payday(first)
    days = dict.fromkeys(d for d in (first, payday) if d <= _latest(context))
    choices = tuple(Choice(f"day.{d.isoformat()}", DAY_CHOICE, {"day": d}) for d in days)
    return Ask((line(ASK_DAY, latest=_latest(context)),), "date", _read_day, choices)


def _latest(context: Context) -> date:
    return context.facts.today + timedelta(days=context.facts.policy.promise_max_days)


def _read_day(context: Context, message: Message) -> Move | None:
    given = _given(message)
    if message.payload is not None:
        if not message.payload.startswith("day."):
            return None
        given = {"date": message.payload.removeprefix("day.")}
    if "date" not in given:
        return Go("day", given) if given and message.intent in _SAYS_WHEN else None
    if problem := _day_problem(context, date.fromisoformat(given["date"])):
        return Reprompt((problem,))
    return Go("confirm" if "amount" in {**context.slots, **given} else "amount", given)


def _day_problem(context: Context, wanted: date) -> Line | None:
    if wanted < context.facts.today:
        return line(DAY_PASSED, latest=_latest(context))
    if wanted > _latest(context):
        return line(DAY_TOO_LATE, latest=_latest(context))
    return None


@flow.state("amount", "confirm")
def amount(context: Context) -> Ask | Move:
    loan = context.loan
    assert loan is not None
    due = _due(context, loan)
    return Ask(
        (line(ASK_AMOUNT, due=due),),
        "amount",
        _read_amount,
        (Choice(f"amount.{due.centavos}", ALL_CHOICE, {"amount": due}),),
    )


def _due(context: Context, loan: LoanFacts) -> Money:
    upcoming = loan.next_due
    return loan.due_by(context.facts.today) or (upcoming.unpaid.total if upcoming else loan.outstanding.total)


def _read_amount(context: Context, message: Message) -> Move | None:
    given = _given(message)
    if message.payload is not None:
        if not message.payload.startswith("amount."):
            return None
        given = {"amount": int(message.payload.removeprefix("amount."))}
    elif message.intent == "affirm" or "todo" in message.text.casefold().split():
        loan = context.loan
        assert loan is not None
        given = {"amount": _due(context, loan).centavos}
    if "amount" not in given:
        return Go("amount", given) if given and message.intent in _SAYS_WHEN else None
    if problem := _amount_problem(context, Money(given["amount"])):
        return Reprompt((problem,))
    return Go("confirm", given)


def _amount_problem(context: Context, wanted: Money) -> Line | None:
    loan = context.loan
    assert loan is not None
    owed, least = loan.outstanding.total, context.facts.policy.promise_min
    if wanted > owed:
        return line(TOO_MUCH, owed=owed)
    if wanted < min(least, owed):
        return line(TOO_LITTLE, least=min(least, owed))
    return None


@flow.state("day", "amount", "confirm", ".")
def confirm(context: Context) -> Ask | Move:
    """Read back in full; only a plain yes to it makes the promise. «No, el lunes mejor» changes the day and
    reads back again.
    """
    loan, due_date, promised = context.loan, context.day("date"), context.money("amount")
    assert due_date is not None
    assert promised is not None
    if loan is None:
        return Done()
    if problem := _day_problem(context, due_date):
        return Go("day", lines=(problem,))
    if problem := _amount_problem(context, promised):
        return Go("amount", lines=(problem,))
    return Ask(
        (line(READ_BACK, amount=promised, due_date=due_date, loan=loan.external_id),),
        "yes_no",
        _confirmed,
        YES_NO,
        binds=True,
    )


_SAYS_WHEN = ("promise_to_pay", "request_extension", "deny", "affirm", "other")


def _confirmed(context: Context, message: Message) -> Move | None:
    loan, due_date, promised = context.loan, context.day("date"), context.money("amount")
    assert loan is not None
    assert due_date is not None
    assert promised is not None
    if is_yes(message):
        made = line(MADE, amount=promised, due_date=due_date)
        return Done((made, *transfer(loan, context)), (MakePromise(loan.id, promised, due_date),))
    given = _given(message) if message.payload is None and message.intent in _SAYS_WHEN else {}
    if given:
        return Go("confirm", given)
    if is_no(message) or message.intent == "deny":
        return Go("day", lines=(line(LETS_CHANGE),))
    if message.intent == "affirm":
        return Reprompt(
            (
                line(YES_OR_NO),
                line(READ_BACK, amount=promised, due_date=due_date, loan=loan.external_id),
            )
        )
    return None
