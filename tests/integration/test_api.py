"""The lender's API: what it answers, what it refuses, and the same answer twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select, update

from bot.api.keys import list_keys, make_key, revoke_key, rotate_key
from bot.app import create_app
from bot.conversation import take_events
from bot.jobs.housekeeping import prune
from bot.services import Services
from models import Borrower, Conversation, Event, IdempotentCall, Loan, Promise, Task, read_tx, write_tx
from tests.integration.api_description import hold
from tests.services import make_test_services

LOAN: dict[str, Any] = {
    "borrower": {
        "external_id": "B1",
        "name": "Ana López",
        "phone": "5512345678",
        "birth_date": "1990-03-15",
        "state": "CDMX",
    },
    "as_of": "2026-11-24",
    "pay_reference": "123",
    "instalments": [
        {
            "number": 1,
            "due_date": "2026-11-17",
            "amount": 60_000,
            "paid": 10_000,
            "principal": 50_000,
            "interest": 8_000,
            "tax": 2_000,
        },
        {"number": 2, "due_date": "2026-12-01", "amount": 60_000},
    ],
}
PAYMENT = {
    "loan": "L-1",
    "amount": 50_000,
    "currency": "MXN",
    "paid_at": "2026-11-24T10:00:00-06:00",
    "rail": "spei",
    "reference": "R1",
}


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


class Caller:
    """Every answer is held against the published description."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client, self.key = client, key

    def __call__(self, method: str, path: str, json: object = None, **headers: str) -> Any:
        sent = {
            "Authorization": f"Bearer {self.key}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        answer = self.client.open(f"/api/v1{path}", method=method, json=json, headers=sent)
        hold(method, path, answer)
        return answer


@pytest.fixture
def call(services: Services) -> Caller:
    return Caller(create_app(services).test_client(), make_key(services, "tests", "lender"))


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
        "instalments": [LOAN["instalments"][0] | {"paid": 60_000}, LOAN["instalments"][1]],
    }
    assert call("PUT", "/loans/L-1", later).status_code == 200
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 60_000
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


@pytest.mark.parametrize("amount", [-5, "1e9", "50000", 1e9, 1.5, True, 10**30])
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
    assert (
        call("PUT", "/loans/L-1", corrected | {"instalments": [first]}).json["outstanding"]["total"] == 50_000
    )


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


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"loan": "\\ud800"}', "application/json", 400),
        (b"[" * 9_000, "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422),
        (b'{"reference": "a\\u0000"}', "application/json", 422),
        (b" " * 3_000_000, "application/json", 413),
    ],
)
def test_a_body_that_is_none(call: Caller, body: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {call.key}"}
    answer = call.client.post("/api/v1/payments", data=body, content_type=kind, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_what_nobody_routes_is_a_problem_too(call: Caller) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("POST", "/loans/L-1", 405),
        ("GET", "/loans/%00", 404),
    ):
        answer = call(method, path)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert call("POST", "/loans/L-1").headers["Allow"] == "GET, HEAD, OPTIONS, PUT"
    assert call.client.get("/nowhere").content_type.startswith("text/html")
    assert call.client.get("/api/v1/loans/L-1").headers["WWW-Authenticate"] == "Bearer"


def test_an_id_with_a_slash(call: Caller) -> None:
    assert call("PUT", "/loans/2026/L-1", LOAN).status_code == 201
    assert call("GET", "/loans/2026%2FL-1").json["external_id"] == "2026/L-1"
    assert len(call("GET", "/loans/2026/L-1/ledger").json["entries"]) == 1


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
    again = call("POST", "/payments", PAYMENT | {"paid_at": "2026-11-24T00:00:00-06:00"})
    assert again.status_code == 200, "a late report of it is still of it"
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 110_000
    assert call("GET", "/payments/999").status_code == 404
    assert call("POST", "/payments/x/reversal", {"reason": "bounced"}).status_code == 404


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


@pytest.mark.parametrize(
    "paid_at",
    ["2027-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-11-24", 1795564800],
)
def test_a_payment_was_received_when_it_can_have_been(call: Caller, paid_at: object) -> None:
    call("PUT", "/loans/L-1", LOAN)
    answer = call("POST", "/payments", PAYMENT | {"paid_at": paid_at})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "paid_at")


def test_two_calls_at_once_with_one_key_act_once(services: Services) -> None:
    """Those that come while the first is under way are told to come again, and never wait."""
    key = make_key(services, "tests", "lender")
    app = create_app(services)
    Caller(app.test_client(), key)("PUT", "/loans/L-1", LOAN)

    def call(_: int) -> Any:
        path, body = "/borrowers/B1/outreach", {"flow": "reminder"}
        while (
            answer := Caller(app.test_client(), key)("POST", path, body, Idempotency_Key="k")
        ).status_code == 425:
            assert answer.headers["Retry-After"] == "2"
        return answer

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(call, range(4)))
    assert {(answer.status_code, answer.json["not_before"]) for answer in answers} == {
        (202, answers[0].json["not_before"])
    }
    with read_tx(services.engine) as connection:
        assert len(connection.scalars(select(Event.id)).all()) == 1


