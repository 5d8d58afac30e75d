"""Files that came by WhatsApp or MMS are fetched soon after and kept: Twilio may delete its own."""

import time
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

import requests
import structlog
from sqlalchemy import select, update

from bot.channels.twilio.address import readdressed
from bot.files import kind_of
from bot.outgoing import session
from bot.services import Services
from bot.settings import Settings
from models import message_file_table, read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

BATCH = 10
MOST_BYTES = 16 * 1024 * 1024
"""What WhatsApp takes at most."""
TIMES = (5.0, 10.0)
LONGEST_SECONDS = 60.0
"""Of one file, however slowly it comes."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))
OTHER = "application/octet-stream"
_CHUNK = 64 * 1024
API_HOST = "api.twilio.com"
_HOSTS = (".twilio.com", ".twiliocdn.com")


class NotFetched(Exception):
    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(f"the file was not fetched: {why}")
        self.why, self.final = why, final


def fetch_media(services: Services) -> int:
    """Fetches the files that are due; how many were looked for. Fetched twice, one is the same."""
    with read_tx(services.engine) as connection:
        table = message_file_table.c
        due = connection.execute(
            select(table.id, table.url, table.tries)
            .where(table.fetch_at.is_not(None), table.fetch_at <= services.clock.now())
            .order_by(table.fetch_at)
            .limit(BATCH)
        ).all()
    for row in due:
        _keep(services, row)
    return len(due)


def _keep(services: Services, row: AnyRow) -> None:
    try:
        content = download(services.settings, row.url)
    except NotFetched as error:
        log.warning("a file of a borrower's was not fetched", file=row.id, why=error.why)
        values = _again(row, error, services.clock.now())
    else:
        found = kind_of(content) or OTHER
        values = {"content": content, "content_type": found, "fetch_at": None, "failure": None}
    with write_tx(services.engine) as connection:
        table = message_file_table
        connection.execute(
            update(table).where(table.c.id == row.id).values(tries=table.c.tries + 1, **values)
        )


def _again(row: AnyRow, error: NotFetched, now: datetime) -> dict[str, object]:
    over = error.final or row.tries >= len(PAUSES)
    return {"failure": error.why, "fetch_at": None if over else now + PAUSES[row.tries]}


def download(settings: Settings, url: str) -> bytes:
    """Only from Twilio, which alone learns the account's token. Raises NotFetched."""
    api = urlsplit(settings.twilio_api_url) if settings.twilio_api_url else None
    address = readdressed(url, api) if urlsplit(url).hostname == API_HOST else url
    if not _is_ours(urlsplit(address), api):
        raise NotFetched("not_twilios", final=True)
    account = (settings.twilio_account_sid, settings.twilio_auth_token)
    until = time.monotonic() + LONGEST_SECONDS
    try:
        with (
            session() as calls,
            calls.get(address, auth=account, timeout=TIMES, stream=True) as answer,  # elsewhere without it
        ):
            if answer.status_code != HTTPStatus.OK:
                gone = answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
                raise NotFetched(f"status_{answer.status_code}", final=gone)
            return _read(answer, until)
    except requests.RequestException as error:
        raise NotFetched(type(error).__name__[:24]) from error


def _read(answer: requests.Response, until: float) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise NotFetched("too_large", final=True)
        if time.monotonic() > until:
            raise NotFetched("too_slow")
    return bytes(content)


def _is_ours(found: SplitResult, api: SplitResult | None) -> bool:
    """Of Twilio's own hosts, or of the one that the settings name instead."""
    if api is not None and (found.scheme, found.netloc) == (api.scheme, api.netloc):
        return True
    return found.scheme == "https" and (found.hostname or "").endswith(_HOSTS)
