"""acuerdo agents"""

import secrets
import sys

import click
from sqlalchemy.exc import IntegrityError

from bot.audit import operator
from bot.console.access import accounts
from bot.services import start_services
from models.agent import AGENT_ROLES

_PASSWORD = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input; else one is made and printed.",
)


@click.group()
def command() -> None:
    """Makes, lists and ends console users.

    Example: acuerdo agents add laura@lender.mx --role agent
    """


@command.command()
@click.argument("email")
@click.option("--role", type=click.Choice(AGENT_ROLES), required=True)
@click.option("--name", default="")
@_PASSWORD
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Makes a console user.

    Example: echo "$PASSWORD" | acuerdo agents add laura@lender.mx --role agent --password-stdin
    """
    password = _password(password_stdin)
    try:
        accounts.add_agent(start_services(), email, role, password, name, operator())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except IntegrityError:
        message = f"there is a user {email} already"
        raise click.ClickException(message) from None
    click.echo(f"{email} may log in" if password_stdin else password)


@command.command("list")
def list_() -> None:
    """Lists the users with their roles.

    Example: acuerdo agents list
    """
    for row in accounts.list_agents(start_services()):
        state = f"disabled {row.disabled_at:%Y-%m-%d %H:%M}Z" if row.disabled_at else "may log in"
        click.echo(f"{row.email}\t{row.role}\t{row.name or '-'}\t{state}")


@command.command()
@click.argument("email")
def disable(email: str) -> None:
    """Ends a user with all their sessions, at once.

    Example: acuerdo agents disable laura@lender.mx
    """
    try:
        accounts.disable_agent(start_services(), email, operator())
    except accounts.UnknownAgent as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} is disabled, and logged out everywhere")


@command.command()
@click.argument("email")
@_PASSWORD
def password(email: str, password_stdin: bool) -> None:
    """Sets a new password and ends the sessions of the old one.

    Example: echo "$PASSWORD" | acuerdo agents password laura@lender.mx --password-stdin
    """
    chosen = _password(password_stdin)
    try:
        accounts.set_password(start_services(), email, chosen, operator())
    except (ValueError, accounts.UnknownAgent) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} has a new password" if password_stdin else chosen)


@command.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Logs a user out everywhere, at once.

    Example: acuerdo agents end-sessions laura@lender.mx
    """
    try:
        accounts.end_sessions(start_services(), email, operator())
    except accounts.UnknownAgent as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} is logged out everywhere")


@command.command("reset-code")
@click.argument("email")
def reset_code(email: str) -> None:
    """Takes the second factor from a user who lost the device, and logs them out.

    Example: acuerdo agents reset-code laura@lender.mx
    """
    try:
        accounts.reset_second_factor(start_services(), email, operator())
    except accounts.UnknownAgent as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} logs in with the password alone, once, and sets up another code")


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else secrets.token_urlsafe(12)
