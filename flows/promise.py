"""A promise to pay: a day and an amount inside policy, read back, confirmed."""

from datetime import date, timedelta
from typing import Any

from flows.answers import YES_NO, is_no, is_yes
from flows.border.effects import Choice, MakePromise
from flows.border.event import Message
from flows.border.facts import LoanFacts
from flows.engine import Again, Ask, Done, Flow, Go, Line, Move, Scene, line
from flows.payment_methods import transfer
from values import Money, next_payday

flow = Flow("promise", version=1)


@flow.state("keep", "day", "amount", "confirm", ".")
def start(scene: Scene) -> Ask | Move:
    """What the first message already says is not asked again."""
    loan = scene.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=scene.who.first_name),))
    slots: dict[str, Any] = {"loan_id": loan.id} | {name: scene.heard[name] for name in ("date", "amount") if name in scene.heard}
    return Go("keep" if loan.promise else _next({**scene.slots, **slots}), slots)


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
def keep(scene: Scene) -> Ask | Move:
    """One promise stands: keep it, or put another in its place?"""
    loan = scene.loan
    if loan is None or loan.promise is None:
        return Go(_next(dict(scene.slots)))
    question = line("promise.standing", amount=loan.promise.amount, due_date=loan.promise.due_date)
    return Ask((question,), "yes_no", _change, (Choice("yes", "promise.change"), Choice("no", "promise.leave")))


def _change(scene: Scene, message: Message) -> Move | None:
    if is_yes(message):
        return Go(_next(dict(scene.slots)))
    if is_no(message):
        return Done((line("promise.left"),))
    given = _given(message)
    return Go(_next({**scene.slots, **given}), given) if given and message.intent in _SAYS_WHEN else None


@flow.state("day", "amount", "confirm")
def day(scene: Scene) -> Ask | Move:
    first = scene.facts.today + timedelta(days=1)
    payday = next_payday(first)
    days = dict.fromkeys(d for d in (first, payday) if d <= _latest(scene))
    choices = tuple(Choice(f"day.{d.isoformat()}", "promise.day_choice", {"day": d}) for d in days)
    return Ask((line("promise.ask_day", latest=_latest(scene)),), "date", _read_day, choices)


def _latest(scene: Scene) -> date:
    return scene.facts.today + timedelta(days=scene.facts.policy.promise_max_days)


def _read_day(scene: Scene, message: Message) -> Move | None:
    given = _given(message)
    if message.payload is not None:
        if not message.payload.startswith("day."):
            return None
        given = {"date": message.payload.removeprefix("day.")}
    if "date" not in given:
        return Go("day", given) if given and message.intent in _SAYS_WHEN else None
    if problem := _day_problem(scene, date.fromisoformat(given["date"])):
        return Again((problem,))
    return Go("confirm" if "amount" in {**scene.slots, **given} else "amount", given)


def _day_problem(scene: Scene, wanted: date) -> Line | None:
    if wanted < scene.facts.today:
        return line("promise.day_passed", latest=_latest(scene))
    if wanted > _latest(scene):
        return line("promise.day_too_late", latest=_latest(scene))
    return None


@flow.state("amount", "confirm")
def amount(scene: Scene) -> Ask | Move:
    loan = scene.loan
    assert loan is not None
    due = _due(scene, loan)
    return Ask(
        (line("promise.ask_amount", due=due),), "amount", _read_amount, (Choice(f"amount.{due.centavos}", "promise.all_choice", {"amount": due}),)
    )


def _due(scene: Scene, loan: LoanFacts) -> Money:
    upcoming = loan.next_due
    return loan.due_by(scene.facts.today) or (upcoming.unpaid.total if upcoming else loan.outstanding.total)


def _read_amount(scene: Scene, message: Message) -> Move | None:
    given = _given(message)
    if message.payload is not None:
        if not message.payload.startswith("amount."):
            return None
        given = {"amount": int(message.payload.removeprefix("amount."))}
    elif message.intent == "affirm" or "todo" in message.text.casefold().split():
        loan = scene.loan
        assert loan is not None
        given = {"amount": _due(scene, loan).centavos}
    if "amount" not in given:
        return Go("amount", given) if given and message.intent in _SAYS_WHEN else None
    if problem := _amount_problem(scene, Money(given["amount"])):
        return Again((problem,))
    return Go("confirm", given)


def _amount_problem(scene: Scene, wanted: Money) -> Line | None:
    loan = scene.loan
    assert loan is not None
    owed, least = loan.outstanding.total, scene.facts.policy.promise_min
    if wanted > owed:
        return line("promise.too_much", owed=owed)
    if wanted < min(least, owed):
        return line("promise.too_little", least=min(least, owed))
    return None


@flow.state("day", "amount", "confirm", ".")
def confirm(scene: Scene) -> Ask | Move:
    """Read back in full; only a plain yes to it makes the promise. «No, el lunes mejor» changes the day and reads back again."""
    loan, due_date, promised = scene.loan, scene.day("date"), scene.money("amount")
    assert due_date is not None
    assert promised is not None
    if loan is None:
        return Done()
    if problem := _day_problem(scene, due_date):
        return Go("day", lines=(problem,))
    if problem := _amount_problem(scene, promised):
        return Go("amount", lines=(problem,))
    return Ask((line("promise.read_back", amount=promised, due_date=due_date, loan=loan.external_id),), "yes_no", _confirmed, YES_NO, binds=True)


_SAYS_WHEN = ("promise_to_pay", "request_extension", "deny", "affirm", "other")


def _confirmed(scene: Scene, message: Message) -> Move | None:
    loan, due_date, promised = scene.loan, scene.day("date"), scene.money("amount")
    assert loan is not None
    assert due_date is not None
    assert promised is not None
    if is_yes(message):
        made = line("promise.made", amount=promised, due_date=due_date)
        return Done((made, *transfer(loan, scene)), (MakePromise(loan.id, promised, due_date),))
    given = _given(message) if message.payload is None and message.intent in _SAYS_WHEN else {}
    if given:
        return Go("confirm", given)
    if is_no(message) or message.intent == "deny":
        return Go("day", lines=(line("promise.lets_change"),))
    if message.intent == "affirm":
        return Again((line("promise.yes_or_no"), line("promise.read_back", amount=promised, due_date=due_date, loan=loan.external_id)))
    return None
