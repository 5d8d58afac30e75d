"""What the effects on charges and agreements write, and when they are refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.conversation.turn import Refused
from flows.types.effects import (
    AgreePlan,
    AnnounceCharge,
    AttachPaper,
    CancelCharge,
    CancelPlan,
    MakeOffers,
    MakePromise,
    MoveCharge,
    OpenTask,
    PlaceHold,
    Say,
    WithdrawReport,
)
from flows.types.offer import Offer, Part
from models import Charge, Hold, Mandate, Message, Plan, PlanInstalment, Promise, Task
from tests.conftest import NOON
from tests.integration.conversation.acting import FRIDAY, apply, planned_charge, set_all
from tests.talk import Talk
from values import LoanId, Money


def announce_charge(one: Talk) -> None:
    charge = planned_charge(one)
    text = Say((("thanks.back", {}),))
    apply(one, text, AnnounceCharge(charge, FRIDAY + timedelta(days=1)))
    assert one.rows(Charge)[0].notice_message_id is None
    apply(one, AnnounceCharge(charge, FRIDAY), text)
    assert one.rows(Charge)[0].notice_message_id == one.ours()[-1].id


def move_charge(one: Talk) -> None:
    charge, later = planned_charge(one), date(2026, 12, 3)
    with pytest.raises(Refused, match="charge_too_late"):
        apply(one, MoveCharge(charge + 1, later))
    with pytest.raises(Refused, match="charge_day"):
        apply(one, MoveCharge(charge, later))
    assert one.kinds("charge") == [], "a mandate that is not active yet allows no day"
    set_all(one, Mandate, status="active")
    with pytest.raises(Refused, match="charge_day"):
        apply(one, MoveCharge(charge, date(2026, 12, 5)))
    assert one.rows(Charge)[0].charge_on == FRIDAY
    apply(one, MoveCharge(charge, later))
    (row,), (entry,) = one.rows(Charge), one.ledger("charge")
    assert (row.status, row.charge_on, row.expected_on) == ("planned", later, later)
    assert (row.notice_message_id, row.notified_at) == (None, None)
    assert (entry.kind, entry.actor) == ("charge.moved", "borrower:test")
    assert (entry.data["charge"], entry.data["was"], entry.data["charge_on"]) == (
        charge,
        "2026-11-27",
        "2026-12-03",
    )
    set_all(one, Charge, status="submitted")
    with pytest.raises(Refused, match="charge_too_late"):
        apply(one, MoveCharge(charge, FRIDAY))
    assert one.rows(Charge)[0].charge_on == later


def cancel_charge(one: Talk) -> None:
    charge = planned_charge(one)
    with pytest.raises(Refused, match="charge_too_late"):
        apply(one, CancelCharge(charge + 1))
    set_all(one, Charge, status="submitted")
    with pytest.raises(Refused, match="charge_too_late"):
        apply(one, CancelCharge(charge))
    assert (one.rows(Charge)[0].status, one.kinds("charge")) == ("submitted", [])
    set_all(one, Charge, status="planned")
    apply(one, CancelCharge(charge))
    (row,), (entry,) = one.rows(Charge), one.ledger("charge")
    assert (row.status, row.return_code) == ("cancelled", "borrower")
    assert (entry.kind, entry.actor) == ("charge.cancelled", "borrower:test")
    assert (entry.data["charge"], entry.data["reason"]) == (charge, "borrower")
    assert one.rows(Mandate)[0].status == "authorized", "the mandate stands"


PLAN = Offer(
    "plan",
    (Part(FRIDAY, Money(30_000)), Part(date(2026, 12, 11), Money(30_000))),
    "biweekly",
    Money(0),
    "plan",
    NOON.date(),
    NOON.date(),
)
AT_ONCE = Offer(
    "settlement",
    (Part(FRIDAY, Money(50_000)),),
    "single",
    Money(10_000),
    "settlement.1",
    NOON.date(),
    NOON.date(),
)


def attach_paper(one: Talk) -> None:
    words = Say((("thanks.back", {}),))
    apply(one, words, AttachPaper("receipt", LoanId(one.loan)))
    (file,) = one.rows(Message)[-1].media
    assert (file["paper"], file["loan"], file["of"]) == ("statement", one.loan, one.loan), "no payment yet"
    apply(one, AttachPaper("statement", LoanId(one.loan)))


def make_offers(one: Talk) -> None:
    apply(one, MakeOffers(LoanId(one.loan), (PLAN, AT_ONCE), 2, "v1"))
    apply(one, MakeOffers(LoanId(one.loan), (PLAN,), 5, "v2"))
    first, second = one.rows(Plan)
    assert [(row.kind, row.status, row.key) for row in (first, second)] == [
        ("plan", "offered", PLAN.key),
        ("settlement", "offered", AT_ONCE.key),
    ]
    assert (first.total, first.discount, first.frequency, first.policy_version) == (
        60_000,
        0,
        "biweekly",
        "v1",
    )
    assert (second.total, second.discount, second.rule) == (50_000, 10_000, "settlement.1")
    assert (first.offered_on, first.valid_until) == (NOON.date(), date(2026, 11, 26))
    parts = one.rows(PlanInstalment, PlanInstalment.plan_id == first.id)
    assert [(part.number, part.due_date, part.amount, part.status) for part in parts] == [
        (1, FRIDAY, 30_000, "open"),
        (2, date(2026, 12, 11), 30_000, "open"),
    ]
    assert [entry.kind for entry in one.ledger() if "offered" in entry.kind] == [
        "plan.offered",
        "settlement.offered",
    ]
    assert one.ledger("plan.offered")[0].data["parts"] == 2


def agree_plan(one: Talk) -> None:
    terms = (("thanks.back", {}),)
    one.say("hola")  # WhatsApp's window is open
    agree = AgreePlan(LoanId(one.loan), "C-1", PLAN, terms, "v1")
    apply(one, MakePromise(LoanId(one.loan), Money(20_000), FRIDAY))
    apply(one, MakeOffers(LoanId(one.loan), (PLAN, AT_ONCE), 2, "v1"))
    with pytest.raises(Refused, match="terms_not_shown"):
        apply(one, agree)
    assert {row.status for row in one.rows(Plan)} == {"offered"}
    apply(one, Say(terms, loan_id=LoanId(one.loan)))
    one.send()
    apply(one, agree)
    first, second = one.rows(Plan)
    assert (first.status, first.folio, second.status) == ("active", "C-1", "cancelled")
    assert (first.agreed_at, first.asked_message_id) == (one.services.clock.now(), one.ours()[-1].id)
    assert first.terms_text in one.ours()[-1].body
    assert [row.status for row in one.rows(Promise)] == ["cancelled"], "the promise gives way"
    (entry,) = one.ledger("plan.agreed")
    assert entry.data == {
        "plan": first.id,
        "folio": "C-1",
        "kind": "plan",
        "total": 60_000,
        "discount": 0,
        "parts": [["2026-11-27", 30_000], ["2026-12-11", 30_000]],
        "rule": "plan",
        "policy": "v1",
        "by_debit": False,
        "terms_hash": first.terms_hash,
        "asked": first.asked_message_id,
        "message": one.rows(Message, Message.direction == "in")[-1].id,
    }


def cancel_plan(one: Talk) -> None:
    apply(one, CancelPlan(LoanId(one.loan)))
    assert one.kinds("plan") == []
    agree_plan(one)
    apply(one, CancelPlan(LoanId(one.loan)))
    assert {row.status for row in one.rows(Plan)} == {"cancelled"}
    entry = one.ledger("plan.cancelled")[-1]
    assert (entry.data["folio"], entry.data["reason"], entry.actor) == ("C-1", "borrower", "borrower:test")


def withdraw_report(one: Talk) -> None:
    loan = LoanId(one.loan)
    apply(one, WithdrawReport(loan))
    assert one.kinds("hold") == [], "nothing was reported"
    apply(one, PlaceHold("payment_reported", loan), OpenTask("payment_reported", {"receipt": False}, loan))
    apply(one, WithdrawReport(loan))
    (case,) = one.rows(Task, Task.kind == "payment_reported")
    assert (case.outcome, case.done_by) == ("not_needed", "borrower:test")
    assert [hold.kind for hold in one.rows(Hold) if hold.lifted_at is None] == []


CASES: dict[str, Callable[[Talk], None]] = {
    "AnnounceCharge": announce_charge,
    "MoveCharge": move_charge,
    "CancelCharge": cancel_charge,
    "MakeOffers": make_offers,
    "AgreePlan": agree_plan,
    "CancelPlan": cancel_plan,
    "AttachPaper": attach_paper,
    "WithdrawReport": withdraw_report,
}

_CHARGE = {"charge": 1, "instalment": 1, "attempt": 1, "amount": 60_000}
RECORDED: dict[str, tuple[str, dict[str, Any]]] = {
    "MoveCharge": (
        "charge.moved",
        _CHARGE | {"charge_on": "2026-12-03", "was": "2026-11-27", "reason": "borrower"},
    ),
    "CancelCharge": ("charge.cancelled", _CHARGE | {"charge_on": "2026-11-27", "reason": "borrower"}),
    "MakeOffers": (
        "settlement.offered",
        {
            "plan": 2,
            "kind": "settlement",
            "total": 50_000,
            "discount": 10_000,
            "parts": 1,
            "rule": "settlement.1",
            "policy": "v1",
        },
    ),
    "CancelPlan": ("plan.cancelled", {"plan": 1, "folio": "C-1", "reason": "borrower"}),
    "MakePromise": (
        "promise.made",
        {"promise": 2, "amount": 20_000, "due_date": "2026-12-01", "expires_on": "2026-12-03"},
    ),
    "CancelPromise": ("promise.cancelled", {"promise": 1}),
}
