"""Somebody whom the tape does not know writes."""

from typing import Any

from bot.conversation import Incoming, Received, receive
from bot.services import Services
from tests.services import ACCOUNT


def write(services: Services, text: str, sid: str = "SMstranger", **more: Any) -> Received:
    phone = "+525511112222"
    given = {
        "channel": "whatsapp",
        "address": f"whatsapp:{phone}",
        "key": phone,
        "sender": "whatsapp:+525550000000",
        "account_sid": ACCOUNT,
        "provider_sid": sid,
        "text": text,
        "at": services.clock.now(),
        **more,
    }
    return receive(services, Incoming(**given))
