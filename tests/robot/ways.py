"""How what the robot writes comes in, by the channel that it is written on."""

import random
from collections.abc import Mapping
from datetime import datetime

from bot.channels.email.body import new_words
from bot.conversation import Incoming
from tests.robot.borrower import Written
from tests.robot.household import Household
from tests.services import ACCOUNT

OURS = "+525550000000"
OURS_BY_MAIL = "cobranza@jacaranda.example"
_PICTURE = {"id": "ME1", "url": "http://127.0.0.1:9/ME1", "content_type": "image/jpeg"}


_SIGNATURES = (
    "",
    "",
    "\n\nEnviado desde mi iPhone",
    "\n\nSaludos,\n{name}",
    "\n\n--\n{name}\nTel. 55 1234 5678",
)
_HEADS = (
    "El lun, 30 nov 2026 a las 12:00, Crédito Jacaranda <cobranza@jacaranda.example> escribió:",
    "On Mon, Nov 30, 2026 at 12:00 PM Crédito Jacaranda <cobranza@jacaranda.example> wrote:",
)


def incoming(
    written: Written,
    household: Household,
    channel: str,
    sid: str,
    at: datetime,
    pressed: Mapping[str, object],
) -> Incoming:
    """`pressed`: by what the channel names the message whose button it is."""
    key = household.key
    address, sender, account = {
        "whatsapp": (f"whatsapp:{key}", f"whatsapp:{OURS}", ACCOUNT),
        "sms": (key, OURS, ACCOUNT),
        "email": (key, OURS_BY_MAIL, "smtp"),
        "web": (f"whatsapp:{key}", f"whatsapp:{OURS}", "web"),
    }[channel]
    return Incoming(
        channel,
        address,
        key,
        sender,
        account,
        sid,
        written.text,
        at,
        kind=written.kind,
        payload=written.payload if channel in ("whatsapp", "web") else None,
        proved=household.borrower if channel == "web" else None,
        media=(_PICTURE,) if written.kind == "image" else (),
        extra=pressed,
    )


def mailed(text: str, name: str, answered: str, dice: random.Random) -> str:
    """As a mailbox makes it, signed and above the message that is answered; then as the channel reads it."""
    quoted = "\n".join(f"> {line}" for line in answered.splitlines())
    head = dice.choice(_HEADS)
    return new_words(f"{text}{dice.choice(_SIGNATURES).format(name=name)}\n\n{head}\n{quoted}")
