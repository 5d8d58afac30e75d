"""acuerdo keys"""

import click
from sqlalchemy.exc import IntegrityError

from bot.api.keys import make_key
from bot.services import make_services
from models.api_key import API_ROLES


@click.group()
def command() -> None:
    """Makes API keys.

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
        click.echo(make_key(make_services(), name, role))
    except IntegrityError:
        message = f"there is a key called {name!r} already: choose another name"
        raise click.ClickException(message) from None
