"""What WhatsApp decides about a template later: nothing is sent by it any more, and a task says so."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.channels.twilio.approval import statuses
from bot.channels.twilio.client import TwilioTransport
from models import Conversation
from tests.outbox import OPENING, Outbox


class Deciding:
    def __init__(self, decision: Mapping[str, Any]) -> None:
        self._decision = decision

    def approval(self, content_sid: str) -> Mapping[str, Any]:
        assert content_sid == "HX1"
        return self._decision


@pytest.mark.parametrize(
    "decision",
    [
        {"status": "rejected", "category": "UTILITY", "rejection_reason": "threatening"},
        {"status": "approved", "category": "MARKETING"},
    ],
)
def test_a_template_that_is_refused_or_moved_stops_and_is_shown_once(
    outbox: Outbox, decision: dict[str, str]
) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template(status="approved", category="UTILITY")
    for _ in range(2):
        list(statuses(outbox.services, cast("TwilioTransport", Deciding(decision))))
    assert outbox.tasks() == ["template_refused"]
    message = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(message).status, outbox.twilio.sent) == ("failed", [])
    approved = {"status": "approved", "category": "UTILITY"}
    list(statuses(outbox.services, cast("TwilioTransport", Deciding(approved))))
    again = outbox.queue(OPENING)
    outbox.run()
    assert outbox.row(again).status == "sent"
