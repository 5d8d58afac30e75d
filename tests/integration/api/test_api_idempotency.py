"""The same call twice with one key: one act, one answer, whoever is first."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from bot.api import idempotency
from bot.api.keys import make_key
from bot.app import create_app
from bot.jobs.housekeeping import prune
from bot.services import Services
from models import Event, IdempotentCall, LedgerEntry, PaymentReport, read_tx, write_tx
from tests.api_caller import LOAN, PAYMENT, Caller


def test_two_calls_at_once_with_one_key_act_once(services: Services) -> None:
    """Those that come while the first is under way wait a moment for it, or are asked to come again."""
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


def test_who_comes_while_the_first_call_is_under_way_gets_its_answer(
    call: Caller, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first = call("POST", "/payments", PAYMENT, Idempotency_Key="k")
    with write_tx(services.engine) as connection:
        connection.execute(update(IdempotentCall).values(status=0))

    def answered(_: float) -> None:
        with write_tx(services.engine) as connection:
            connection.execute(update(IdempotentCall).values(status=201))

    monkeypatch.setattr(idempotency.time, "sleep", answered)
    assert call("POST", "/payments", PAYMENT, Idempotency_Key="k").data == first.data


def test_while_the_first_call_is_under_way_its_key_is_early_and_another_body_a_conflict(
    call: Caller, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT, Idempotency_Key="k")
    with write_tx(services.engine) as connection:
        connection.execute(update(IdempotentCall).values(status=0))
    monkeypatch.setattr(idempotency, "PATIENCE_SECONDS", 0.05)
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


def test_a_hold_that_is_over_since_is_answered_as_the_first_time(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    hold = {"kind": "quiet", "until": (services.clock.now() + timedelta(hours=1)).isoformat()}
    first = call("POST", "/loans/L-1/holds", hold, Idempotency_Key="k")
    services.clock.advance(hours=2)  # type: ignore[attr-defined]
    again = call("POST", "/loans/L-1/holds", hold, Idempotency_Key="k")
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert call("POST", "/loans/L-1/holds", hold).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/loans/L-1/adjustments", {"kind": "waiver", "amount": 1_000, "reason": "goodwill"}, 201),
        ("POST", "/payments", PAYMENT, 201),
        ("POST", "/borrowers/B1/outreach", {"flow": "reminder"}, 202),
        ("PUT", "/loans/L-2", LOAN, 201),
        ("PUT", "/loans", {"loans": [LOAN | {"external_id": "L-2"}]}, 200),
    ],
)
def test_what_cannot_keep_its_answer_is_not_done(
    call: Caller, services: Services, method: str, path: str, body: Any, status: int
) -> None:
    """Nothing is left of the call: the next one with its key answers as if it were the first."""
    call("PUT", "/loans/L-1", LOAN)
    before = _written(services)

    def refuse(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE idempotent_call"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(services.engine, "before_cursor_execute", refuse)
    assert call(method, path, body, Idempotency_Key="k").status_code == 503
    event.remove(services.engine, "before_cursor_execute", refuse)
    assert _written(services) == before
    done = call(method, path, body, Idempotency_Key="k")
    again = call(method, path, body, Idempotency_Key="k")
    assert (done.status_code, again.status_code, again.json) == (status, status, done.json)


def _written(services: Services) -> list[int]:
    with read_tx(services.engine) as connection:
        counts = [select(func.count()).select_from(table) for table in (LedgerEntry, Event, PaymentReport)]
        return [connection.execute(count).scalar_one() for count in counts]


def test_the_same_key_answers_the_same_and_another_body_is_refused(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    first = call("POST", "/payments", PAYMENT, Idempotency_Key="k1")
    again = call("POST", "/payments", PAYMENT, Idempotency_Key="k1")
    other = call("POST", "/payments", PAYMENT | {"amount": 1}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json == again.json
    in_another_order = json.dumps(dict(reversed(PAYMENT.items())), indent=1)
    headers = {"Authorization": f"Bearer {call.key}", "Idempotency-Key": "k1"}
    sent = {"data": in_another_order, "headers": headers, "content_type": "application/json"}
    assert call.client.post("/api/v1/payments", **sent).json == first.json
