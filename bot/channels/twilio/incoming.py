"""Twilio's form → `Incoming`. Every parameter is accepted; those that we do not read are kept."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.conversation import Incoming
from flows.border.event import MediaKind
from values import address_key, is_bsuid

REQUIRED = ("MessageSid", "AccountSid", "From", "To")
_READ = frozenset({*REQUIRED, "SmsSid", "SmsMessageSid", "Body", "NumMedia", "NumSegments", "SmsStatus", "ApiVersion", "ButtonPayload", "ButtonText",
                   "ListId", "ListTitle", "MessageType", "ProfileName", "WaId", "ExternalUserId"})  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KINDS: dict[str, MediaKind] = {
    "image": "image", "document": "document", "application": "document", "text": "document", "audio": "audio", "video": "video", "sticker": "sticker",
    "contacts": "contact", "location": "location",
}  # fmt: skip
MOST_CHARACTERS = 8_000


class NotTwiliosForm(ValueError):
    """The form lacks what every message of Twilio's has."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"this is not a message of Twilio's: {', '.join(missing)} missing")


def clean(text: str) -> str:
    """Without NUL and control characters, which PostgreSQL refuses and nobody means; lone surrogates become a mark."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


def incoming_from(form: Mapping[str, str], at: datetime) -> Incoming:
    """Raises NotTwiliosForm."""
    if missing := [name for name in REQUIRED if not form.get(name)]:
        raise NotTwiliosForm(missing)
    address = clean(form["From"])
    media = tuple(
        {"url": clean(form[f"MediaUrl{i}"]), "content_type": clean(form.get(f"MediaContentType{i}", ""))}
        for i in range(_count(form.get("NumMedia")))
        if f"MediaUrl{i}" in form
    )
    user = form.get("ExternalUserId", "")
    alias = address_key(user) if user and is_bsuid(user) and not is_bsuid(address) else None
    kept = {clean(name): clean(value) for name, value in form.items() if name not in _READ and not name.startswith("Media")}
    return Incoming(
        channel="whatsapp" if address.startswith("whatsapp:") else "sms",
        address=address[:254],
        key=address_key(address)[:160],
        sender=clean(form["To"])[:64],
        account_sid=clean(form["AccountSid"])[:64],
        provider_sid=clean(form["MessageSid"])[:64],
        text=clean(form.get("Body", ""))[:MOST_CHARACTERS],
        at=at,
        kind=_kind(form, media),
        payload=clean(form.get("ButtonPayload") or form.get("ListId") or "")[:200] or None,
        alias=alias,
        media=media,
        extra=kept,
    )


def _count(text: str | None) -> int:
    return min(int(text), 10) if text and text.isdecimal() else 0


def _kind(form: Mapping[str, str], media: tuple[Mapping[str, Any], ...]) -> MediaKind:
    if form.get("Latitude") and form.get("Longitude"):
        return "location"
    if (said := form.get("MessageType", "")) in ("sticker", "contacts", "audio", "location"):
        return _KINDS[said]
    if not media:
        return "text"
    content_type = str(media[0]["content_type"])
    if "vcard" in content_type:
        return "contact"
    return "sticker" if content_type == "image/webp" else _KINDS.get(content_type.split("/", maxsplit=1)[0], "document")
