"""Belvo's REST: one session, a time limit on every call, and every answer or silence turned into one of the
port's errors.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import requests

from bot.clock import system_now
from bot.debit.port import AuthError, InvalidRequest, RateLimited, TransientError, UnknownOutcome
from bot.outgoing import never_left, seconds_to_wait, session

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
PAGE, MOST_PAGES = 100, 20
MOST_CONNECTIONS = 64
"""Kept open: as many as calls may be made at the same time."""
WAIT_SECONDS = 30.0
"""Where Belvo asks to wait and does not say how long."""

_DIGITS = re.compile(r"\d{6,}")
_LONGEST_MESSAGE = 200
_FILE_KINDS = {b"%PDF": "application/pdf", b"\x89PNG": "image/png"}
_MAY_HAVE_DONE_IT = frozenset({requests.codes.request_timeout})


class Api:
    """What answers is JSON, with decimals as `Decimal`. `seconds` are those of connecting and of waiting for
    an answer.
    """

    def __init__(
        self,
        base: str,
        key_id: str,
        key_secret: str,
        seconds: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._base, self._seconds = base.rstrip("/"), seconds
        self._session = session(MOST_CONNECTIONS)
        self._session.headers.update(
            {"api-key-id": key_id, "api-key-secret": key_secret, "Accept": "application/json"}
        )

    def get(self, path: str, **query: str | int) -> Any:
        """Reading changes nothing: whatever goes wrong may be tried again."""
        try:
            return self._call("GET", path, params=query)
        except UnknownOutcome as silence:
            raise TransientError(str(silence)) from silence

    def listed(self, path: str, most_pages: int = MOST_PAGES, **query: str | int) -> Iterator[dict[str, Any]]:
        """The rows of all pages, lazily. Raises UnknownOutcome where there are more than `most_pages`: what
        was not seen may be there.
        """
        seen: set[str] = set()
        for page in range(1, most_pages + 1):
            answer = self.get(path, page=page, limit=PAGE, **query)
            rows = {_identity(row): row for row in rows_of(answer)}
            yield from (row for name, row in rows.items() if name not in seen)
            if not rows.keys() - seen or page >= _last_page(answer):
                return
            seen |= rows.keys()
        message = f"Belvo lists more than {most_pages} pages of {path}"
        raise UnknownOutcome(message)

    def post(self, path: str, body: Mapping[str, Any], key: str = "") -> Any:
        """With `key` as Idempotency-Key. Raises UnknownOutcome whenever it may have been carried out."""
        return self._call("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def upload(self, path: str, name: str, content: bytes) -> Any:
        """A PDF or a picture, as a form."""
        kind = next((kind for start, kind in _FILE_KINDS.items() if content.startswith(start)), "image/jpeg")
        filename = f"{name}.{kind.rsplit('/', 1)[1]}"
        return self._call("POST", path, files={name: (filename, content, kind)})

    def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._session.request(
                method, self._base + path, timeout=self._seconds, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            name = type(
                error
            ).__name__  # its text holds the address, and the address may hold what was searched for
            message = f"no answer from Belvo to {method} {_resource(path)} ({name})"
            raise (TransientError(message) if never_left(error) else UnknownOutcome(message)) from None
        return _parsed(answer, f"{method} {_resource(path)}")


def _parsed(answer: requests.Response, what: str) -> Any:
    status = answer.status_code
    if status == requests.codes.too_many_requests:
        raise RateLimited(_wait(answer))
    if status in {requests.codes.unauthorized, requests.codes.forbidden}:
        message = (
            f"Belvo answers {status} to {what}: check BELVO_API_KEY_ID, BELVO_API_KEY_SECRET "
            "and what the account may do"
        )
        raise AuthError(message)
    body = _json(answer)
    if body is not None and status in {200, 201}:
        return body
    if isinstance(body, dict) and 400 <= status < 500 and status not in _MAY_HAVE_DONE_IT:
        raise InvalidRequest(_message(body, status))
    message = f"Belvo answers {status} to {what}" + ("" if body is not None else " and not in JSON")
    raise UnknownOutcome(message)


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json(parse_float=Decimal)
    except (requests.exceptions.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None


def _message(body: Mapping[str, Any], status: int) -> str:
    """Belvo's message, a text or a list of texts."""
    given = body.get("message") or body.get("error") or f"Belvo answers {status}"
    text = "; ".join(map(str, given)) if isinstance(given, list) else str(given)
    return masked(text)


def masked(text: str) -> str:
    """Cut, and without anything that may be an account."""
    return _DIGITS.sub(lambda digits: f"••••{digits[0][-4:]}", text)[:_LONGEST_MESSAGE]


def _wait(answer: requests.Response) -> float:
    asked = seconds_to_wait(answer.headers.get("Retry-After", ""), system_now())
    return WAIT_SECONDS if asked is None else asked


def _resource(path: str) -> str:
    return path.lstrip("/").split("/", 1)[0]


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """A list's rows, which Belvo wraps in `{items, metadata}`. Raises TransientError: no list is not an empty
    list.
    """
    rows = answer.get("items") if isinstance(answer, dict) else answer
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    message = "Belvo answers with something that is no list"
    raise TransientError(message)


def _identity(row: Mapping[str, Any]) -> str:
    """Rows move between pages while these are read: none is to count twice."""
    return str(
        next(
            (
                row[name]
                for name in ("id", "consentId", "paymentRequestId", "paymentMethodId", "customerId")
                if name in row
            ),
            row,
        )
    )


def _last_page(answer: Any) -> float:
    """Without it, pages are read until one has nothing new: Belvo may give shorter ones than it was asked
    for.
    """
    metadata = answer.get("metadata") if isinstance(answer, dict) else None
    total = metadata.get("totalPages") if isinstance(metadata, dict) else None
    return total if isinstance(total, int) else float("inf")


def field(answer: Any, *names: str) -> str:
    """The first of these that it has. Raises UnknownOutcome where it has none: what was made cannot be
    named.
    """
    found = (
        next((answer[name] for name in names if answer.get(name)), None) if isinstance(answer, dict) else None
    )
    if not isinstance(found, str):
        message = f"Belvo's answer lacks {names[0]}"
        raise UnknownOutcome(message)
    return found
