"""Twilio's REST API through its own package: one session, a timeout on every call, another host where TWILIO_API_URL says so."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.channels.transport import Choice, Listed, Outgoing, PermanentFailure, Sent, TransientFailure, UnknownOutcome
from bot.channels.twilio.contents import BUTTONS, ContentStore, as_numbered, content_of
from bot.channels.twilio.errors import reaction_to
from bot.settings import Settings

TIMEOUT_SECONDS = 8.0
_WINDOW_BODY, _TEXT_BODY = 1024, 1600

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # at INFO it prints requests, phones and all


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The package cannot point anywhere but at Twilio's hosts; the address is changed on the way out."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=True, timeout=TIMEOUT_SECONDS)
        self.session = requests.Session()
        self.session.trust_env = False
        self.base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if self.base is not None:
            parts = urlsplit(url)
            url = urlunsplit((self.base.scheme, self.base.netloc, self.base.path.rstrip("/") + parts.path, parts.query, ""))
        return super().request(method, url, *args, **kwargs)


class TwilioTransport:
    """The transport for WhatsApp and SMS."""

    def __init__(self, settings: Settings, contents: ContentStore) -> None:
        self._settings = settings
        self._contents = contents
        self.client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=_Http(settings.twilio_api_url))

    def send(self, outgoing: Outgoing) -> Sent:
        """One message. Raises TransientFailure, PermanentFailure, UnknownOutcome."""
        params = self._sender(outgoing.channel) | {"to": outgoing.address, **self._content(outgoing)}
        params["status_callback"] = f"{self._settings.public_url}/webhooks/twilio/status?message={outgoing.message_id}"
        if outgoing.valid_seconds is not None:
            params["validity_period"] = max(60, min(36_000, outgoing.valid_seconds))
        message = _called(lambda: self.client.messages.create(**params))
        return Sent(message.sid, message.account_sid)

    def _sender(self, channel: str) -> dict[str, Any]:
        settings = self._settings
        if settings.twilio_messaging_service_sid:
            return {"messaging_service_sid": settings.twilio_messaging_service_sid}
        return {"from_": f"whatsapp:{settings.whatsapp_from}" if channel == "whatsapp" else settings.sms_from}

    def _content(self, outgoing: Outgoing) -> dict[str, Any]:
        """A template; else buttons or a list as a Content made on first use; else text, with the choices numbered."""
        if outgoing.template is not None:
            numbered = {str(i): value for i, value in enumerate(outgoing.variables, 1)}
            return {"content_sid": outgoing.template, "content_variables": json.dumps(numbered, ensure_ascii=False)}
        fits = outgoing.channel == "whatsapp" and len(outgoing.text) <= _WINDOW_BODY
        if outgoing.choices and fits and (sid := self._content_sid(outgoing)):
            return {"content_sid": sid}
        return {"body": as_numbered(outgoing.text, outgoing.choices)[:_TEXT_BODY]}

    def _content_sid(self, outgoing: Outgoing) -> str | None:
        types = content_of(outgoing.text, outgoing.choices)
        if types is None:
            return None
        known = self._contents.find(outgoing.language, types)
        if known:
            return known
        try:
            sid = self.create_content(f"acuerdo_{BUTTONS}", outgoing.language, types)
        except (TransientFailure, PermanentFailure, UnknownOutcome):
            return None  # the words and the same choices still go out, numbered
        self._contents.keep(outgoing.language, types, sid)
        return sid

    def create_content(self, name: str, language: str, types: Mapping[str, Any], variables: Mapping[str, str] | None = None) -> str:
        """Makes a Content; its SID. The package drops `types` that are not given by their names with a slash."""
        request = _Request({"friendly_name": name, "language": language[:2], "types": types, **({"variables": variables} if variables else {})})
        return str(_called(lambda: self.client.content.v1.contents.create(request)).sid)

    def submit(self, content_sid: str, name: str, category: str) -> str:
        """Submits a Content for WhatsApp's approval; its status."""
        request = _Request({"name": name, "category": category})
        return str(_called(lambda: self.client.content.v1.contents(content_sid).approval_create.create(request)).status)

    def approval(self, content_sid: str) -> Mapping[str, Any]:
        """`{status, category, rejection_reason}` as WhatsApp last said."""
        return dict(_called(lambda: self.client.content.v1.contents(content_sid).approval_fetch().fetch()).whatsapp or {})

    def sent_to(self, address: str, since: datetime) -> list[Listed]:
        found = _called(lambda: self.client.messages.list(to=address, date_sent_after=since, limit=50))
        return [Listed(m.sid, m.body or "", m.status, m.date_created) for m in found if m.direction != "inbound"]

    def received_since(self, since: datetime) -> list[dict[str, str]]:
        own = [f"whatsapp:{self._settings.whatsapp_from}", self._settings.sms_from]
        found = [m for to in own if to for m in _called(partial(self.client.messages.list, to=to, date_sent_after=since, limit=200))]
        return [
            {"MessageSid": m.sid, "AccountSid": m.account_sid, "From": m.from_, "To": m.to, "Body": m.body or "", "NumMedia": "0"}
            for m in found
            if m.direction == "inbound"
        ]


class _Request:
    """The package's calls for Content take any object with `to_dict`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = dict(data)

    def to_dict(self) -> dict[str, Any]:
        return self._data


def _called(call: Any) -> Any:
    """The call's answer, or one of the port's three failures."""
    try:
        return call()
    except TwilioRestException as error:
        code = str(error.code or error.status)
        if error.status == 429:
            raise TransientFailure(code) from error
        if error.status >= 500:
            raise UnknownOutcome(code) from error
        if (reaction := reaction_to(code)) == "retry":
            raise TransientFailure(code) from error
        raise PermanentFailure(code, "stop_sender" if error.status == 401 else reaction) from error
    except requests.ConnectTimeout as error:
        raise TransientFailure("connect") from error
    except requests.ConnectionError as error:
        refused = "refused" in str(error).lower() or "Failed to establish" in str(error)
        raise (TransientFailure("connect") if refused else UnknownOutcome("connection")) from error
    except requests.RequestException as error:
        raise UnknownOutcome("timeout") from error


def choices_for(rendered: Sequence[Mapping[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(payload=c["payload"], title=c["title"]) for c in rendered)
