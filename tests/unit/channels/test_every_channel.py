"""A channel that was added in one place is asked for in every other: what was forgotten is named here."""

import pathlib
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.channels.transports import ByChannel
from bot.compliance import countries, load_rules
from bot.lender import ChannelName
from bot.lender.prices import prices_of
from bot.outreach.sending.delivery import _REACHED_BY
from bot.settings import DEFAULT_PER_SECOND
from bot.understanding.entities.channel import _NAMED
from models.contact_point import CHANNELS
from tests.outbox import FakeTwilio

PAGE = pathlib.Path("bot/pages/templates/pages/home.html")


def test_each_is_known_wherever_channels_are_listed() -> None:
    everywhere = {
        "bot/lender.py: ChannelName": set(get_args(ChannelName)),
        "bot/settings.py: DEFAULT_PER_SECOND": set(DEFAULT_PER_SECOND),
        "bot/outreach/sending/delivery.py: _REACHED_BY": set(_REACHED_BY),
        "bot/understanding/entities/channel.py: _NAMED": {name for name, _ in _NAMED},
        str(PAGE): {name for name in CHANNELS if f"('{name}', " in PAGE.read_text()},
    }
    assert {
        place: set(CHANNELS) - known for place, known in everywhere.items() if set(CHANNELS) - known
    } == {}


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_has_a_price(channel: str) -> None:
    for country in countries():
        assert prices_of(country).usd(channel, None, datetime(2026, 11, 24, tzinfo=UTC).date()) >= 0
        assert load_rules(country)


def test_an_outcome_is_asked_of_the_transport_that_sent_it() -> None:
    first, mail = FakeTwilio(), FakeTwilio()
    mail.listed = [object()]  # type: ignore[list-item]
    both = ByChannel(first, {"email": mail})
    since = datetime(2026, 11, 24, tzinfo=UTC)
    assert both.sent_to("email", "an address of any form", since) == mail.listed
    assert both.sent_to("sms", "ana@correo.example", since) == []
