"""Who gets into the console, for how long, and what ends it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.console.access import accounts, guard, throttle
from models import AuditEntry
from tests.desk import BASE, PASSWORD, Desk, owner, waiting_for_a_person
from tests.talk import Talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """She waits for a person."""
    return waiting_for_a_person(engine, now)


def test_nobody_sees_anything_without_a_session(ana: Talk) -> None:
    desk = Desk(ana)
    assert desk.get("/console/").headers["Location"] == "/console/login"
    for path in ("/console/tasks", "/console/review", desk.thread):
        assert desk.get(path).headers["Location"] == f"/console/login?next={path}"
    assert desk.get(f"{desk.thread}/live").status_code == 401
    assert desk.get(desk.thread, **{"X-Requested-With": "fetch"}).status_code == 401
    page = desk.get("/console/login")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_logging_in_and_out(ana: Talk) -> None:
    desk = Desk(ana)
    wrong = desk.log_in("agent@b.mx", "no es esta")
    assert (wrong.status_code, "no coinciden" in wrong.text) == (401, True)
    assert desk.log_in(" AGENT@b.mx ").status_code == 302
    assert "Agent Uno" in desk.get("/console/").text
    assert desk.post("/console/logout").status_code == 302
    assert desk.get("/console/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("/console/tasks", "/console/tasks"),
        ("/console/reports?from=2026-10-01", "/console/reports?from=2026-10-01"),
        *((path, "/console/") for path in ("", "//evil.mx", "https://evil.mx/console/", "/console//evil.mx")),
        *(
            (path, "/console/")
            for path in ("/console/\\evil.mx", "/simulator", "/console/login?next=/console/")
        ),
    ],
)
def test_a_log_in_goes_on_where_it_was_asked_for(ana: Talk, wanted: str, shown: str) -> None:
    desk = Desk(ana)
    form = {"csrf": desk.token("/console/login"), "email": "agent@b.mx", "password": PASSWORD}
    answer = desk.client.post("/console/login", base_url=BASE, data=form, query_string={"next": wanted})
    assert answer.headers["Location"] == shown


def test_a_session_ends_by_age_by_idleness_and_with_its_password(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for name, age in (("began", guard.ABSOLUTE), ("seen", guard.IDLE)):
        with desk.client.session_transaction("/console/", base_url=BASE) as session:
            session[name] -= int(age.total_seconds()) + 1
        assert desk.get(f"{desk.thread}/live").status_code == 401
        assert desk.log_in("agent@b.mx").status_code == 302
    accounts.set_password(ana.services, "agent@b.mx", "otra contraseña muy larga", "cli:test")
    assert desk.get("/console/").headers["Location"] == "/console/login"


def test_asking_for_news_does_not_keep_a_session_awake(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        session["seen"] -= 600
        before = session["seen"]
    assert desk.get(f"{desk.thread}/live").status_code == 200
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        assert session["seen"] == before
    desk.get("/console/")
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        assert session["seen"] > before


def test_guesses_are_counted_before_a_password_is_looked_at(ana: Talk) -> None:
    desk = Desk(ana)
    for email in ("agent@b.mx", "nadie@b.mx"):
        tries = [desk.log_in(email, "no es esta").status_code for _ in range(throttle.MOST["pair"] + 1)]
        assert tries == [401] * throttle.MOST["pair"] + [429]
    locked = desk.log_in("agent@b.mx")
    assert (locked.status_code, int(locked.headers["Retry-After"]) > 0) == (429, True)
    assert desk.log_in("otra@b.mx").status_code == 302
    ana.advance(minutes=11)
    assert Desk(ana).log_in("agent@b.mx").status_code == 302


def test_nobody_locks_an_account_for_its_owner(ana: Talk) -> None:
    """Guesses from elsewhere hold up neither the owner's address nor a device that logged in before."""
    owner, attacker = Desk(ana, "agent@b.mx"), Desk(ana)
    owner.post("/console/logout")
    while attacker.log_in("agent@b.mx", "no es esta").status_code == 401:
        continue
    assert attacker.log_in("agent@b.mx").status_code == 429
    assert owner.log_in("agent@b.mx").status_code == 302
    throttle.attempt(ana.services, "agent@b.mx", "198.51.100.7")
    metrics = owner.client.get("/metrics").text
    assert 'acuerdo_logins_total{outcome="failed"} 5.0' in metrics
    assert 'acuerdo_logins_total{outcome="throttled"} 2.0' in metrics


def test_a_copied_cookie_opens_nothing_after_the_log_out(ana: Talk) -> None:
    desk, thief = Desk(ana, "agent@b.mx"), Desk(ana)
    cookie = desk.client.get_cookie("session", domain="localhost", path="/console")
    thief.client.set_cookie("session", cookie.value, domain="localhost", path="/console", secure=True)
    assert thief.get("/console/").status_code == 200
    desk.post("/console/logout")
    assert thief.get("/console/").status_code == 302


@pytest.mark.parametrize("end", [accounts.disable_agent, accounts.end_sessions])
def test_an_operator_ends_every_session_at_once(ana: Talk, end: Any) -> None:
    desks = [Desk(ana, "agent@b.mx"), Desk(ana, "agent@b.mx"), Desk(ana, "otra@b.mx")]
    end(ana.services, "agent@b.mx", "cli:test")
    assert [desk.get("/console/").status_code for desk in desks] == [302, 302, 200]
    entries = ana.rows(AuditEntry, AuditEntry.actor == "cli:test")
    assert [(entry.subject, entry.action.split(".")[0]) for entry in entries] == [("agent@b.mx", "agent")]


def test_passwords_are_long_or_refused(ana: Talk) -> None:
    accounts.set_password(ana.services, "agent@b.mx", "larguísima y con ñ " * 20, "cli:test")
    assert Desk(ana).log_in("agent@b.mx", "larguísima y con ñ " * 20).status_code == 302
    for weak in (
        "corta",
        "aaaaaaaaaaaaaa",
        "1234567890",
        "password123",
        "agent@b.mx",
        "acuerdoacuerdo",
        "x" * 1001,
    ):
        with pytest.raises(accounts.WeakPassword):
            accounts.set_password(ana.services, "agent@b.mx", weak, "cli:test")


def test_a_form_without_its_token_changes_nothing(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for token in ("", "x.y.z"):
        assert desk.post(f"{desk.thread}/take", token).status_code == 400
    assert owner(ana).handler == "queue"
