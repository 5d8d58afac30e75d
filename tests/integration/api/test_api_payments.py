"""Payments by the API: posted once, put in doubt, decided, reversed, refused by field."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.portfolio import load_payments
from bot.services import Services
from models import Event, read_tx
from tests.api_caller import LOAN, PAYMENT, Caller


def test_a_payment_is_posted_once_and_told(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first, again = call("POST", "/payments", PAYMENT), call("POST", "/payments", PAYMENT)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json["entry"], again.json["duplicate"]) == (again.json["entry"], True)
    entries = call("GET", "/loans/L-1/ledger").json["entries"]
    assert [e["kind"] for e in entries] == ["loan.opened", "payment.posted"]
    assert all(sum(p["amount"] for p in e["postings"]) == 0 for e in entries)
    with read_tx(services.engine) as connection:
        assert list(connection.scalars(select(Event.kind))) == ["payment.posted"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": -5}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"paid_at": "2026-11-24T10:00:00"}, "paid_at"),
        ({"paid_at": "ayer"}, "paid_at"),
        ({"reference": ""}, "reference"),
        ({"reference": "  "}, "reference"),
        ({"extra": 1}, "extra"),
    ],
)
def test_bad_payments_say_which_field(call: Caller, change: dict[str, object], field: str) -> None:
    call("PUT", "/loans/L-1", LOAN)
    answer = call("POST", "/payments", PAYMENT | change)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in [error["field"] for error in answer.json["errors"]]
    assert len(call("GET", "/loans/L-1/ledger").json["entries"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "owed"),
    [
        ({}, 200, 60_000),
        ({"paid_at": "2026-11-24T10:00:00Z"}, 200, 60_000),
        ({"amount": 40_000}, 202, 60_000),
        ({"paid_at": "2026-10-24T10:00:00-06:00"}, 201, 10_000),
        ({"reference": "R2"}, 201, 10_000),
        ({"rail": "cash"}, 201, 10_000),
    ],
)
def test_a_payment_is_new_or_known_or_a_persons_to_decide(
    call: Caller, change: dict[str, object], status: int, owed: int
) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first = call("POST", "/payments", PAYMENT)
    assert (first.status_code, first.json["status"]) == (201, "posted")
    second = call("POST", "/payments", PAYMENT | change)
    assert (second.status_code, second.json["loan"]) == (status, "L-1")
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == owed
    got = call("GET", f"/payments/{second.json['id']}").json
    assert got["status"] == {200: got["status"], 201: "posted", 202: "review"}[status]


def test_a_payment_in_review_is_decided(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first = call("POST", "/payments", PAYMENT).json
    doubt = call("POST", "/payments", PAYMENT | {"amount": 40_000}).json
    assert (doubt["status"], doubt["reports"], doubt["entry"]) == ("review", [first["id"]], None)
    (case,) = call("GET", "/tasks").json["tasks"]
    assert (case["kind"], case["loan"], case["data"]["may_be"][0]["reference"]) == ("same_money", "L-1", "R1")
    assert [hold["kind"] for hold in call("GET", "/loans/L-1").json["holds"]] == ["payment_reported"]
    again = call("POST", "/payments", PAYMENT | {"amount": 40_000})
    assert (again.status_code, again.json["id"]) == (202, doubt["id"])
    decided = call("POST", f"/payments/{doubt['id']}/decision", {"same_as": None})
    assert (decided.status_code, decided.json["status"]) == (200, "posted")
    loan = call("GET", "/loans/L-1").json
    assert (loan["outstanding"]["total"], loan["holds"]) == (20_000, [])
    assert call("GET", "/tasks").json["tasks"] == []
    assert call("POST", f"/payments/{doubt['id']}/decision", {"same_as": None}).status_code == 409


def test_a_payment_is_taken_back_once(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    paid = call("POST", "/payments", PAYMENT).json["id"]
    taken = call("POST", f"/payments/{paid}/reversal", {"reason": "bounced"})
    assert (taken.status_code, taken.json["status"]) == (201, "reversed")
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 110_000
    assert call("POST", f"/payments/{paid}/reversal", {"reason": "bounced"}).status_code == 409
    assert call("GET", "/payments/999").status_code == 404
    assert call("POST", "/payments/x/reversal", {"reason": "bounced"}).status_code == 404


def test_what_was_taken_back_and_is_sent_again_is_a_persons_to_decide(call: Caller) -> None:
    """Until it is taken back too, what they decided holds for the same words."""
    call("PUT", "/loans/L-1", LOAN)
    for _ in range(2):
        paid = call("GET", f"/payments/{call('POST', '/payments', PAYMENT).json['id']}").json
        if paid["status"] == "review":
            paid = call("POST", f"/payments/{paid['id']}/decision", {"same_as": None}).json
        assert call("POST", "/payments", PAYMENT).json["duplicate"]
        assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 60_000
        call("POST", f"/payments/{paid['id']}/reversal", {"reason": "bounced"})
        again = [call("POST", "/payments", PAYMENT) for _ in range(2)]
        assert [each.status_code for each in again] == [202, 202]
        assert again[0].json["id"] == again[1].json["id"], "one case"
        assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 110_000
    back = call("POST", f"/payments/{again[0].json['id']}/decision", {"same_as": paid["id"]})
    assert (back.json["status"], call("POST", "/payments", PAYMENT).json["status"]) == (
        "duplicate",
        "duplicate",
    )


def test_two_reports_of_one_payment_that_wait_for_a_person_are_not_both_posted(
    call: Caller, services: Services, tmp_path: Path
) -> None:
    """What is posted of the first stands among what the second may be."""
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT)
    second = call("POST", "/payments", PAYMENT | {"amount": 40_000}).json["id"]
    tape = tmp_path / "payments.csv"
    row = "L-1,400.00,2026-11-24T10:00:00-06:00,spei,R1\n"
    tape.write_text(f"loan_id,amount,paid_at,rail,reference\n{row}")
    assert load_payments(services, tape).review == 1
    posted = call("POST", f"/payments/{second}/decision", {"same_as": None}).json
    (case,) = call("GET", "/tasks").json["tasks"]
    assert [side["amount"] for side in case["data"]["may_be"]] == [50_000, 40_000]
    waiting = case["data"]["report"]
    assert call("GET", f"/payments/{waiting}").json["reports"][-1] == posted["id"]
    same = call("POST", f"/payments/{waiting}/decision", {"same_as": posted["id"]})
    assert (same.status_code, same.json["status"]) == (200, "duplicate")
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 20_000


def test_equal_rows_of_a_file_are_the_same_two_payments_when_it_is_given_again(
    call: Caller, services: Services, tmp_path: Path
) -> None:
    call("PUT", "/loans/L-1", LOAN)
    tape = tmp_path / "payments.csv"
    row = "L-1,200.00,2026-11-24T10:00:00-06:00,spei,R1\n"
    tape.write_text(f"loan_id,amount,paid_at,rail,reference\n{row * 2}")
    first = load_payments(services, tape)
    assert (first.created, first.review) == (1, 1)
    (case,) = call("GET", "/tasks").json["tasks"]
    call("POST", f"/payments/{case['data']['report']}/decision", {"same_as": None})
    again = load_payments(services, tape)
    assert (again.unchanged, again.review) == (2, 0)
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 70_000


@pytest.mark.parametrize(
    "change", [{"amount": 5_000}, {"paid_at": "2026-11-24T12:00:00-06:00"}, {"loan": "L-2"}]
)
def test_a_reversal_makes_way_for_what_corrects_it(call: Caller, change: dict[str, object]) -> None:
    """Another sum, the payment made anew, or that it was another loan's."""
    for loan in ("L-1", "L-2"):
        call("PUT", f"/loans/{loan}", LOAN)
    paid = call("POST", "/payments", PAYMENT).json["id"]
    call("POST", f"/payments/{paid}/reversal", {"reason": "typed wrongly"})
    assert call("POST", "/payments", PAYMENT | change).status_code == 201


@pytest.mark.parametrize(
    "paid_at",
    ["2027-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-11-24", 1795564800],
)
def test_a_payment_was_received_when_it_can_have_been(call: Caller, paid_at: object) -> None:
    call("PUT", "/loans/L-1", LOAN)
    answer = call("POST", "/payments", PAYMENT | {"paid_at": paid_at})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "paid_at")
