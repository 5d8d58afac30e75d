"""A transport per channel behind one: the message says by which it leaves."""

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import datetime

from bot.channels.transport import Concurrent, Held, Listed, Outgoing, PermanentFailure, Sent, Transport
from bot.channels.twilio.approval import make_twilio
from bot.conversation import Incoming
from bot.services import Services

TWILIOS = ("whatsapp", "sms")


class ByChannel:
    """Twilio's for WhatsApp and SMS, and the one of each other channel that is configured."""

    def __init__(self, first: Transport, others: Mapping[str, Transport]) -> None:
        self._first, self._others = first, others

    def send(self, outgoing: Outgoing) -> Sent:
        return self._of(outgoing.channel).send(outgoing)

    def begin(self, outgoing: Outgoing) -> Future[Sent] | None:
        if outgoing.channel not in TWILIOS or not isinstance(self._first, Concurrent):
            return None
        return self._first.begin(outgoing)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        return self._of(channel).sent_to(channel, address, since)

    def received_since(self, since: datetime) -> list[Held]:
        return self._first.received_since(since)

    def incoming(self, held: Held, at: datetime) -> Incoming:
        return self._first.incoming(held, at)

    def _of(self, channel: str) -> Transport:
        if channel in TWILIOS:
            return self._first
        if channel not in self._others:
            raise PermanentFailure(f"channel:{channel}"[:16], "other_channel")
        return self._others[channel]


def make_transport(services: Services) -> Transport:
    """Made once per worker."""
    twilio = make_twilio(services)
    if not services.settings.smtp_url:
        return twilio
    from bot.channels.email import EmailTransport

    return ByChannel(twilio, {"email": EmailTransport(services.settings)})
