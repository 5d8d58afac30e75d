"""acuerdo templates"""

import json

import click

from bot.channels.twilio import form_definition, statuses
from bot.channels.twilio import push as push_templates
from bot.channels.twilio import sync as sync_templates
from bot.services import Services, start_services


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
    click.echo(f"{push_templates(_services())} templates submitted")


@command.command()
def status() -> None:
    """Asks WhatsApp for the status of each template.

    Example: acuerdo templates status
    """
    for name, language, state in statuses(_services()):
        click.echo(f"{name} {language} {state}")


@command.command()
def sync() -> None:
    """Adopts templates that were submitted from another database, then asks for the status of each.

    Example: acuerdo templates sync
    """
    services = start_services()
    adopted = sync_templates(services)
    known = sum(1 for _ in statuses(services))
    click.echo(f"{adopted} templates adopted, {known} known")


@command.command()
@click.option("--language", type=click.Choice(["es_MX", "en"]), default="es_MX", show_default=True)
def form(language: str) -> None:
    """Prints the form for the day and the sum of a promise, as WhatsApp's manager takes it; its id there is a
    setting.

    Example: acuerdo templates form --language es_MX
    """
    click.echo(json.dumps(form_definition(_services().wording, language), ensure_ascii=False, indent=2))


def _services() -> Services:
    """With the wording that is in force."""
    services = start_services()
    services.keep_current()
    return services
