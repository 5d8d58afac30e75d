"""acuerdo webhooks"""

import sys
from collections.abc import Callable
from datetime import timedelta

import click

from bot import webhooks
from bot.audit import operator
from bot.clock import system_now
from bot.services import start_services
from models import read_tx

_REFUSED = (
    webhooks.InvalidUrl,
    webhooks.InvalidSecret,
    webhooks.KnownEndpoint,
    webhooks.SecretOfSettings,
    webhooks.TooManyEndpoints,
    webhooks.UnknownEndpoint,
)


@click.group()
def command() -> None:
    """Sends every ledger entry and task to the lender's own systems, signed by the Standard Webhooks scheme.

    One address may stand in ACUERDO_WEBHOOK_URL instead, its secret in ACUERDO_WEBHOOK_SECRET.

    Example: acuerdo webhooks add https://core.example/acuerdo
    """


@command.command()
@click.argument("url")
@click.option("--after", type=click.IntRange(0), help="a position of the feed; 0: from the beginning")
@click.option("--secret-stdin", is_flag=True, help="reads the secret instead of making one")
def add(url: str, after: int | None, secret_stdin: bool) -> None:
    """Adds an address and prints its secret, once. It is sent what happens from now on.

    Example: acuerdo webhooks add https://core.example/acuerdo --after 0
    """
    given = sys.stdin.readline().strip() if secret_stdin else None
    try:
        secret = webhooks.add_endpoint(start_services(), url, operator(), after=after, secret=given)
    except _REFUSED as error:
        raise click.ClickException(str(error)) from None
    click.echo("the secret is kept" if secret_stdin else secret)


@command.command("list")
def list_() -> None:
    """Lists the addresses, how far each is in the feed, what waits and what was given up.

    Example: acuerdo webhooks list
    """
    services = start_services()
    with read_tx(services.engine) as connection:
        last = webhooks.last_position(connection)
    for row in webhooks.list_endpoints(services):
        state = f"disabled: {row.disabled_because}" if row.disabled_at else "in force"
        if row.paused_until and row.paused_until > system_now():
            state += f", asked for time until {row.paused_until:%H:%M} UTC"
        click.echo(
            f"{row.id}\t{row.url}\t{state}\tat {row.position} of {last}"
            f"\t{row.waiting} waiting\t{row.given_up} given up\tlast answer {row.last_answer or '–'}"
        )


@command.command()
@click.argument("url")
def remove(url: str) -> None:
    """Sends nothing there any more.

    Example: acuerdo webhooks remove https://core.example/acuerdo
    """
    _act(lambda: webhooks.remove_endpoint(start_services(), url, operator()), f"{url} is removed")


@command.command()
@click.argument("url")
@click.option("--overlap-hours", type=click.IntRange(0, 24 * 30), default=24, show_default=True)
def rotate(url: str, overlap_hours: int) -> None:
    """Makes a new secret and prints it; for some hours both sign.

    Example: acuerdo webhooks rotate https://core.example/acuerdo
    """
    try:
        overlap = timedelta(hours=overlap_hours)
        click.echo(webhooks.rotate_secret(start_services(), url, overlap, operator()))
    except _REFUSED as error:
        raise click.ClickException(str(error)) from None


@command.command()
@click.argument("url")
@click.option("--after", type=click.IntRange(0), required=True, help="a position of the feed")
def replay(url: str, after: int) -> None:
    """Sends all after a position once more, under the same ids; goes on where it was disabled.

    Example: acuerdo webhooks replay https://core.example/acuerdo --after 1200
    """
    _act(
        lambda: webhooks.replay(start_services(), url, after, operator()), f"{url} is sent all after {after}"
    )


@command.command()
@click.argument("url")
def enable(url: str) -> None:
    """Goes on where a disabled address stopped; what was given up is tried again.

    Example: acuerdo webhooks enable https://core.example/acuerdo
    """
    _act(lambda: webhooks.enable(start_services(), url, operator()), f"{url} is in force")


def _act(act: Callable[[], None], done: str) -> None:
    try:
        act()
    except _REFUSED as error:
        raise click.ClickException(str(error)) from None
    click.echo(done)
