"""Every error has an answer in its caller's form, an id in the log, and nothing personal in either."""

import re
import sqlite3
import time
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.exc import DataError, OperationalError

from bot.api.keys import list_keys, make_key
from bot.app import create_app
from bot.console.access import accounts
from models import make_engine, read_tx, write_tx
from models.database import _begin
from tests.services import make_test_services

BASE = "https://localhost"
PERSONAL = (
    "Sebastiana Quetzalcóatl",
    "5587001234",
    "014180000000123451",
    "sebastiana@correo.mx",
    "mi secreto",
)


@pytest.fixture
def services(engine: Engine, now: datetime) -> Any:
    return make_test_services(engine, now)


@pytest.fixture
def client(services: Any) -> FlaskClient:
    client = create_app(services).test_client()
    accounts.add_agent(services, "a@b.mx", "agent", "suficientemente largo")
    log_in(client, "a@b.mx", "suficientemente largo")
    return client


def log_in(client: FlaskClient, email: str, password: str) -> Any:
    page = client.get("/console/login", base_url=BASE).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "email": email, "password": password}
    return client.post("/console/login", base_url=BASE, data=form)


def csrf(client: FlaskClient) -> str:
    return client.get("/console/", base_url=BASE).text.split('name="csrf" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/console/conversations/" + "9" * 24, "/console/loans/0/ledger"]
)
def test_a_page_that_is_not_there_is_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url=BASE)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "No encontramos esta página" in answer.text
    english = client.get(path, base_url=BASE, headers={"Accept-Language": "en-US,en;q=0.9"})
    assert ("This page does not exist" in english.text) == (not path.startswith("/console"))


def test_the_desk_refuses_in_the_language_that_was_chosen_there(client: FlaskClient) -> None:
    refused = client.get("/console/team", base_url=BASE, headers={"Accept-Language": "en"})
    assert (refused.status_code, "Tu perfil no permite esto" in refused.text) == (403, True)
    form = {"csrf": csrf(client), "locale": "en"}
    client.post("/console/language", base_url=BASE, data=form)
    refused = client.get("/console/team", base_url=BASE)
    assert "Your role does not allow this" in refused.text
    assert 'href="/console"' in refused.text
    stale = client.post("/console/language", base_url=BASE, data={"csrf": "old", "locale": "es_MX"})
    assert (stale.status_code, "Load the page again" in stale.text) == (400, True)


def test_what_raises_has_an_id_to_quote(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(" ".join(PERSONAL))

    monkeypatch.setattr("bot.console.agents.home.board", fail)
    monkeypatch.setattr("bot.console.agents.search.find", fail)
    token = client.get("/console/tasks", base_url=BASE).text.split('name="csrf" value="')[1].split('"')[0]
    client.post("/console/search", base_url=BASE, data={"csrf": token, "q": PERSONAL[0]})
    for path in ("/console/", "/console/search"):
        answer = client.get(path, base_url=BASE)
        assert answer.status_code == 500
        error_id = answer.text.split("<code>")[1].split("<")[0]
        assert f'"error_id": "{error_id}"' in (logged := capsys.readouterr().err)
        assert not [word for word in PERSONAL if word in logged or word in answer.text]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "💥" * 90, "%" * 80, "'; drop table loan; --"])
def test_what_is_typed_never_raises(client: FlaskClient, text: str) -> None:
    form = {"csrf": csrf(client), "q": text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
    answer = client.post("/console/search", base_url=BASE, data=form, follow_redirects=True)
    assert answer.status_code in (200, 422)


def test_a_locked_database_answers_503_in_time(sqlite_url: str, now: datetime) -> None:
    services = make_test_services(make_engine(sqlite_url, lock_seconds=0.2), now)
    key = make_key(services, "tests", "lender")
    client = create_app(services).test_client()
    lock = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    bearer = {"Authorization": f"Bearer {key}"}
    outreach = client.post(
        "/api/v1/borrowers/x/outreach", json={"flow": "reminder"}, headers={**bearer, "Idempotency-Key": "k"}
    )
    page = client.get("/readyz")
    lock.execute("ROLLBACK")
    lock.close()
    assert (outreach.status_code, outreach.headers["Retry-After"], page.status_code) == (503, "2", 503)
    assert outreach.content_type == "application/problem+json"
    assert time.monotonic() - began < 2
    assert client.get("/readyz").status_code == 200


def test_a_locked_database_holds_up_no_read_to_note_that_a_key_was_used(
    sqlite_url: str, now: datetime
) -> None:
    services = make_test_services(make_engine(sqlite_url, lock_seconds=60), now)
    key = make_key(services, "core", "lender")
    client = create_app(services).test_client()
    lock = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    answer = client.get("/api/v1/loans", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, time.monotonic() - began < 30) == (200, True)
    assert [row.last_used_at for row in list_keys(services)] == [None]
    lock.execute("ROLLBACK")
    lock.close()
    client.get("/api/v1/loans", headers={"Authorization": f"Bearer {key}"})
    assert [row.last_used_at for row in list_keys(services)] == [now]


def test_a_lock_at_the_beginning_is_an_error_of_the_database(sqlite_url: str) -> None:
    lock = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    engine = make_engine(sqlite_url, lock_seconds=0.1)
    with pytest.raises(OperationalError), write_tx(engine):
        pass
    lock.close()
    with read_tx(engine) as connection, pytest.raises(OperationalError):
        _begin(connection, "BEGIN")
    engine.dispose()


def test_nothing_personal_is_logged_by_any_route_nor_by_any_failure(
    client: FlaskClient,
    services: Any,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Names, phones, accounts and texts through every route; then again, with a database that fails."""
    key = make_key(services, "tests", "lender")
    personal = " ".join(PERSONAL)
    fields = ("q", "text", "email", "password", "intent", "outcome", "name", "phone", "clabe", "reference")
    token = csrf(client)

    def through_every_route() -> None:
        for rule in client.application.url_map.iter_rules():
            if rule.endpoint.startswith(("simulator", "console.logout", "docs.static")):
                continue
            path = re.sub(r"<int:[^>]+>", "1", rule.rule)
            path = re.sub(r"<[^>]+>", PERSONAL[1], path)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                headers = {"Authorization": f"Bearer {key}", "Referer": f"{BASE}/?x={PERSONAL[1]}"}
                form = {"csrf": token} | dict.fromkeys(fields, personal)
                sent = {"json": form} if rule.rule.startswith("/api/") else {"data": form}
                query = {"status": personal, "cursor": personal, "updated_since": personal}
                answer = client.open(
                    path, method=method, base_url=BASE, headers=headers, query_string=query, **sent
                )
                assert answer.status_code < 500 or failing, (method, path)
                answer.close()

    failing = False
    through_every_route()

    @event.listens_for(services.engine, "before_cursor_execute")
    def fail(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if re.search(r"FROM (borrower|loan|conversation|message|task)|INTO (task|event|message)", statement):
            raise DataError(statement, {"name": personal}, ValueError(personal), hide_parameters=True)

    failing = True
    through_every_route()
    captured = capfd.readouterr()
    logged = captured.out + captured.err + caplog.text
    assert "unreadable input" in logged or "view raised" in logged
    assert [word for word in PERSONAL if word in logged] == []


def test_a_note_that_is_too_long_is_refused_and_not_cut(client: FlaskClient) -> None:
    big = client.post("/console/search", base_url=BASE, data={"csrf": csrf(client), "q": "x" * 1_500_000})
    assert (big.status_code, "Es demasiado grande" in big.text) == (413, True)
