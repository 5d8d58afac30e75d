"""Each effect, applied to a real database: what it writes, and what it must leave alone. An effect without a
case here fails the first test.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, update

from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.effects import APPLICATIONS, apply_all
from bot.conversation.turn import LostTurn, Turn, guard
from flows.types.effects import (
    AgreePlan,
    CancelMandate,
    CancelPromise,
    CloseContactPoint,
    CompleteMandate,
    ConfirmIdentity,
    EndIdentity,
    GiveNotice,
    HandOff,
    MakeOffers,
    MakePromise,
    OpenTask,
    OptIn,
    OptOut,
    PlaceHold,
    Prefer,
    RaiseUrgency,
    Record,
    Say,
    StartTimer,
    TakeBack,
)
from models import (
    BankAccount,
    Borrower,
    Consent,
    ContactPoint,
    Conversation,
    Hold,
    LedgerEntry,
    Loan,
    Mandate,
    Message,
    Promise,
    Task,
    Timer,
    Transition,
    write_tx,
)
from tests.integration.conversation import effects_on_money
from tests.integration.conversation.acting import FRIDAY, apply
from tests.loans import add_borrower, add_loan
from tests.talk import CLABE, Talk, talk
from values import BorrowerId, LoanId, Money

UNTIL = datetime.fromisoformat("2026-12-08T18:00:00+00:00")


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """A confirmed borrower, and a stranger to the case whose rows must stay as they are."""
    one = talk(engine, now)
    with write_tx(engine) as connection:
        other, _ = add_borrower(connection, 99)
        add_loan(connection, other, 99)
    return one


def borrower(one: Talk) -> object:
    return one.rows(Borrower, Borrower.id == one.borrower)[0]


def conversation(one: Talk) -> object:
    return one.rows(Conversation, Conversation.id == one.conversation)[0]


def say(one: Talk) -> None:
    apply(one, Say((("thanks.back", {}),), loan_id=LoanId(one.loan)))
    (row,) = one.ours()
    assert (row.status, row.purpose, row.author, row.loan_id) == ("queued", "reply", "bot", one.loan)
    assert row.address == f"whatsapp:{one.phone}"
    assert row.wording["lines"] == [["thanks.back", {}]]


def record(one: Talk) -> None:
    apply(one, Record("hardship.reported", {"cause": "work"}))
    (entry,) = one.ledger("hardship")
    message = one.rows(Message)[-1].id
    assert (entry.data, entry.actor) == ({"cause": "work", "message": message}, "borrower:test")


def make_promise(one: Talk) -> None:
    apply(one, MakePromise(LoanId(one.loan), Money(30_000), FRIDAY))
    apply(one, MakePromise(LoanId(one.loan), Money(20_000), date(2026, 12, 1)))
    first, second = one.rows(Promise)
    assert (first.status, second.status) == ("cancelled", "open")
    assert (second.amount, second.due_date) == (20_000, date(2026, 12, 1))
    assert second.expires_on == date(2026, 12, 3)
    assert one.kinds("promise") == ["promise.made", "promise.cancelled", "promise.made"]


def cancel_promise(one: Talk) -> None:
    apply(one, CancelPromise(LoanId(one.loan)))
    assert one.kinds("promise") == []
    apply(one, MakePromise(LoanId(one.loan), Money(30_000), FRIDAY))
    apply(one, CancelPromise(LoanId(one.loan)))
    assert [row.status for row in one.rows(Promise)] == ["cancelled"]
    assert one.kinds("promise") == ["promise.made", "promise.cancelled"]


def start_timer(one: Talk) -> None:
    apply(one, StartTimer("lapse", 7, UNTIL))
    (row,) = one.rows(Timer)
    assert (row.name, row.wait_id, row.due_at, row.fired_at) == ("lapse", 7, UNTIL, None)
    assert row.conversation_id == one.conversation


def hand_off(one: Talk) -> None:
    apply(one, HandOff("asked", 2))
    row = conversation(one)
    assert (row.handler, row.queue_reason, row.urgency) == ("queue", "asked", 2)  # type: ignore[attr-defined]
    assert row.queued_at == one.services.clock.now()  # type: ignore[attr-defined]
    assert one.kinds("handoff") == ["handoff.requested"]


def raise_urgency(one: Talk) -> None:
    apply(one, HandOff("asked", 1))
    apply(one, RaiseUrgency("vulnerability", 3))
    apply(one, RaiseUrgency("opt_out", 1))
    row = conversation(one)
    assert (row.handler, row.queue_reason, row.urgency) == ("queue", "vulnerability", 3)  # type: ignore[attr-defined]


def take_back(one: Talk) -> None:
    apply(one, HandOff("asked", 1))
    apply(one, TakeBack())
    row = conversation(one)
    assert (row.handler, row.queue_reason, row.urgency) == ("bot", None, 0)  # type: ignore[attr-defined]
    assert one.kinds("handoff") == ["handoff.requested", "handoff.released"]


def confirm_identity(one: Talk) -> None:
    apply(one, EndIdentity("third_party"))
    apply(one, ConfirmIdentity(BorrowerId(one.borrower), "birth"), known=False)
    point = one.rows(ContactPoint, ContactPoint.borrower_id == one.borrower)[0]
    assert (point.status, point.confirmed_at) == ("confirmed", one.services.clock.now())
    assert conversation(one).borrower_id == one.borrower  # type: ignore[attr-defined]
    assert one.ledger("identity")[-1].data["factor"] == "birth"


def end_identity(one: Talk) -> None:
    apply(one, EndIdentity("third_party"))
    point = one.rows(ContactPoint, ContactPoint.borrower_id == one.borrower)[0]
    assert (point.status, point.confirmed_at) == ("unverified", None)
    assert conversation(one).borrower_id is None  # type: ignore[attr-defined]


def close_contact_point(one: Talk) -> None:
    apply(one, CloseContactPoint("wrong_person"))
    point = one.rows(ContactPoint, ContactPoint.borrower_id == one.borrower)[0]
    assert (point.status, point.closed_reason, point.confirmed_at) == ("closed", "wrong_person", None)
    assert [row.status for row in one.rows(ContactPoint, ContactPoint.borrower_id != one.borrower)] == [
        "unverified"
    ]
    assert one.kinds("contact_point") == ["contact_point.closed"]


def opt_out(one: Talk) -> None:
    apply(one, OptOut())
    assert borrower(one).opted_out_at == one.services.clock.now()  # type: ignore[attr-defined]
    assert [row.opted_out_at for row in one.rows(Borrower, Borrower.id != one.borrower)] == [None]
    assert one.kinds("optout") == ["optout.recorded"]


def opt_in(one: Talk) -> None:
    apply(one, OptOut())
    apply(one, OptIn())
    assert borrower(one).opted_out_at is None  # type: ignore[attr-defined]
    assert one.kinds("optin") == ["optin.recorded"]


def give_notice(one: Talk) -> None:
    one.advance(days=1)
    apply(one, Say((("thanks.back", {}),)), GiveNotice())
    assert borrower(one).notice_given_at == one.services.clock.now()  # type: ignore[attr-defined]
    (entry,) = one.ledger("document")
    assert entry.data == {"document": "first_contact_notice", "message": one.ours()[-1].id}


def place_hold(one: Talk) -> None:
    apply(one, PlaceHold("hardship", until=UNTIL))
    apply(one, PlaceHold("hardship", until=UNTIL + timedelta(days=7)))
    apply(one, PlaceHold("dispute"))
    apply(one, PlaceHold("dispute"))
    standing = {row.kind: row.until for row in one.rows(Hold, Hold.lifted_at.is_(None))}
    assert standing == {"hardship": UNTIL + timedelta(days=7), "dispute": None}
    assert {row.loan_id for row in one.rows(Hold)} == {one.loan}
    assert one.rows(Loan, Loan.id == one.loan)[0].status == "disputed"
    assert one.kinds("hold") == ["hold.placed"] * 3


def prefer(one: Talk) -> None:
    apply(one, Prefer({"time_window": ["18:00", "20:00"], "channel": "sms"}))
    row = borrower(one)
    assert (row.preferred_from, row.preferred_until) == ("18:00", "20:00")  # type: ignore[attr-defined]
    assert row.preferred_channel == "sms"  # type: ignore[attr-defined]
    apply(one, Prefer({"channel": "call"}))
    assert borrower(one).preferred_channel == "sms"  # type: ignore[attr-defined]
    assert one.kinds("preference") == ["preference.recorded"] * 2


def open_task(one: Talk) -> None:
    apply(one, OpenTask("follow_up", {"about": "x"}, LoanId(one.loan)))
    (task,) = one.rows(Task)
    assert (task.kind, task.loan_id, task.conversation_id) == ("follow_up", one.loan, one.conversation)
    assert (task.data, task.done_at) == ({"about": "x"}, None)


def keep_account(one: Talk) -> None:
    one.to_terms()
    (row,) = one.rows(BankAccount)
    assert (row.borrower_id, row.last4, row.bank_code) == (one.borrower, CLABE[-4:], CLABE[:3])
    assert CLABE.encode() not in bytes(row.encrypted)


def request_mandate(one: Talk) -> None:
    one.to_terms()
    (row,) = one.rows(Mandate)
    assert (row.status, row.loan_id) == ("requested", one.loan)
    assert row.terms_text
    assert one.kinds("mandate") == ["mandate.requested"]


def authorize_mandate(one: Talk) -> None:
    (newest,) = one.rows(ContactPoint, ContactPoint.borrower_id == one.borrower)
    earlier = {"channel": "sms", "address": "+525599999999", "key": "+525599999999", "status": "confirmed"}
    with write_tx(one.services.engine) as connection:
        point = {"borrower_id": one.borrower, "conversation_id": one.conversation, **earlier}
        at = newest.confirmed_at - timedelta(days=1)
        connection.execute(insert(ContactPoint).values(**point, confirmed_at=at, created_at=at))
    one.to_authorized()
    (mandate,), (consent,) = one.rows(Mandate), one.rows(Consent)
    assert consent.identity["contact_point"] == newest.id
    assert mandate.status == "authorized"
    assert (consent.mandate_id, consent.answer_text) == (mandate.id, "ACEPTO")
    assert consent.terms_hash == mandate.terms_hash
    asked = one.rows(Message, Message.id == consent.asked_message_id)[0]
    assert mandate.terms_text in asked.body


def complete_mandate(one: Talk) -> None:
    one.to_authorized()
    folio = one.rows(Mandate)[0].folio
    with write_tx(one.services.engine) as connection:
        other = {"id": 99, "folio": "D-OTHER", "loan_id": one.rows(Loan)[-1].id, "due_at": None}
        connection.execute(insert(Mandate).values(one.rows(Mandate)[0]._asdict() | other))
    apply(one, CompleteMandate(folio, {"rfc": "LORA900315AB1"}))
    apply(one, CompleteMandate(folio, {"rfc": "XAXX010101000"}))
    assert borrower(one).rfc == "LORA900315AB1"  # type: ignore[attr-defined]
    assert [row.due_at for row in one.rows(Mandate)] == [one.services.clock.now(), None]


def cancel_mandate(one: Talk) -> None:
    one.to_authorized()
    apply(one, CancelMandate(LoanId(one.loan), "declined"))
    assert one.rows(Mandate)[0].status == "authorized"
    apply(one, CancelMandate(LoanId(one.loan), "borrower"))
    assert one.rows(Mandate)[0].status == "cancelled"
    assert one.kinds("mandate")[-1] == "mandate.cancelled"


CASES: dict[str, Callable[[Talk], None]] = effects_on_money.CASES | {
    "Say": say,
    "Record": record,
    "MakePromise": make_promise,
    "CancelPromise": cancel_promise,
    "StartTimer": start_timer,
    "HandOff": hand_off,
    "RaiseUrgency": raise_urgency,
    "TakeBack": take_back,
    "ConfirmIdentity": confirm_identity,
    "EndIdentity": end_identity,
    "CloseContactPoint": close_contact_point,
    "OptOut": opt_out,
    "OptIn": opt_in,
    "GiveNotice": give_notice,
    "PlaceHold": place_hold,
    "Prefer": prefer,
    "OpenTask": open_task,
    "KeepAccount": keep_account,
    "RequestMandate": request_mandate,
    "AuthorizeMandate": authorize_mandate,
    "CompleteMandate": complete_mandate,
    "CancelMandate": cancel_mandate,
}


RECORDED = effects_on_money.RECORDED | {
    "HandOff": ("handoff.requested", {"reason": "asked", "urgency": 2}),
    "TakeBack": ("handoff.released", {"outcome": "not_wanted"}),
    "ConfirmIdentity": ("identity.confirmed", {"factor": "birth"}),
    "CloseContactPoint": ("contact_point.closed", {"channel": "whatsapp", "reason": "wrong_person"}),
    "OptOut": ("optout.recorded", {"channel": "whatsapp"}),
    "OptIn": ("optin.recorded", {"channel": "whatsapp"}),
    "PlaceHold": ("hold.placed", {"hold": "dispute"}),
    "Prefer": ("preference.recorded", {"channel": "call"}),
    "CancelMandate": (
        "mandate.cancelled",
        {"mandate": 1, "folio": "D1-32B0500900", "reason": "borrower", "in_flight": []},
    ),
}
"""What the last entry of a case holds besides the message that caused it."""


def test_every_effect_has_a_case() -> None:
    assert {effect.__name__ for effect in APPLICATIONS} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_effect(ana: Talk, name: str) -> None:
    CASES[name](ana)
    ledger = ana.ledger()
    recorded = [(entry.actor, dict(entry.data)) for entry in ledger]
    changes = [(row.actor, row.data) for row in ana.rows(Transition) if row.to_status != "cancelled"]
    assert all(change in recorded for change in changes)
    if name in RECORDED:
        messages = [row.id for row in ana.rows(Message, Message.direction == "in")]
        entry, data = ledger[-1], dict(ledger[-1].data)
        assert data.pop("message", messages[-1]) in messages
        assert (entry.kind, data, entry.actor) == (*RECORDED[name], "borrower:test")


def test_what_is_about_one_loan_is_recorded_of_that_alone(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        second = add_loan(connection, ana.borrower, 2)
    effects_on_money.cancel_plan(ana)
    apply(ana, PlaceHold("dispute", LoanId(ana.loan)), OpenTask("follow_up", {}, LoanId(ana.loan)))
    assert [row.kind for row in ana.rows(LedgerEntry, LedgerEntry.loan_id == second)] == ["loan.opened"]


def test_a_plan_cancels_the_charges_that_it_covers_as_the_borrower(ana: Talk) -> None:
    effects_on_money.planned_charge(ana)
    words, loan = (("thanks.back", {}),), LoanId(ana.loan)
    plan = replace(effects_on_money.PLAN, covers_until=date(2026, 12, 31))
    apply(ana, MakeOffers(loan, (plan,), 2, "v1"), Say(words, loan_id=loan))
    ana.send()
    apply(ana, AgreePlan(loan, "C-1", plan, words, "v1"))
    (entry,) = ana.ledger("charge")
    assert (entry.kind, entry.actor) == ("charge.cancelled", "borrower:test")


def test_a_proof_of_identity_is_old_after_its_days(ana: Talk) -> None:
    days = ana.services.policy.identity_days
    ana.advance(days=days - 1)
    assert apply(ana).view.facts.borrower is not None
    ana.advance(days=2)
    assert apply(ana).view.facts.borrower is None


def test_two_matters_of_one_message_are_handed_over_once_for_the_graver_one(ana: Talk) -> None:
    apply(ana, HandOff("asked", 1), HandOff("complaint", 2), HandOff("dispute", 1))
    row = conversation(ana)
    assert (row.queue_reason, row.urgency) == ("complaint", 2)  # type: ignore[attr-defined]
    assert ana.kinds("handoff") == ["handoff.requested"]


def test_the_last_write_is_guarded(ana: Talk) -> None:
    now = ana.services.clock.now()
    with write_tx(ana.services.engine) as connection:
        view = views.view(connection, thread_rows.by_id(connection, ana.conversation, now), ana.services, now)
        connection.execute(update(Conversation).values(version=view.version + 5))
        turn = Turn(connection, ana.services, view, now, "borrower:test", view.facts.borrower)
        with pytest.raises(LostTurn):
            guard(connection, view, {})
        apply_all(turn, [HandOff("asked")])
        with pytest.raises(LostTurn):
            turn.finish()
