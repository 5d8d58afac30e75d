"""What the processes of the charging drill run."""

import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.channels import make_transport
from bot.conversation import take_events
from bot.debit import charging
from bot.debit.charging import unknown
from bot.debit.providers import Providers
from bot.outreach import dispatch
from bot.services import Services, make_services
from models import bank_account_table as account
from models import write_tx


class Slow:
    """The provider over the wire, far away: what kills at random finds a call under way."""

    def __init__(self, provider) -> None:
        self.provider = provider

    def __getattr__(self, name: str):
        return getattr(self.provider, name)

    def create_charge(self, order):
        time.sleep(0.06)
        report = self.provider.create_charge(order)
        time.sleep(0.06)
        return report


def _make_services() -> Services:
    services = make_services()
    real = services.debit
    real.capabilities = replace(real.capabilities, listed_within=timedelta(seconds=4), batch=8)
    services.__dict__["providers"] = Providers([Slow(real)], real.name)
    return services


def seal() -> None:
    """Accounts that the processes can read: they do not start with one that no key opens."""
    services = make_services()
    with write_tx(services.engine) as connection:
        for row, owner in connection.execute(select(account.c.id, account.c.borrower_id)).all():
            digits = f"01218000123{row:07d}"
            sealed, mark = services.vault.encrypt(digits, owner), services.vault.fingerprint(digits)
            values = {"encrypted": sealed, "fingerprint": mark}
            connection.execute(update(account).where(account.c.id == row).values(**values))


def announce() -> None:
    services = _make_services()
    transport = make_transport(services)
    charging.plan(services)
    charging.notify(services)
    while take_events(services):
        pass
    while dispatch(services, transport):
        pass
    charging.notify(services)


def charge() -> None:
    """Until it is killed."""
    unknown.CLAIM = timedelta(seconds=2)
    sys.modules["bot.debit.charging.submit"].AFTER_FAILURE = timedelta(seconds=3)
    services = _make_services()
    Path("ready").touch()
    while True:
        for sweep in (charging.submit, charging.resolve, charging.poll_results, charging.cancel_in_flight):
            sweep(services)
        time.sleep(0.05)
