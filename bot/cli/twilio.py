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
    """Sets the webhook with three retries and a fallback; Twilio's own default retries only failed connections.

    Example: acuerdo twilio configure
    """
    from bot.outreach import make_transport

    services = make_services()
    settings = services.settings
    address = f"{settings.public_url}/webhooks/twilio/messages"
    client = make_transport(services).client  # type: ignore[attr-defined] # this command is about Twilio alone
    if settings.twilio_messaging_service_sid:
        service = client.messaging.v1.services(settings.twilio_messaging_service_sid)
        service.update(inbound_request_url=address + RETRIES, fallback_url=address, status_callback=f"{settings.public_url}/webhooks/twilio/status")
        click.echo(f"messaging service {settings.twilio_messaging_service_sid}: {address}{RETRIES}")
    for number in client.incoming_phone_numbers.list(limit=50):
        number.update(sms_url=address + RETRIES, sms_fallback_url=address, status_callback=f"{settings.public_url}/webhooks/twilio/status")
        click.echo(f"{number.sid}: {address}{RETRIES}")
    click.echo(f"WhatsApp senders are set in Twilio's console: use {address}{RETRIES}, with {address} as fallback")
