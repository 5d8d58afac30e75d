"""A log-in by two factors: a code out of an app, or one that was kept for the day without it."""

import base64
import re
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Engine

from bot.clock import system_now
from bot.console.access import accounts, guard
from tests.desk import PASSWORD, Desk, waiting_for_a_person
from tests.talk import Talk

PAGE, CODES, MANAGER = "/console/second-factor", "/console/second-factor/codes", "manager@b.mx"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment at which all is done: a code changes every 30 s."""
    now = system_now()
    monkeypatch.setattr("bot.console.access.session.system_now", lambda: now)
    monkeypatch.setattr(guard, "is_required", lambda _, agent: agent.role == "manager")
    return now


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    ana = waiting_for_a_person(sqlite_engine, now)
    accounts.add_agent(ana.services, MANAGER, "manager", PASSWORD, "Marisol Uno")
    return ana


def app(desk: Desk) -> TOTP:
    """With the secret as the page shows it to who cannot scan."""
    secret = re.search(r'class="secret">([A-Z2-7]+)<', desk.get(PAGE).text)
    assert secret is not None
    return TOTP(base64.b32decode(secret[1]), 6, SHA1(), 30)


def shown_by(device: TOTP, at: datetime, later: int = 0) -> str:
    return device.generate(int(at.timestamp()) + later).decode()


def set_up(ana: Talk, at: datetime) -> tuple[Desk, TOTP, list[str]]:
    """The manager's browser and device, and the recovery codes."""
    desk = Desk(ana, MANAGER)
    device = app(desk)
    assert desk.post(PAGE, code=shown_by(device, at)).headers["Location"] == CODES
    return desk, device, ["".join(each) for each in re.findall(r">(\d{4}) (\d{4})<", desk.get(CODES).text)]


def enter(ana: Talk, code: str) -> int:
    """The status of a second half of a log-in."""
    desk = Desk(ana)
    half = desk.log_in(MANAGER)
    assert (half.status_code, 'name="code"' in half.text) == (401, True)
    assert desk.get("/console/today").status_code == 302
    token = re.search(r'name="csrf" value="([^"]+)"', half.text)
    assert token is not None
    return desk.post("/console/login", token[1], code=code).status_code


def test_a_manager_sets_it_up_before_anything_else(ana: Talk, at: datetime) -> None:
    desk = Desk(ana, MANAGER)
    assert desk.get("/console/reports").headers["Location"] == PAGE
    assert desk.post(PAGE, code="000000").status_code == 422
    desk, _, _ = set_up(ana, at)
    assert desk.get("/console/reports").status_code == 200
    trail = desk.get("/console/audit?q=second_factor").text
    assert "Activó su segundo factor" in trail
    assert "Dio acceso" not in trail
    assert "Activó su segundo factor" in desk.get("/console/audit?q=marisol").text, "who did it, by name"
    assert "Dio acceso" in desk.get("/console/audit?q=Otra+Dos").text, "whom it was done to, by name"
    assert Desk(ana, "agent@b.mx").get("/console/audit").status_code == 403


def test_a_code_logs_in_once(ana: Talk, at: datetime) -> None:
    desk, device, _ = set_up(ana, at)
    used, next_one = shown_by(device, at), shown_by(device, at, 30)
    for tried, status in (("123", 401), (used, 401), (next_one, 302), (next_one, 401)):
        assert enter(ana, tried) == status
    accounts.reset_second_factor(ana.services, MANAGER, "cli:test")
    assert desk.get("/console/today").status_code == 302
    assert Desk(ana).log_in(MANAGER).status_code == 302


def test_without_the_device_ten_kept_codes_log_in_once_each(ana: Talk, at: datetime) -> None:
    desk, _, kept = set_up(ana, at)
    assert len(set(kept)) == 10
    spaced = f"{kept[4][:4]} {kept[4][4:]}"
    for tried, status in (("00000000", 401), (kept[3], 302), (kept[3], 401), (spaced, 302)):
        assert enter(ana, tried) == status
    assert "Te quedan 8 códigos" in desk.get(PAGE).text
    assert desk.get("/console/audit?q=marisol").text.count("Entró con un código de recuperación") == 2
    ana.advance(minutes=11)
    assert desk.get(CODES).status_code == 302, "not for whoever finds the desk open"


def test_it_is_changed_by_its_own_code_alone(ana: Talk, at: datetime) -> None:
    desk, old, kept = set_up(ana, at)
    code = shown_by(app(desk), at)
    for current, status in (("", 422), (shown_by(old, at), 422), (kept[0], 302)):
        assert desk.post(PAGE, code=code, current=current).status_code == status
    assert "Te quedan 10 códigos" in desk.get(PAGE).text
    assert enter(ana, kept[1]) == 401, "those of before are gone"
    assert enter(ana, shown_by(old, at, 30)) == 401
