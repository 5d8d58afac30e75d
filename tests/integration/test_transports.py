"""The contract that every transport keeps, whatever its provider: each is tried over its own wire."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from bot.channels import Choice, Outgoing, PermanentFailure, Sent, TransientFailure, Transport, UnknownOutcome
from bot.channels.email import EmailTransport
from tests.integration.served import World
from tests.mail_servers import smtp_server

CHOICES = (Choice(payload="yes", title="Sí"), Choice(payload="no", title="No"))


@dataclass
class Tried:
    """A transport, a message that it takes, and what has arrived at the other end."""

    transport: Transport
    message: Outgoing
    arrived: Callable[[], list[str]]
    cut: Callable[[], None]


@pytest.fixture(params=["twilio", "email"])
def tried(request: pytest.FixtureRequest, world: World) -> Iterator[Tried]:
    if request.param == "twilio":
        address = "whatsapp:+525500000001"
        message = Outgoing(1, "whatsapp", address, "Hola, Ana", "es_MX", valid_seconds=600)

        def cut() -> None:
            world.transport.client.http_client.base = urlsplit("http://127.0.0.1:1")  # type: ignore[attr-defined]

        yield Tried(world.transport, message, lambda: [row.body for row in world.phone(address)], cut)
        return
    with smtp_server() as smtp:
        settings = world.services.settings
        settings.smtp_url, settings.email_from = smtp.url, "cobranza@jacaranda.example"
        message = Outgoing(1, "email", "ana@correo.example", "Hola, Ana", "es_MX", subject="Mensaje")

        def bodies() -> list[str]:
            plain = [mail.get_body(("plain",)) for mail in smtp.mails]
            return [part.get_content() for part in plain if part is not None]

        def away() -> None:
            settings.smtp_url = "smtp://127.0.0.1:1"

        yield Tried(EmailTransport(settings), message, bodies, away)


def test_what_is_taken_has_an_identity_of_its_own(tried: Tried) -> None:
    first = tried.transport.send(tried.message)
    second = tried.transport.send(replace(tried.message, message_id=2, text="Otra"))
    assert isinstance(first, Sent)
    assert first.provider_sid
    assert first.account_sid
    assert first.provider_sid != second.provider_sid
    assert [body.strip() for body in tried.arrived()] == ["Hola, Ana", "Otra"]


def test_choices_arrive_with_the_words(tried: Tried) -> None:
    tried.transport.send(replace(tried.message, choices=CHOICES, plain=True))
    (body,) = tried.arrived()
    assert body.split() == ["Hola,", "Ana", "1.", "Sí", "2.", "No"]


def test_another_channels_message_goes_another_way(tried: Tried) -> None:
    with pytest.raises(PermanentFailure) as caught:
        tried.transport.send(replace(tried.message, channel="fax"))
    assert caught.value.reaction == "other_channel"
    assert tried.arrived() == []


def test_when_nobody_answers_it_is_never_taken_for_sent(tried: Tried) -> None:
    tried.cut()
    with pytest.raises((TransientFailure, UnknownOutcome)):
        tried.transport.send(tried.message)
    assert tried.arrived() == []
