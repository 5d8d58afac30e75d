"""How the Twilio package reaches the network: one session, a time limit on every call, another host where
TWILIO_API_URL says so.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient

from bot.channels.transport import PermanentFailure, TransientFailure, UnknownOutcome
from bot.channels.twilio.address import readdressed
from bot.channels.twilio.errors import reaction_to
from bot.clock import system_now
from bot.outgoing import never_left, seconds_to_wait, session

CONNECT_SECONDS, READ_SECONDS = 2.0, 4.0
"""Together shorter than `bot/outreach/sending/unknown.py` waits before a claim counts as left behind."""
CONNECTIONS = 16

logging.getLogger("twilio.http_client").setLevel(
    logging.WARNING
)  # at INFO it prints requests, phones and all

Answer = TypeVar("Answer")


class Http(TwilioHttpClient):  # type: ignore[misc]
    """The package cannot point anywhere but at Twilio's hosts; the address is changed on the way out."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=True)
        self.timeout = CONNECT_SECONDS, READ_SECONDS  # the package knows one number; its session takes both
        self.session = session(CONNECTIONS)
        self.base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """The package's call, readdressed."""
        return super().request(method, self.readdressed(url), *args, **kwargs)

    def readdressed(self, url: str) -> str:
        return readdressed(url, self.base)


def called(call: Callable[[], Answer]) -> Answer:
    """The call's answer, or one of the port's three failures."""
    try:
        return call()
    except (TwilioRestException, TwilioServiceException) as error:
        raise refusal(error.status, str(error.code or error.status)) from error
    except requests.ConnectionError as error:
        raise (TransientFailure("connect") if never_left(error) else UnknownOutcome("connection")) from error
    except requests.RequestException as error:
        raise UnknownOutcome("timeout") from error
    except (TwilioException, ValueError) as error:
        raise UnknownOutcome("answer") from error  # it answered, and nobody can read what


def refusal(status: int, code: str, retry_after: str = "") -> Exception:
    """The port's failure for an answer of Twilio's that is none of success; `retry_after` as its header has
    it.
    """
    reaction = reaction_to(code)
    if status == 429 or reaction == "retry":
        return TransientFailure(code, seconds_to_wait(retry_after, system_now()) or 0.0)
    if status >= 500:
        return UnknownOutcome(code)
    return PermanentFailure(code, "stop_sender" if status in {401, 403} else reaction)
