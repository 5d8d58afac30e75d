"""Acts of an agent in one step, within what policy allows: each is the effects that the bot would have."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.conversation import act_as_agent
from bot.conversation import view as views
from bot.handoff.once import once
from bot.handoff.reply import CannotLeave, send_folio
from bot.reach import AgentContact, record_call
from bot.services import Services
from flows.care.cases import case
from flows.offers.arithmetic import HELD
from flows.types.effects import (
    CloseContactPoint,
    Effect,
    MakePromise,
    OpenTask,
    OptIn,
    OptOut,
    PlaceHold,
    Prefer,
    Record,
)
from flows.types.facts import LoanFacts
from models import write_tx
from values import Money, add_banking_days

HARDSHIP_PAUSE = timedelta(days=14)
CALL_OUTCOMES = ("answered", "message_left", "no_answer", "wrong_person")
Form = Mapping[str, str]


class NotAllowed(ValueError):
    """`code` names what is wrong in the console's words; `params`, numbers and Money, stand in them."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"this cannot be recorded: {code}")
        self.code, self.params = code, params


def perform(services: Services, conversation_id: int, agent_id: int, name: str, form: Form) -> None:
    """The same form with the same `key` is recorded once. Raises NotHeld, NotAllowed, KeyError for a name
    that is none.
    """
    decide = ACTS[name]
    wish = _wish(conversation_id, agent_id, name, form)
    act_as_agent(services, conversation_id, agent_id, lambda view: decide(view, form), wish)
    if name == "dispute":
        with suppress(CannotLeave):  # then the borrower reads it on their page, and with the outcome
            send_folio(services, conversation_id, agent_id)


def _wish(conversation_id: int, agent_id: int, name: str, form: Form) -> str:
    """A log-in between two tries changes the form's token, and not what is wished."""
    said = (f"{field}={value}" for field, value in sorted(form.items()) if field != "csrf")
    return f"act:{once(conversation_id, agent_id, name, *said)}" if form.get("key") else ""


def record_phone_call(
    services: Services, agent_id: int, borrower_id: int, outcome: str, reference: str
) -> None:
    """A call that was made: it counts in the caps from now on. Raises NotAllowed."""
    if outcome not in CALL_OUTCOMES:
        raise NotAllowed("act_outcome")
    now = services.clock.now()
    contact = AgentContact(borrower_id, "call", outcome, now, f"agent:{agent_id}", reference)  # type: ignore[arg-type]
    with write_tx(services.engine) as connection:
        record_call(connection, contact, now)


def _promise(view: views.View, form: Form) -> Sequence[Effect]:
    loan, amount, day = _loan(view, form), _amount(form), _day(form)
    policy, today = view.facts.policy, view.facts.today
    if loan.promise is not None and (loan.promise.amount, loan.promise.due_date) == (amount, day):
        return ()
    if not today <= day <= today + timedelta(days=policy.promise_max_days):
        raise NotAllowed("act_day", days=policy.promise_max_days)
    if loan.holds & HELD:
        raise NotAllowed("act_promise_held")
    least, most = min(policy.promise_min, loan.outstanding.total), loan.outstanding.total
    if not least <= amount <= most:
        raise NotAllowed("act_amount", low=least, high=most)
    charge = loan.announced_charge
    return (MakePromise(loan.id, amount, day, charge.id if charge else None),)


def _payment(view: views.View, form: Form) -> Sequence[Effect]:
    """As the bot notes what a borrower reports: reminders wait while it is looked for."""
    loan, amount, paid_on = _loan(view, form), _amount(form), _day(form)
    if paid_on > view.facts.today:
        raise NotAllowed("act_paid_later")
    last = add_banking_days(view.facts.today, view.facts.policy.payment_report_banking_days)
    until = datetime.combine(last + timedelta(days=1), time(6), UTC)
    data = {"receipt": False, "amount": amount.centavos, "paid_on": paid_on.isoformat()}
    return (
        Record("payment.reported", data, loan.id),
        PlaceHold("payment_reported", loan.id, until),
        OpenTask("payment_reported", data, loan.id),
    )


def _dispute(view: views.View, form: Form) -> Sequence[Effect]:
    loan = _loan(view, form)
    about = "charge" if form.get("about") == "charge" else "debt"
    return case(view.facts, "dispute", loan.id, about=about).effects


def _hardship(view: views.View, form: Form) -> Sequence[Effect]:
    loan = _loan(view, form)
    return (
        Record("hardship.reported", {}, loan.id),
        PlaceHold("hardship", loan.id, view.facts.now + HARDSHIP_PAUSE),
    )


def _wrong_person(view: views.View, form: Form) -> Sequence[Effect]:
    del view, form
    return (
        Record("wrong_party.reported", {"knows_borrower": False}),
        CloseContactPoint("wrong_person"),
    )


def _preference(view: views.View, form: Form) -> Sequence[Effect]:
    del view
    start, end = form.get("start", ""), form.get("end", "")
    try:
        window = [time.fromisoformat(text).strftime("%H:%M") for text in (start, end)]
    except ValueError:
        raise NotAllowed("act_hours") from None
    if window[0] >= window[1]:
        raise NotAllowed("act_hours")
    return (Prefer({"time_window": window}),)


ACTS: Mapping[str, Callable[[views.View, Form], Sequence[Effect]]] = {
    "promise": _promise,
    "payment": _payment,
    "dispute": _dispute,
    "hardship": _hardship,
    "wrong_person": _wrong_person,
    "preference": _preference,
    "stop": lambda _view, _form: (OptOut(),),
    "resume": lambda _view, _form: (OptIn(),),
}


def _loan(view: views.View, form: Form) -> LoanFacts:
    """One of those whom the tape reaches here; where somebody proved who they are, theirs alone."""
    people = [view.facts.borrower] if view.facts.borrower else view.facts.candidates
    loans = {str(loan.id): loan for person in people for loan in person.loans}
    if (found := loans.get(form.get("loan", ""))) is None:
        raise NotAllowed("act_loan")
    return found


def _amount(form: Form) -> Money:
    try:
        amount = Money.parse_typed(form.get("amount", ""))
    except ValueError:
        raise NotAllowed("act_amount_unread") from None
    if amount.centavos <= 0:
        raise NotAllowed("act_amount_none")
    return amount


def _day(form: Form) -> date:
    try:
        return date.fromisoformat(form.get("date", ""))
    except ValueError:
        raise NotAllowed("act_date") from None
