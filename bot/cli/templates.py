"""acuerdo templates"""

import click

from bot.channels.twilio import push as push_templates
from bot.channels.twilio import statuses
from bot.services import make_services


@click.group()
def command() -> None:
    """WhatsApp templates through Twilio's Content API.

    Example: acuerdo templates push
    """


@command.command()
def push() -> None:
    """Makes the templates that are missing and submits them for approval.

    Example: acuerdo templates push
    """
    click.echo(f"{push_templates(make_services())} templates submitted")


@command.command()
def status() -> None:
    """Asks WhatsApp for the status of each template.

    Example: acuerdo templates status
    """
    for name, language, state in statuses(make_services()):
        click.echo(f"{name} {language} {state}")
