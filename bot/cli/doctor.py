"""acuerdo doctor"""

import re

import click

from bot.clock import Clock
from bot.lender import Lender
from bot.readiness import database_faults, settings_faults
from bot.services import Services, make_services
from bot.settings import Settings
from models import make_engine

_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*@")
_SECRET = ("secret", "token", "key", "keys", "authorization")


@click.command()
def command() -> None:
    """Shows what is configured, what is missing, and how to fix it.

    Example: acuerdo doctor
    """
    settings = Settings()
    for name, field in type(settings).model_fields.items():
        click.echo(f"{field.validation_alias!s:32} {_shown(name, getattr(settings, name))}")
    faults = [*_faults(settings), *_broker_faults(settings)]
    for fault in faults:
        click.echo(f"fix: {fault}", err=True)
    if faults:
        raise SystemExit(1)
    click.echo("everything that this environment needs is there")


def _shown(name: str, value: object) -> object:
    """A secret only as set, an address without its password."""
    if value in ("", None):
        return "–"
    return "set" if any(word in name.split("_") for word in _SECRET) else _PASSWORD.sub(r"\1***@", str(value))


def _broker_faults(settings: Settings) -> list[str]:
    from bot.jobs.broker import is_reachable

    if not settings.broker_url or is_reachable(settings.broker_url):
        return []
    return ["Redis does not answer at ACUERDO_BROKER_URL: nothing is lost, and due work is up to 5 s slower"]


def _faults(settings: Settings) -> list[str]:
    """Those of the settings; then, where services can be made of them, those of the database."""
    found = list(settings_faults(settings))
    if not found:
        found += database_faults(make_services(settings, lock_seconds=2.0))
    elif settings.database_url:
        engine = make_engine(settings.database_url, lock_seconds=2.0)
        found += database_faults(Services(settings, engine, Clock(engine), Lender.load(None)))
    return found
