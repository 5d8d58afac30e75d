"""acuerdo agents"""

import secrets
import sys

import click
from sqlalchemy.exc import IntegrityError

from bot.console.accounts import WeakPassword, add_agent
from bot.services import make_services
from models.agent import AGENT_ROLES


@click.group()
def command() -> None:
    """Makes console users.

    Example: acuerdo agents add laura@lender.mx --role agent
    """


@command.command()
@click.argument("email")
@click.option("--role", type=click.Choice(AGENT_ROLES), required=True)
@click.option("--name", default="")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input; else one is made and printed.",
)
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Makes a console user.

    Example: echo "$PASSWORD" | acuerdo agents add laura@lender.mx --role agent --password-stdin
    """
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    try:
        add_agent(make_services(), email, role, password, name)
    except (WeakPassword, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except IntegrityError:
        message = f"there is a user {email} already"
        raise click.ClickException(message) from None
    click.echo(f"{email} may log in" if password_stdin else password)
