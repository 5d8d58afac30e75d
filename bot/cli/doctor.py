"""acuerdo doctor"""

import re

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import InvalidNow, shift_of, system_now
from bot.lender import InvalidLenderFile, Lender
from bot.settings import ForbiddenInProduction, MissingSettings, NotBuiltYet, Settings
from models import make_engine
from models.migrate import is_current

_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*@")
_SECRET = ("secret", "token", "key", "keys")


@click.command()
def command() -> None:
    """Shows what is configured, what is missing, and how to fix it.

    Example: acuerdo doctor
    """
    settings = Settings()
    for name, field in type(settings).model_fields.items():
        click.echo(f"{field.validation_alias!s:32} {_shown(name, getattr(settings, name))}")
    faults = _faults(settings)
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


def _faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    try:
        settings.require_production()
    except (MissingSettings, ForbiddenInProduction, NotBuiltYet) as error:
        faults.append(str(error))
    try:
        shift_of(settings.now or "+0d", system_now())
    except InvalidNow as error:
        faults.append(str(error))
    try:
        Lender.load(settings.lender_file)
    except InvalidLenderFile as error:
        faults.append(str(error))
    try:
        if not is_current(make_engine(settings.database_url)):
            faults.append("the database is not at this version: run `acuerdo db upgrade`")
    except (SQLAlchemyError, OSError) as error:
        faults.append(f"the database cannot be reached ({type(error).__name__}): check ACUERDO_DATABASE_URL")
    return faults
