"""Loans by the API: made, corrected, listed, held, written off; and each field that is refused by name."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert

from bot.services import Services
from models import Promise, write_tx
from tests.api_caller import LOAN, PAYMENT, Caller


def test_a_loan_is_made_read_and_updated(call: Caller, services: Services) -> None:
    assert call("PUT", "/loans/L-1", LOAN).status_code == 201
    loan = call("GET", "/loans/L-1").json
    assert loan["outstanding"] == {
        "principal": 110_000,
        "interest": 0,
        "late_fees": 0,
        "tax": 0,
        "total": 110_000,
    }
    assert (loan["dpd"], loan["status"], loan["next_due"]) == (
        7,
        "overdue",
        {"date": "2026-11-17", "amount": 50_000},
    )
    assert loan["borrower"]["phone"] == "+525512345678"
    assert (loan["mandate"], loan["plan"], loan["promise"], loan["flags"]) == (None, None, None, [])
    services.clock.advance(days=1)  # type: ignore[attr-defined]
    later = LOAN | {
        "as_of": "2026-11-25",
        "tags": ["VIP", "sur"],
        "instalments": [LOAN["instalments"][0] | {"paid": 60_000}, LOAN["instalments"][1]],
    }
    assert call("PUT", "/loans/L-1", later).status_code == 200
    loan = call("GET", "/loans/L-1").json
    assert (loan["outstanding"]["total"], loan["tags"]) == (60_000, ["sur", "vip"])
    kinds = [entry["kind"] for entry in call("GET", "/loans/L-1/ledger").json["entries"]]
    assert kinds == ["loan.opened", "loan.adjusted"]


def test_what_a_tape_does_not_know_yet_stays(call: Caller, services: Services) -> None:
    services.clock.advance(days=1)  # type: ignore[attr-defined]
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT | {"paid_at": "2026-11-26T10:00:00-06:00"})
    call("PUT", "/loans/L-1", LOAN | {"as_of": "2026-11-25"})
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 60_000
    kinds = [entry["kind"] for entry in call("GET", "/loans/L-1/ledger").json["entries"]]
    assert kinds == ["loan.opened", "payment.posted"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "123"}, "borrower.phone"),
        ({"state": "Narnia"}, "borrower.state"),
        ({"curp": "X"}, "borrower.curp"),
        ({"curp": "LORA900315MDFPZN01"}, "borrower.curp"),
        ({"rfc": "LORA900230AB1"}, "borrower.rfc"),
        ({"name": ""}, "borrower.name"),
        ({"email": "no"}, "borrower.email"),
    ],
)
def test_bad_loans_say_which_field_and_keep_nothing(call: Caller, change: dict[str, str], field: str) -> None:
    answer = call("PUT", "/loans/L-1", LOAN | {"borrower": LOAN["borrower"] | change})
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json["errors"]]
    assert call("GET", "/loans/L-1").status_code == 404


@pytest.mark.parametrize("amount", [-5, "1e9", "50000", 1e13, 1.5, True, 10**30])
def test_an_amount_is_a_whole_number_of_centavos(call: Caller, amount: object) -> None:
    first, second = LOAN["instalments"]
    answer = call("PUT", "/loans/L-1", LOAN | {"instalments": [first, second | {"amount": amount}]})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "instalments.1.amount")
    assert call("GET", "/loans/L-1").status_code == 404


def test_a_corrected_loan_of_the_same_day_is_taken_and_the_same_again_changes_nothing(call: Caller) -> None:
    first, second = LOAN["instalments"]
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT | {"amount": 10_000})
    assert call("PUT", "/loans/L-1", LOAN).json["outstanding"]["total"] == 100_000
    corrected = LOAN | {
        "instalments": [first, second | {"amount": 70_000}],
        "borrower": LOAN["borrower"] | {"phone": "5587654321"},
        "holds": ["dispute"],
    }
    loan = call("PUT", "/loans/L-1", corrected).json
    assert (loan["instalments"][1]["unpaid"], loan["flags"], loan["status"]) == (
        70_000,
        ["dispute"],
        "disputed",
    )
    assert loan["borrower"]["phone"] == "+525587654321"
    assert loan["outstanding"]["total"] == 110_000, "what was paid that day stays paid in each correction"
    shorter = call("PUT", "/loans/L-1", corrected | {"instalments": [first]}).json
    assert shorter["outstanding"]["total"] == 40_000


def test_a_loan_keeps_its_borrower(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    services.clock.advance(days=1)  # type: ignore[attr-defined]
    answer = call(
        "PUT",
        "/loans/L-1",
        LOAN | {"as_of": "2026-11-25", "borrower": LOAN["borrower"] | {"external_id": "B2"}},
    )
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "borrower.external_id")
    assert call("GET", "/borrowers/B2/conversation").status_code == 404


def test_the_lenders_own_acts(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)

    def act(kind: str, amount: int, **more: object) -> Any:
        body = {"kind": kind, "amount": amount, "reason": "agreed", **more}
        return call("POST", "/loans/L-1/adjustments", body)

    waived = act("waiver", 10_000, component="principal")
    assert (waived.status_code, waived.json["loan"]["outstanding"]["total"]) == (201, 100_000)
    assert act("waiver", 1, component="interest").status_code == 422
    assert act("refund", 1).status_code == 422
    assert act("recovery", 1).status_code == 422
    call("POST", "/payments", PAYMENT | {"amount": 130_000})
    assert call("GET", "/loans/L-1").json["credit"] == 30_000
    assert act("refund", 30_000).json["loan"]["credit"] == 0
    assert (
        call("POST", "/loans/nowhere/adjustments", {"kind": "refund", "amount": 1, "reason": "x"}).status_code
        == 404
    )
    kinds = [entry["kind"] for entry in call("GET", "/loans/L-1/ledger").json["entries"]]
    assert kinds == ["loan.opened", "waiver.granted", "payment.posted", "loan.settled", "refund.posted"]


def test_what_was_refunded_of_money_taken_back_is_owed_back_and_no_credit(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    paid = call("POST", "/payments", PAYMENT | {"amount": 140_000}).json["id"]
    refund = {"kind": "refund", "amount": 30_000, "reason": "overpaid"}
    call("POST", "/loans/L-1/adjustments", refund)
    call("POST", f"/payments/{paid}/reversal", {"reason": "bounced"})
    loan = call("GET", "/loans/L-1").json
    assert (loan["outstanding"]["total"], loan["credit"], loan["owed_back"]) == (110_000, 0, 30_000)
    assert call("POST", "/loans/L-1/adjustments", refund).status_code == 422
    call("POST", "/payments", PAYMENT | {"amount": 50_000, "reference": "R2"})
    loan = call("GET", "/loans/L-1").json
    assert (loan["outstanding"]["total"], loan["credit"], loan["owed_back"]) == (90_000, 0, 0)


def test_a_loan_is_written_off_and_recovered(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    off = {"kind": "write_off", "amount": 110_000, "reason": "policy"}
    assert call("POST", "/loans/L-1/adjustments", off).json["loan"]["status"] == "written_off"
    call("POST", "/payments", PAYMENT | {"amount": 50_000})
    loan = call("GET", "/loans/L-1").json
    assert (loan["status"], loan["credit"]) == ("written_off", 0)
    back = {"kind": "recovery", "amount": 60_000, "reason": "sold"}
    assert call("POST", "/loans/L-1/adjustments", back).json["loan"]["status"] == "settled"


def test_holds_are_placed_and_lifted(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    placed = call("POST", "/loans/L-1/holds", {"kind": "dispute", "reason": "letter"})
    assert (placed.status_code, placed.json["status"]) == (201, "disputed")
    assert call("POST", "/loans/L-1/holds", {"kind": "dispute"}).status_code == 200
    assert call("POST", "/loans/L-1/holds", {"kind": "nonsense"}).status_code == 422
    lifted = call("DELETE", "/loans/L-1/holds/dispute")
    assert (lifted.status_code, lifted.json["status"], lifted.json["holds"]) == (200, "overdue", [])
    assert call("DELETE", "/loans/L-1/holds/dispute").status_code == 404
    assert call("DELETE", "/loans/L-1/holds/nonsense").status_code == 404


def test_the_ledger_is_paged(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    for i in range(5):
        call("POST", "/payments", PAYMENT | {"reference": f"R{i}", "amount": 100})
    seen, cursor = [], "0"
    while cursor is not None:
        page = call("GET", f"/loans/L-1/ledger?limit=2&cursor={cursor}").json
        seen += [entry["seq"] for entry in page["entries"]]
        cursor = page["next_cursor"]
    assert seen == [1, 2, 3, 4, 5, 6]
    assert call("GET", "/loans/L-1/ledger?limit=0").status_code == 400
    assert call("GET", "/loans/L-1/ledger?cursor=x").status_code == 400


def test_a_promise_is_shown(call: Caller, services: Services, now: datetime) -> None:
    call("PUT", "/loans/L-1", LOAN)
    with write_tx(services.engine) as connection:
        row = {
            "loan_id": 1,
            "amount": 50_000,
            "due_date": now.date(),
            "expires_on": now.date(),
            "status": "open",
            "made_at": now,
        }
        connection.execute(insert(Promise).values(**row))
    assert call("GET", "/loans/L-1").json["promise"] == {
        "date": "2026-11-24",
        "amount": 50_000,
        "paid": 0,
        "status": "open",
        "rest": [],
    }


def test_loans_are_listed_by_status_and_by_what_changed(call: Caller, services: Services) -> None:
    for number in range(3):
        borrower = LOAN["borrower"] | {"external_id": f"B{number}", "phone": f"551234567{number}"}
        call("PUT", f"/loans/L-{number}", LOAN | {"borrower": borrower})
    first = call("GET", "/loans?limit=2&status=overdue").json
    assert [loan["external_id"] for loan in first["loans"]] == ["L-0", "L-1"]
    assert first["loans"][0] == call("GET", "/loans/L-0").json
    rest = call("GET", f"/loans?limit=2&cursor={first['next_cursor']}").json
    assert ([loan["external_id"] for loan in rest["loans"]], rest["next_cursor"]) == (["L-2"], None)
    services.clock.advance(minutes=1)  # type: ignore[attr-defined]
    call("POST", "/payments", PAYMENT | {"loan": "L-2"})
    since = services.clock.now().isoformat().replace("+", "%2B")
    assert [loan["external_id"] for loan in call("GET", f"/loans?updated_since={since}").json["loans"]] == [
        "L-2"
    ]
    assert call("GET", "/loans?status=settled").json["loans"] == []
    for wrong in ("status=lost", "updated_since=ayer", "updated_since=2026-11-24", "limit=0", "cursor=-1"):
        assert call("GET", f"/loans?{wrong}").status_code == 400, wrong


def test_what_was_applied_is_answered(call: Caller) -> None:
    def applied(**change: object) -> str:
        return str(call("PUT", "/loans/L-1", LOAN | change).json["applied"])

    assert applied() == "created"
    assert applied() == "unchanged"
    assert applied(as_of="2026-11-23") == "older"
    assert applied(instalments=LOAN["instalments"][:1]) == "updated"
    assert call("GET", "/loans/L-1/ledger").json["entries"][0]["actor"] == "lender:tests"


@pytest.mark.parametrize("cursor", ["3000000000", "9" * 40, "1e3", "٣"])
def test_a_cursor_is_one_that_was_given(call: Caller, cursor: str) -> None:
    call("PUT", "/loans/L-1", LOAN)
    assert call("GET", f"/loans/L-1/ledger?cursor={cursor}").status_code == 400
