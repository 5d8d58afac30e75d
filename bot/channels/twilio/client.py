"""Twilio's REST API as a transport for WhatsApp and SMS. Only the worker and commands load it: the package is
heavy.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import aiohttp
import orjson
from twilio.rest import Client

from bot.channels.transport import (
    Held,
    Listed,
    Outgoing,
    PermanentFailure,
    Sent,
    TransientFailure,
    UnknownOutcome,
)
from bot.channels.twilio import posting
from bot.channels.twilio.contents import BUTTONS, ContentStore, as_numbered, content_of
from bot.channels.twilio.http import Http, called
from bot.channels.twilio.incoming import incoming_from
from bot.conversation import Incoming
from bot.settings import Settings

MESSAGES, CONTENTS = "https://api.twilio.com/2010-04-01/Accounts", "https://content.twilio.com/v1/Content"
_WINDOW_BODY, _TEXT_BODY = 1024, 1600
_VALID_SECONDS = (1, 36_000)
MOST_HELD = 5_000
"""Incoming messages asked for at once: more than come in between two sweeps."""


class TwilioTransport:
    """Raises the port's three failures, never the package's own."""

    def __init__(self, settings: Settings, contents: ContentStore) -> None:
        self._settings = settings
        self._contents = contents
        self.client = Client(
            settings.twilio_account_sid, settings.twilio_auth_token, http_client=Http(settings.twilio_api_url)
        )

    def send(self, outgoing: Outgoing) -> Sent:
        return self.begin(outgoing).result()

    def begin(self, outgoing: Outgoing) -> Future[Sent]:
        """One message: a template; else a form; else buttons or a list as a Content made on first use; else
        text, with the choices numbered.
        """
        return posting.begin(self._send(outgoing))

    async def _send(self, outgoing: Outgoing) -> Sent:
        if outgoing.channel not in {"whatsapp", "sms"}:
            raise PermanentFailure(f"channel:{outgoing.channel}"[:16], "other_channel")
        if outgoing.template is not None:
            return await self._create(outgoing, _content(outgoing.template, outgoing.variables))
        if outgoing.media_url is not None:
            text = as_numbered(outgoing.text, outgoing.choices)[:_WINDOW_BODY]
            return await self._create(outgoing, {"Body": text, "MediaUrl": outgoing.media_url})
        if outgoing.form is not None and not outgoing.plain:
            try:
                return await self._create(outgoing, _content(outgoing.form, outgoing.variables))
            except PermanentFailure as failure:
                if failure.reaction != "template_bug":
                    raise
        if content := await self._content(outgoing):
            try:
                return await self._create(outgoing, {"ContentSid": content})
            except PermanentFailure as failure:
                if failure.reaction != "template_bug":
                    raise
                # this Content was refused, not the person: the words go out without buttons
                await asyncio.to_thread(self._contents.forget, content)
        return await self._create(
            outgoing, {"Body": as_numbered(outgoing.text, outgoing.choices)[:_TEXT_BODY]}
        )

    async def _create(self, outgoing: Outgoing, content: Mapping[str, str]) -> Sent:
        settings = self._settings
        form = {"To": outgoing.address, **self._sender(outgoing), **content}
        form["StatusCallback"] = f"{settings.public_url}/webhooks/twilio/status?message={outgoing.message_id}"
        if outgoing.valid_seconds is not None:
            valid = max(_VALID_SECONDS[0], min(_VALID_SECONDS[1], outgoing.valid_seconds))
            form["ValidityPeriod"] = str(valid)
        url = f"{MESSAGES}/{settings.twilio_account_sid}/Messages.json"
        message = await self._post(url, posting.encoded(form))
        return Sent(message["sid"], message.get("account_sid") or settings.twilio_account_sid)

    async def _post(self, url: str, body: str | bytes, kind: str = posting.FORM) -> Mapping[str, Any]:
        http: Http = self.client.http_client
        return await posting.post(http.readdressed(url), self._authorization, body, http.timeout, kind)

    @cached_property
    def _authorization(self) -> str:
        return aiohttp.encode_basic_auth(*self.client.auth)

    def _sender(self, outgoing: Outgoing) -> dict[str, str]:
        """The number that the borrower wrote to, so that the answer comes from there; else the messaging
        service, else the settings' number.
        """
        settings, whatsapp = self._settings, outgoing.channel == "whatsapp"
        if outgoing.sender and (
            outgoing.sender.startswith("whatsapp:+") if whatsapp else outgoing.sender.lstrip("+").isdecimal()
        ):
            return {"From": outgoing.sender}
        if settings.twilio_messaging_service_sid:
            return {"MessagingServiceSid": settings.twilio_messaging_service_sid}
        return {"From": f"whatsapp:{settings.whatsapp_from}" if whatsapp else settings.sms_from}

    async def _content(self, outgoing: Outgoing) -> str | None:
        """The Content with these words and choices; null where the channel, the lengths or Twilio do not
        allow one.
        """
        if (
            outgoing.channel != "whatsapp"
            or outgoing.plain
            or not outgoing.choices
            or len(outgoing.text) > _WINDOW_BODY
        ):
            return None
        types = content_of(outgoing.text, outgoing.choices, outgoing.list_label)
        if types is None:
            return None
        return self._contents.remembered(outgoing.language, types) or await self._found_or_made(
            outgoing.language, types
        )

    async def _found_or_made(self, language: str, types: Mapping[str, Any]) -> str | None:
        if known := await asyncio.to_thread(self._contents.find, language, types):
            return known
        try:
            sid = await self._make_content(f"acuerdo_{BUTTONS}", language, types)
        except (TransientFailure, PermanentFailure, UnknownOutcome):
            return None  # the words and the same choices still go out, numbered
        await asyncio.to_thread(self._contents.keep, language, types, sid)
        return sid

    def create_content(
        self, name: str, language: str, types: Mapping[str, Any], variables: Mapping[str, str] | None = None
    ) -> str:
        """Makes a Content; its SID."""
        return posting.begin(self._make_content(name, language, types, variables)).result()

    async def _make_content(
        self, name: str, language: str, types: Mapping[str, Any], variables: Mapping[str, str] | None = None
    ) -> str:
        content = {"friendly_name": name, "language": language, "types": types}
        if variables:
            content["variables"] = variables
        made = await self._post(CONTENTS, orjson.dumps(content), posting.JSON)
        return str(made["sid"])

    def submit(self, content_sid: str, name: str, category: str) -> str:
        """Submits a Content for WhatsApp's approval; its status."""
        request = _Request({"name": name, "category": category})
        return str(
            called(
                lambda: self.client.content.v1.contents(content_sid).approval_create.create(request)
            ).status
        )

    def approval(self, content_sid: str) -> Mapping[str, Any]:
        """`{status, category, rejection_reason}` as WhatsApp last reported."""
        return dict(
            called(lambda: self.client.content.v1.contents(content_sid).approval_fetch().fetch()).whatsapp
            or {}
        )

    def contents(self) -> Iterator[Mapping[str, Any]]:
        """All Contents of the account: `{sid, language, approval}`."""
        for each in called(lambda: self.client.content.v1.content_and_approvals.list(page_size=100)):
            yield {"sid": each.sid, "language": each.language, "approval": each.approval_requests or {}}

    def delete_content(self, content_sid: str) -> None:
        called(self.client.content.v1.contents(content_sid).delete)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        del channel  # its addresses name it: whatsapp:+52…
        found = called(lambda: self.client.messages.list(to=address, date_sent_after=since, limit=100))
        return [Listed(m.sid, m.account_sid, m.body or "") for m in found if m.direction != "inbound"]

    def received_since(self, since: datetime) -> list[Held]:
        found = [m for to in self._own() for m in self._messages_to(to, since) if m.direction == "inbound"]
        found.reverse()  # Twilio lists the newest first; times are in seconds
        found.sort(key=lambda m: (m.date_created is None, m.date_created))
        return [
            Held(
                m.sid,
                {
                    "MessageSid": m.sid,
                    "AccountSid": m.account_sid,
                    "From": m.from_,
                    "To": m.to,
                    "Body": m.body or "",
                },
                int(m.num_media or 0),
            )
            for m in found
        ]

    def _own(self) -> Sequence[str]:
        settings = self._settings
        return [
            own
            for own in (settings.whatsapp_from and f"whatsapp:{settings.whatsapp_from}", settings.sms_from)
            if own
        ]

    def _messages_to(self, address: str, since: datetime) -> list[Any]:
        return called(
            lambda: list(
                self.client.messages.list(to=address, date_sent_after=since, page_size=1_000, limit=MOST_HELD)
            )
        )

    def incoming(self, held: Held, at: datetime) -> Incoming:
        """Media are a list of their own; a button's payload is not kept by Twilio, its title is the body."""
        form = dict(held.form) | {"NumMedia": str(held.media)}
        if held.media:
            media = called(lambda: self.client.messages(held.provider_sid).media.list(limit=10))
            for number, item in enumerate(media):
                path = item.uri.removesuffix(".json") if item.uri else ""
                form |= {
                    f"MediaUrl{number}": f"https://api.twilio.com{path}",
                    f"MediaContentType{number}": item.content_type or "",
                }
        return incoming_from(form, at)

    def configure(self, address: str, retries: str, callback: str) -> list[str]:
        """Sets the webhook, its fallback and the callback on the messaging service and on every number; what
        was set.
        """
        done, fallback = [], address
        if service := self._settings.twilio_messaging_service_sid:
            inbound = {
                "inbound_request_url": address + retries,
                "inbound_method": "POST",
                "fallback_url": fallback,
                "fallback_method": "POST",
            }
            called(
                lambda: self.client.messaging.v1.services(service).update(
                    **inbound, status_callback=callback, use_inbound_webhook_on_number=False
                )
            )
            done.append(service)
        for number in called(lambda: self.client.incoming_phone_numbers.list(limit=100)):
            called(partial(self._set_number, number.sid, address + retries, fallback, callback))
            done.append(number.sid)
        return done

    def _set_number(self, sid: str, address: str, fallback: str, callback: str) -> None:
        self.client.incoming_phone_numbers(sid).update(
            sms_url=address,
            sms_method="POST",
            sms_fallback_url=fallback,
            sms_fallback_method="POST",
            status_callback=callback,
            status_callback_method="POST",
        )


def _content(sid: str, variables: Sequence[str]) -> dict[str, str]:
    numbered = {str(i): value for i, value in enumerate(variables, 1)}
    given = {"ContentVariables": json.dumps(numbered, ensure_ascii=False)} if numbered else {}
    return {"ContentSid": sid, **given}


class _Request:
    """The package's calls for Content take any object with `to_dict`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = dict(data)

    def to_dict(self) -> dict[str, Any]:
        return self._data
