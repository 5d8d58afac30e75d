"""acuerdo doctor"""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches

import click
from dotenv import dotenv_values

from bot.clock import Clock
from bot.lender import Lender
from bot.readiness import database_faults, settings_faults
from bot.services import Services, make_services
from bot.settings import Settings
from models import make_engine

_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*@")
_OURS = ("ACUERDO_", "BELVO_", "MONATO_", "TWILIO_")
"""What names of settings begin with."""
_SECRET = ("secret", "token", "key", "keys", "authorization")


@click.command()
def command() -> None:
    """Shows what is configured, what is missing, and how to fix it.

    Example: acuerdo doctor
    """
    settings = Settings()
    for name, field in type(settings).model_fields.items():
        click.echo(f"{field.validation_alias!s:32} {_shown(name, getattr(settings, name))}")
    for note in _unknown_names():
        click.echo(f"note: {note}", err=True)
    faults = [*_faults(settings), *_broker_faults(settings)]
    for fault in faults:
        click.echo(f"fix: {fault}", err=True)
    if faults:
        raise SystemExit(1)
    click.echo("everything that this environment needs is there")


def _unknown_names() -> Iterator[str]:
    """What is set under a name that nothing reads, such as one that is misspelt."""
    known = [str(field.validation_alias) for field in Settings.model_fields.values()]
    for name in sorted({*os.environ, *dotenv_values(".env")} - {*known}):
        if name.startswith(_OURS):
            near = get_close_matches(name, known, 1)
            meant = f": did you mean {near[0]}?" if near else ""
            yield f"{name} is set, and no setting has this name{meant}"


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
