"""Twilio's form → `Incoming`. Every parameter is accepted; those that we do not read are kept."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.twilio.forms import form_answer
from bot.conversation import Incoming
from flows.types.event import MediaKind
from values import address_key, is_bsuid

REQUIRED = ("MessageSid", "AccountSid", "From", "To")
_READ = frozenset(
    {
        *REQUIRED,
        "SmsSid",
        "SmsMessageSid",
        "Body",
        "NumMedia",
        "NumSegments",
        "SmsStatus",
        "ApiVersion",
        "ButtonPayload",
        "ListId",
        "WaId",
        "ExternalUserId",
    }
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_KINDS: dict[str, MediaKind] = {
    "image": "image",
    "document": "document",
    "application": "document",
    "text": "document",
    "audio": "audio",
    "video": "video",
    "sticker": "sticker",
    "contacts": "contact",
    "location": "location",
}
MOST_CHARACTERS = 8_000
MOST_MEDIA = 10


class NotTwiliosForm(ValueError):
    """The form lacks what every message of Twilio's has."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"this is not a message of Twilio's: {', '.join(missing)} missing")
        self.missing = missing


def clean(text: str) -> str:
    """Without NUL and control characters, which PostgreSQL refuses and nobody means; a byte that is not UTF-8
    becomes U+FFFD.
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def incoming_from(form: Mapping[str, str], at: datetime) -> Incoming:
    """Raises NotTwiliosForm."""
    plain = "".join(form.values()).isprintable()  # most often: nothing to clean
    cleaned = (
        form
        if plain and "".join(form).isprintable()
        else {clean(name): clean(value) for name, value in form.items()}
    )
    if missing := [name for name in REQUIRED if not cleaned.get(name, "").strip()]:
        raise NotTwiliosForm(missing)
    kept: dict[str, Any] = {
        name: value for name, value in cleaned.items() if name not in _READ and not name.startswith("Media")
    }
    if changed := cleaned is not form and sorted(
        name for name, value in form.items() if cleaned.get(name) != value
    ):
        kept["cleaned"] = [clean(name) for name in changed]
    filled = form_answer(cleaned)
    text = filled or cleaned.get("Body") or cleaned.get("ButtonText") or cleaned.get("ListTitle") or ""
    if len(text) > MOST_CHARACTERS:
        kept["cut"] = len(text)
    address, media = cleaned["From"].strip(), _media(cleaned)
    return Incoming(
        channel="whatsapp" if address.startswith("whatsapp:") else "sms",
        address=address[:254],
        key=address_key(address)[:160],
        sender=cleaned["To"].strip()[:64],
        account_sid=cleaned["AccountSid"][:64],
        provider_sid=cleaned["MessageSid"][:64],
        text=text[:MOST_CHARACTERS],
        at=at,
        kind=_kind(cleaned, media),
        payload=_payload(cleaned) if filled is None else None,
        alias=_alias(address, cleaned),
        media=media,
        extra=kept,
    )


def _payload(form: Mapping[str, str]) -> str | None:
    return (form.get("ButtonPayload") or form.get("ListId") or "")[:200] or None


def _alias(address: str, form: Mapping[str, str]) -> str | None:
    """WhatsApp's own id of a user who wrote from a phone, or the phone of one who wrote under that id."""
    if is_bsuid(address):
        digits = form.get("WaId", "")
        return address_key(f"+{digits}") if digits.isdecimal() and len(digits) >= 8 else None
    user = form.get("ExternalUserId", "")
    return address_key(user) if is_bsuid(user) else None


def _media(form: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    count = form.get("NumMedia", "")
    numbers = range(min(int(count), MOST_MEDIA) if count.isdecimal() and len(count) < 4 else 0)
    return tuple(
        {"url": form[f"MediaUrl{i}"], "content_type": form.get(f"MediaContentType{i}", "")}
        for i in numbers
        if form.get(f"MediaUrl{i}")
    )


def _kind(form: Mapping[str, str], media: tuple[Mapping[str, str], ...]) -> MediaKind:
    if form.get("Latitude") and form.get("Longitude"):
        return "location"
    if (kind := form.get("MessageType", "")) in ("sticker", "contacts", "audio", "location"):
        return _KINDS[kind]
    if not media:
        return "text"
    content_type = media[0]["content_type"]
    if "vcard" in content_type:
        return "contact"
    return (
        "sticker"
        if content_type == "image/webp"
        else _KINDS.get(content_type.split("/", maxsplit=1)[0], "document")
    )
