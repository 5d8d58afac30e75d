"""One delivery: signed, posted, judged by its status alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson
import requests
from requests import Session

from bot.outgoing import seconds_to_wait
from bot.webhooks.addresses import ForbiddenAddress
from bot.webhooks.secrets import signed_headers

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
BUSY_SECONDS = 5.0
"""After a 429 that does not say for how long."""


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    """The status, or what kept it from being sent."""
    wait_seconds: float = 0.0
    """For how long the address wants nothing at all: what `Retry-After` asks for."""

    @property
    def taken(self) -> bool:
        return self.text.startswith("2")

    @property
    def gone(self) -> bool:
        """The receiver wants no more."""
        return self.text == str(HTTPStatus.GONE.value)


def post(
    session: Session, url: str, secrets: tuple[str, ...], body: Mapping[str, Any], at: datetime
) -> Answer:
    """No redirect is followed and no body read: what a receiver answers is its status."""
    text = orjson.dumps(body).decode()
    headers = signed_headers(secrets, body["id"], at, text) | {
        "Content-Type": "application/json",
        "User-Agent": "Acuerdo-Webhooks/1",
    }
    try:
        with session.post(
            url,
            data=text.encode(),
            headers=headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return Answer(str(answer.status_code), _asked_to_wait(answer, at))
    except requests.Timeout:
        return Answer("timeout")
    except requests.RequestException as error:
        return Answer("forbidden address" if _forbidden(error) else "no connection")


def _asked_to_wait(answer: requests.Response, at: datetime) -> float:
    if answer.ok:
        return 0.0
    asked = seconds_to_wait(answer.headers.get("Retry-After", ""), at) or 0.0
    return max(asked, BUSY_SECONDS) if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS else asked


def _forbidden(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ForbiddenAddress):
            return True
        error = error.__cause__ or error.__context__
    return False
