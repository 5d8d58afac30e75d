"""The lender's API: what it answers, what it refuses, and the same answer twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from bot.api.keys import make_key, revoke_key, rotate_key
from bot.app import create_app
from bot.conversation import take_events
from bot.services import Services
from models import Borrower, Conversation, Event, IdempotentCall, Promise, read_tx, write_tx
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


def test_a_loan_is_made_read_and_updated(call: Caller) -> None:
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
    later = LOAN | {
        "as_of": "2026-11-25",
        "instalments": [LOAN["instalments"][0] | {"paid": 60_000}, LOAN["instalments"][1]],
    }
    assert call("PUT", "/loans/L-1", later).status_code == 200
    assert call("GET", "/loans/L-1").json["outstanding"]["total"] == 60_000
    kinds = [entry["kind"] for entry in call("GET", "/loans/L-1/ledger").json["entries"]]
    assert kinds == ["loan.opened", "loan.adjusted"]


def test_what_a_tape_does_not_know_yet_stays(call: Caller) -> None:
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


def test_a_loan_keeps_its_borrower(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
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


@pytest.mark.parametrize("change", [{"amount": 60_000}, {"paid_at": "2026-10-24T10:00:00-06:00"}])
def test_a_reference_is_one_payments(call: Caller, change: dict[str, object]) -> None:
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT)
    assert call("POST", "/payments", PAYMENT | change).status_code == 409
    assert call("POST", "/payments", PAYMENT | change | {"reference": "R2"}).status_code == 201


@pytest.mark.parametrize(
    "paid_at",
    ["2027-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-11-24", 1795564800],
)
def test_a_payment_was_received_when_it_can_have_been(call: Caller, paid_at: object) -> None:
    call("PUT", "/loans/L-1", LOAN)
    answer = call("POST", "/payments", PAYMENT | {"paid_at": paid_at})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "paid_at")


def test_two_calls_at_once_with_one_key_act_once(services: Services) -> None:
    key = make_key(services, "tests", "lender")
    app = create_app(services)
    Caller(app.test_client(), key)("PUT", "/loans/L-1", LOAN)
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda _: Caller(app.test_client(), key)(
                    "POST", "/borrowers/B1/outreach", {"flow": "reminder"}, Idempotency_Key="k"
                ),
                range(4),
            )
        )
    assert {(answer.status_code, answer.json["not_before"]) for answer in answers} == {
        (202, answers[0].json["not_before"])
    }
    with read_tx(services.engine) as connection:
        assert len(connection.scalars(select(Event.id)).all()) == 1


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
            call.client.open(rule.rule.replace("<path:external_id>", "x"), method=method).status_code == 401
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
        rule.rule.removeprefix("/api/v1").replace("<path:external_id>", "{external_id}")
        for rule in call.client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "docs" not in rule.rule and "openapi" not in rule.rule
    }
    assert served == set(document["paths"])
    assert call.client.get("/api/v1/docs/").status_code == 200


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
