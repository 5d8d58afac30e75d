"""A status callback's form → `Receipt`, with what its error code calls for."""

from collections.abc import Mapping

from bot.channels.transport import DeliveryStatus, Receipt
from bot.channels.twilio.errors import reaction_to
from bot.channels.twilio.incoming import clean

DELIVERIES: dict[str, DeliveryStatus] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "partially_delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
_KEPT = ("EventType", "RawDlrDoneDate", "MessagingServiceSid")


class NotAReceipt(ValueError):
    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"this is not a receipt of Twilio's: {', '.join(missing)} missing")


def receipt_from(message: str | None, form: Mapping[str, str]) -> Receipt:
    """`message` is our own id, out of the callback's address. Raises NotAReceipt."""
    form = {clean(name): clean(value) for name, value in form.items()}
    sid, reported = (
        form.get("MessageSid") or form.get("SmsSid"),
        form.get("MessageStatus") or form.get("SmsStatus"),
    )
    if not sid or not reported:
        raise NotAReceipt(
            [name for name, value in (("MessageSid", sid), ("MessageStatus", reported)) if not value]
        )
    code = form.get("ErrorCode") or None
    ours = message is not None and message.isascii() and message.isdecimal() and len(message) <= 18
    return Receipt(
        message_id=int(message) if ours and message else None,
        provider_sid=sid[:64],
        account_sid=(form.get("AccountSid") or "")[:64] or None,
        reported=reported[:24],
        delivery=DELIVERIES.get(reported),
        code=code[:16] if code else None,
        reaction=reaction_to(code or ""),
        extra={
            name: value[:200]
            for name, value in form.items()
            if name in _KEPT or name.startswith("ChannelStatus")
        },
    )