def test_while_the_first_call_is_under_way_its_key_is_early_and_another_body_a_conflict(
    call: Caller, services: Services
) -> None:
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT, Idempotency_Key="k")
    with write_tx(services.engine) as connection:
        connection.execute(update(IdempotentCall).values(status=0))
    early = call("POST", "/payments", PAYMENT, Idempotency_Key="k")
    assert (early.status_code, early.headers["Retry-After"]) == (425, "2")
    assert call("POST", "/payments", PAYMENT | {"amount": 1}, Idempotency_Key="k").status_code == 409


def test_answers_are_forgotten_after_a_day(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN, Idempotency_Key="k")
    assert prune(services) == 0
    services.clock.advance(hours=25)  # type: ignore[attr-defined]
    assert prune(services) == 1


def test_a_refused_call_frees_its_key_and_an_abandoned_one_is_taken_over(
    call: Caller, services: Services
) -> None:
    assert call("POST", "/payments", PAYMENT, Idempotency_Key="k").status_code == 404
    call("PUT", "/loans/L-1", LOAN)
    assert call("POST", "/payments", PAYMENT, Idempotency_Key="k").status_code == 201
    with write_tx(services.engine) as connection:
        connection.execute(
            update(IdempotentCall).values(status=0, created_at=services.clock.now() - timedelta(minutes=2))
        )
    assert call("POST", "/payments", PAYMENT, Idempotency_Key="k").json["duplicate"] is True


def test_the_same_key_answers_the_same_and_another_body_is_refused(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first = call("POST", "/payments", PAYMENT, Idempotency_Key="k1")
    again = call("POST", "/payments", PAYMENT, Idempotency_Key="k1")
    other = call("POST", "/payments", PAYMENT | {"amount": 1}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json == again.json


def test_who_may_call(call: Caller, services: Services) -> None:
    assert call.client.get("/api/v1/loans/L-1").status_code == 401
    call.key, known = "acu_wrong", call.key
    assert call("GET", "/loans/L-1").status_code == 401
    call.key = make_key(services, "reports", "readonly")
    assert call("GET", "/loans/L-1").status_code == 404
    assert call("POST", "/payments", PAYMENT).status_code == 403
    call.key = known
    assert call("POST", "/payments", PAYMENT).status_code == 404


def test_a_keys_last_use_is_kept_without_a_write_for_each_call(call: Caller, services: Services) -> None:
    (key,) = list_keys(services)
    assert key.last_used_at is None
    begun = services.clock.now()
    written = []
    for minutes in (0, 1, 4, 6, 7):
        services.clock.at = begun + timedelta(minutes=minutes)  # type: ignore[attr-defined]
        call("GET", "/loans")
        written.append(list_keys(services)[0].last_used_at - begun)
    assert written == [timedelta(minutes=minutes) for minutes in (0, 0, 0, 6, 6)]


def test_a_key_that_is_refused_was_not_used(services: Services) -> None:
    client = create_app(services).test_client()
    reading = make_key(services, "reads", "readonly")
    for key in ("acu_none", reading):
        client.post("/api/v1/payments", json={}, headers={"Authorization": f"Bearer {key}"})
    assert [row.last_used_at for row in list_keys(services)] == [None]


def test_every_route_but_the_description_needs_a_key(call: Caller) -> None:
    app = call.client.application
    routes = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "docs" not in rule.rule and "openapi" not in rule.rule
    ]
    assert routes
    for rule in routes:
        method = next(iter(rule.methods - {"HEAD", "OPTIONS"}))
        assert (
            call.client.open(rule.rule.replace("<id:external_id>", "x"), method=method).status_code == 401
        ), rule.rule


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


def test_the_conversation_and_an_outreach(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    thread = call("GET", "/borrowers/B1/conversation").json
    assert (thread["handler"], thread["expecting"], thread["messages"]) == ("bot", None, [])
    answer = call("POST", "/borrowers/B1/outreach", {"flow": "reminder"})
    assert answer.status_code == 202
    assert answer.json["not_before"]
    take_events(services)
    thread = call("GET", "/borrowers/B1/conversation").json
    assert thread["expecting"] == "yes_no"
    assert thread["messages"][-1]["choices"] == [
        {"payload": "yes", "title": "Sí"},
        {"payload": "no", "title": "No"},
    ]


def test_an_outreach_that_a_rule_forbids(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).values(opted_out_at=services.clock.now()))
    answer = call("POST", "/borrowers/B1/outreach", {"flow": "reminder"})
    assert (answer.status_code, answer.json["rule"]) == (409, "OPT-OUT")
    assert "opt_out" in call("GET", "/loans/L-1").json["flags"]
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).values(opted_out_at=None))
        connection.execute(update(Conversation).values(handler="agent"))
    assert call("POST", "/borrowers/B1/outreach", {"flow": "reminder"}).json["rule"] == "OWNER"
    assert call("POST", "/borrowers/nobody/outreach", {"flow": "reminder"}).status_code == 404
    assert call("POST", "/borrowers/B1/outreach", {"flow": "nonsense"}).status_code == 422


