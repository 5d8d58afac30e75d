"""What the API takes at all: bodies, paths, ids, keys; and its own description."""

from datetime import timedelta

import pytest

from bot.api.keys import list_keys, make_key, revoke_key, rotate_key
from bot.app import create_app
from bot.services import Services
from tests.api_caller import LOAN, PAYMENT, Caller


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


def test_a_link_takes_no_body_or_an_empty_object(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN)
    bodies: tuple[object, ...] = (None, {}, {"days": 30}, [])
    assert [call("POST", "/borrowers/B1/page", body).status_code for body in bodies] == [201, 201, 422, 422]


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
