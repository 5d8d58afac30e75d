"""acuerdo keys"""

from datetime import timedelta

import click
from sqlalchemy.exc import IntegrityError

from bot.api import keys
from bot.audit import operator
from bot.services import start_services
from models.api_key import API_ROLES


@click.group()
def command() -> None:
    """Makes, lists, replaces and revokes API keys.

    Example: acuerdo keys add core-banking
    """


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(API_ROLES), default="lender", show_default=True)
def add(name: str, role: str) -> None:
    """Makes a key and prints it, once: only its hash is kept.

    Example: acuerdo keys add reports --role readonly
    """
    try:
        click.echo(keys.make_key(start_services(), name, role, operator()))
    except keys.InvalidName as error:
        raise click.ClickException(str(error)) from None
    except IntegrityError:
        message = f"there is, or was, a key called {name!r}: choose another name, or `acuerdo keys rotate` it"
        raise click.ClickException(message) from None


@command.command("list")
def list_() -> None:
    """Lists the keys with their roles and when each was last used (to five minutes), never a key.

    Example: acuerdo keys list
    """
    for row in keys.list_keys(start_services()):
        state = f"revoked {row.revoked_at:%Y-%m-%d %H:%M}Z" if row.revoked_at else "in force"
        used = f"last used {row.last_used_at:%Y-%m-%d %H:%M}Z" if row.last_used_at else "never used"
        click.echo(f"{row.name}\t{row.role}\tmade {row.created_at:%Y-%m-%d %H:%M}Z\t{used}\t{state}")


@command.command()
@click.argument("name")
@click.option("--overlap-hours", type=click.IntRange(0, 24 * 30), default=24, show_default=True)
def rotate(name: str, overlap_hours: int) -> None:
    """Makes a new key under the same name and prints it; the old one works for some hours more.

    Example: acuerdo keys rotate core-banking --overlap-hours 48
    """
    try:
        overlap = timedelta(hours=overlap_hours)
        click.echo(keys.rotate_key(start_services(), name, overlap, operator()))
    except keys.UnknownKey as error:
        raise click.ClickException(str(error)) from None


@command.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Takes a key back at once, in every process.

    Example: acuerdo keys revoke core-banking
    """
    try:
        keys.revoke_key(start_services(), name, operator())
    except keys.UnknownKey as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name} is revoked")
