"""acuerdo doctor"""

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.lender import InvalidLenderFile, Lender
from bot.settings import ForbiddenInProduction, MissingSettings, NotBuiltYet, Settings
from models import make_engine
from models.migrate import is_current

_SECRET = ("secret", "token", "key", "keys")


@click.command()
def command() -> None:
    """Says what is configured, what is missing, and how to mend it.

    Example: acuerdo doctor
    """
    settings = Settings()
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        shown = "set" if value and any(word in name.split("_") for word in _SECRET) else value if value not in ("", None) else "–"
        click.echo(f"{name.upper():32} {shown}")
    faults = _faults(settings)
    for fault in faults:
        click.echo(f"mend: {fault}", err=True)
    if faults:
        raise SystemExit(1)
    click.echo("everything that this environment needs is there")


def _faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    try:
        settings.require_production()
    except (MissingSettings, ForbiddenInProduction, NotBuiltYet) as error:
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
