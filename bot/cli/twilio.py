"""acuerdo twilio"""

import click

from bot.services import make_services

RETRIES = "#rc=3&rp=ct,5xx,rt"


@click.group()
def command() -> None:
    """Sets addresses, retries and fallback at Twilio.

    Example: acuerdo twilio configure
    """


@command.command()
def configure() -> None:
    """Sets the webhook with three retries and a fallback; Twilio's own default retries only failed
    connections.

    Example: acuerdo twilio configure
    """
    from bot.channels.twilio import make_twilio

    services = make_services()
    public = services.settings.public_url
    address = f"{public}/webhooks/twilio/messages"
    done = make_twilio(services).configure(address, RETRIES, f"{public}/webhooks/twilio/status")
    for sid in done:
        click.echo(f"{sid}: {address}{RETRIES}, fallback {address}")
    if not done:
        click.echo("no messaging service is set and the account holds no numbers: nothing was changed")
    click.echo(
        "A WhatsApp sender without a messaging service is set in Twilio's console: use "
        f"{address}{RETRIES}, with {address} as fallback"
    )