def test_the_description_describes_every_route(call: Caller) -> None:
    from openapi_spec_validator import validate

    document = call.client.get("/api/v1/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    served = {
        rule.rule.removeprefix("/api/v1").replace("<id:", "<").replace("<", "{").replace(">", "}")
        for rule in call.client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "docs" not in rule.rule and "openapi" not in rule.rule
    }
    assert served == set(document["paths"])
    page = call.client.get("/api/v1/docs/")
    assert (page.status_code, len(page.data) < 500_000) == (200, True)
    for path in document["paths"]:
        assert f"<span>{path}</span>" in page.text


def test_a_promise_is_shown(call: Caller, services: Services, now: datetime) -> None:
    from sqlalchemy import insert

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
    }


def test_a_key_is_replaced_with_an_overlap_and_revoked_at_once(call: Caller, services: Services) -> None:
    old = call.key
    call.key = rotate_key(services, "tests", timedelta(hours=1), "cli:test")
    assert call("GET", "/loans/L-1").status_code == 404
    new, call.key = call.key, old
    assert call("GET", "/loans/L-1").status_code == 404
    services.clock.advance(hours=2)  # type: ignore[attr-defined]
    assert call("GET", "/loans/L-1").status_code == 401
    call.key = new
    revoke_key(services, "tests", "cli:test")
    assert call("GET", "/loans/L-1").status_code == 401


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


def test_a_person_is_read_with_contact_points_flags_and_loans(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN | {"holds": ["dispute"]})
    person = call("GET", "/borrowers/B1").json
    assert (person["name"], person["phone"], person["flags"]) == ("Ana López", "+525512345678", ["dispute"])
    assert {point["status"] for point in person["contact_points"]} == {"unverified"}
    (loan,) = person["loans"]
    (hold_,) = loan["holds"]
    assert (loan["external_id"], hold_["kind"], hold_["by"], hold_["until"]) == (
        "L-1",
        "dispute",
        "lender:tests",
        None,
    )
    assert call("GET", "/borrowers/B2").status_code == 404


def test_open_tasks_are_listed(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    with write_tx(services.engine) as connection:
        loan = connection.scalar(select(Loan.id))
        at = services.clock.now()
        rows = [
            {"kind": kind, "loan_id": loan, "data": {}, "created_at": at, "done_at": done}
            for kind, done in (("charge_unknown", None), ("note", None), ("event", at), ("event", None))
        ]
        for row in rows:
            connection.execute(insert(Task).values(**row))
    page = call("GET", "/tasks?limit=1").json
    (task,) = page["tasks"]
    assert (task["kind"], task["loan"], task["conversation"]) == ("charge_unknown", "L-1", None)
    rest = call("GET", f"/tasks?cursor={page['next_cursor']}").json
    assert [task["kind"] for task in rest["tasks"]] == ["event"]


@pytest.mark.parametrize(
    "name", ["x/ledger", "x/holds/dispute", "..", "a/../b", "x%0Ay", "a" * 65, "%C3%B1%0A"]
)
def test_an_id_that_could_not_be_read_back_is_no_id(call: Caller, name: str) -> None:
    answer = call("PUT", f"/loans/{name}", LOAN)
    assert answer.status_code in (404, 405)
    assert answer.content_type == "application/problem+json"
    assert call("GET", "/loans").json["loans"] == []


def test_answers_are_kept_by_no_cache(call: Caller) -> None:
    for path in ("/loans/L-1", "/openapi.json", "/nowhere"):
        answer = call("GET", path)
        assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
            "no-store",
            "nosniff",
        ), path


@pytest.mark.parametrize("cursor", ["3000000000", "9" * 40, "1e3", "٣"])
def test_a_cursor_is_one_that_was_given(call: Caller, cursor: str) -> None:
    call("PUT", "/loans/L-1", LOAN)
    assert call("GET", f"/loans/L-1/ledger?cursor={cursor}").status_code == 400


def test_outreach_that_is_asked_for_at_once_waits_once(services: Services) -> None:
    key = make_key(services, "tests", "lender")
    app = create_app(services)
    Caller(app.test_client(), key)("PUT", "/loans/L-1", LOAN)
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda _: Caller(app.test_client(), key)(
                    "POST", "/borrowers/B1/outreach", {"flow": "reminder"}
                ),
                range(8),
            )
        )
    assert {answer.status_code for answer in answers} == {202}
    with read_tx(services.engine) as connection:
        assert len(connection.scalars(select(Event.id)).all()) == 1
