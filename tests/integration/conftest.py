"""A stand-in that is served, and, at the end of a run, what could not be checked on this machine."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, update

from bot.console.access import accounts
from bot.debit.port import DebitProvider
from bot.debit.providers import make_providers
from models import Conversation, write_tx
from tests.integration.served import World, served
from tests.integration.twilio_description import FOLDER, NAMES
from tests.loans import add_borrower, add_loan
from tests.outbox import FakeTwilio, Outbox
from tests.services import make_test_services

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
NOBODY = QUICK.hash("nobody has this password")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password takes a fifth of a second, which tests/unit/console holds to: a log-in here none."""
    monkeypatch.setattr(accounts, "_HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODY", NOBODY)


@pytest.fixture
def world(sqlite_engine: Engine, now: datetime, tmp_path: Path) -> Iterator[World]:
    with served(sqlite_engine, now, tmp_path) as world:
        yield world


@pytest.fixture
def belvo(world: World) -> DebitProvider:
    return make_providers(world.services.settings).default


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not all((FOLDER / name).exists() for name in NAMES):
        terminalreporter.section("not checked")
        terminalreporter.line(
            f"Requests to Twilio were not held against its description: put {' and '.join(NAMES)} "
            f"from twilio/twilio-oai into {FOLDER}"
        )
        terminalreporter.line("or set ACUERDO_TWILIO_OAI to where they are. With CI=true this is a failure.")


@pytest.fixture
def outbox(engine: Engine, now: datetime) -> Outbox:
    """A borrower who wrote an hour ago: WhatsApp's window is open."""
    with write_tx(engine) as connection:
        borrower, conversation = add_borrower(connection, 1)
        loan = add_loan(connection, borrower)
        connection.execute(update(Conversation).values(last_in_at=now - timedelta(hours=1)))
    return Outbox(make_test_services(engine, now), FakeTwilio(), borrower, conversation, loan)
