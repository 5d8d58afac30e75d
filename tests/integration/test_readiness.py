"""What would not work is refused before anything runs, in words that say how to fix it."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from bot import readiness
from bot.clock import system_now
from bot.console.access.accounts import add_agent
from bot.jobs import ticks
from bot.readiness import NotReady, faults, require_ready, settings_faults
from bot.sample_logins import LOGINS, PASSWORD
from bot.services import Services
from bot.web.health import unready
from models import bank_account_table, make_engine, tick_table, write_tx
from tests.loans import add_borrower
from tests.services import make_test_services


def made_up(name: str) -> str:
    """A sound secret, the same in every process: workers name their tests by it."""
    return hashlib.sha256(name.encode()).hexdigest()


SAMPLE = Path(__file__).parents[2] / "bot/data/lender.sample.toml"
SOUND: dict[str, Any] = {
    "env": "production",
    "secret_key": made_up("secret_key"),
    "encryption_keys": made_up("encryption_keys"),
    "signing_key": made_up("signing_key"),
    "public_url": "https://acuerdo.example",
    "twilio_api_url": "",
    "whatsapp_from": "+525512345678",
    "sms_from": "",
    "belvo_webhook_secret": made_up("belvo_webhook_secret"),
    "debit_provider": "",
    "lender_file": SAMPLE,
}


@pytest.fixture
def sound(sqlite_engine: Engine, now: datetime) -> Services:
    made = make_test_services(sqlite_engine, now)
    return changed(made, **SOUND)


def changed(one: Services, **settings: object) -> Services:
    copied = one.settings.model_copy(update=settings)
    copied.__dict__.pop("encryption_key_list", None)  # computed from the setting that was replaced
    return replace(one, settings=copied)


def test_a_sound_production_is_ready(sound: Services) -> None:
    assert list(faults(sound)) == []
    require_ready(sound)


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("secret_key", "changeme", "ACUERDO_SECRET_KEY is too weak"),
        ("signing_key", "s" * 64, "ACUERDO_SIGNING_KEY is too weak"),
        ("encryption_keys", f"{made_up('new')},k1", "ACUERDO_ENCRYPTION_KEYS is too weak"),
        ("signing_key", SOUND["secret_key"], "two secrets are the same"),
        ("public_url", "http://acuerdo.example", "ACUERDO_PUBLIC_URL"),
        ("public_url", "https://127.0.0.1", "ACUERDO_PUBLIC_URL"),
        ("public_url", "acuerdo.example", "ACUERDO_PUBLIC_URL is an address such as"),
        ("whatsapp_from", "5512345678", "ACUERDO_WHATSAPP_FROM is a number"),
        ("sms_from", "12", "ACUERDO_SMS_FROM is a number"),
        ("twilio_api_url", "twilio.example", "TWILIO_API_URL is an address"),
        ("smtp_url", "http://mail.example", "ACUERDO_SMTP_URL is an address"),
        ("imap_url", "mail.example", "ACUERDO_IMAP_URL is an address"),
        ("email_from", "cobranza", "ACUERDO_EMAIL_FROM is an e-mail address"),
        ("whatsapp_from", "", "there is no sender"),
        ("twilio_api_url", "http://twilio.example", "TWILIO_API_URL is not https"),
        ("belvo_api_url", "http://belvo.example", "BELVO_API_URL is not https"),
        ("monato_api_url", "http://monato.example", "MONATO_API_URL is not https"),
        ("debit_provider", "monato", "ACUERDO_DEBIT_PROVIDER=monato is not served by this version"),
        ("belvo_webhook_secret", "con/diagonal/y más", "BELVO_WEBHOOK_SECRET cannot be part"),
        ("now", "+3d", "ACUERDO_NOW"),
        ("secret_key", "", "production needs ACUERDO_SECRET_KEY"),
        ("lender_file", Path("nowhere.toml"), "nowhere.toml"),
    ],
)
def test_each_fault_is_named(sound: Services, setting: str, value: object, word: str) -> None:
    found = list(settings_faults(changed(sound, **{setting: value}).settings))
    assert [fault for fault in found if word in fault], found


def test_a_demos_database_is_no_productions(sound: Services) -> None:
    add_agent(sound, LOGINS[0][0], "agent", PASSWORD, sample=True)
    with pytest.raises(NotReady, match="a demo's database"):
        require_ready(sound)


def test_keys_must_open_and_find_what_is_there(sound: Services) -> None:
    with write_tx(sound.engine) as connection:
        borrower, _ = add_borrower(connection)
        row = {
            "borrower_id": borrower,
            "fingerprint": sound.vault.fingerprint("014180000000123456"),
            "encrypted": sound.vault.encrypt("014180000000123456", borrower),
            "key_id": sound.vault.key_id,
            "bank_code": "014",
            "last4": "3456",
            "created_at": sound.clock.now(),
        }
        connection.execute(insert(bank_account_table), row)
    require_ready(sound)
    for setting, word in (("encryption_keys", "cannot be decrypted"), ("secret_key", "rotate-keys")):
        with pytest.raises(NotReady, match=word):
            require_ready(changed(sound, **{setting: made_up("other 1")}))


def test_a_database_that_takes_no_write_is_not_ready(sqlite_url: str, now: datetime, tmp_path: Path) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    reading = make_test_services(make_engine(f"sqlite:///file:{path}?mode=ro&uri=true"), now)
    assert "cannot be reached or written" in (unready(reading) or "")
    empty = make_test_services(make_engine(f"sqlite:///{tmp_path}/empty.db"), now)
    assert "acuerdo db upgrade" in (unready(empty) or "")


def test_a_full_disk_is_found(sound: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    assert [fault for fault in faults(sound) if "nearly full" in fault]


def test_a_clock_that_was_set_back_stops_no_sweep(sound: Services) -> None:
    now = system_now()
    for minutes in (0, 30, 60):
        assert ticks.record(sound.engine, "plan", 20, now + timedelta(minutes=minutes))
        ticks.claim(sound.engine, now + timedelta(minutes=minutes))
        ticks.done(sound.engine, "plan", now + timedelta(minutes=minutes))
    assert [fault for fault in faults(sound) if "set back" in fault]
    assert ticks.record(sound.engine, "plan", 20, now)
    assert ticks.claim(sound.engine, now) == {"plan"}
    assert not ticks.record(sound.engine, "plan", 20, now)


def test_a_claim_of_the_future_is_taken_again(sound: Services) -> None:
    now = system_now()
    with write_tx(sound.engine) as connection:
        row = {"job": "plan", "at": now, "claimed_at": now + timedelta(hours=1)}
        connection.execute(insert(tick_table), row)
    assert ticks.claim(sound.engine, now) == {"plan"}
