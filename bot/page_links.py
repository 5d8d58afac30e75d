"""Links to a borrower's own pages: signed, expiring, and revoked all at once by a new generation. The token
is short, so that a link fits into an SMS next to its words.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, select, update

from bot.services import Services
from models import borrower_table, page_access_table
from models.loan import shared_brand
from models.upsert import insert_new

VALID = timedelta(days=7)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """Whose pages a token opens, and how often the factor was wrong."""

    borrower_id: int
    generation: int
    failures: int
    brand: str | None = None
    """The trade name that they know the lender by, where it is not its own."""

    @property
    def locked(self) -> bool:
        return self.failures >= TRIES


_HEAD, _MAC = 4, 9
"""Bytes of day and generation in front of a token, of the signature behind it: 72 bits of it, of which nobody
may try more than the web server answers.
"""
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_GENERATIONS = 1 << 16


def _signature(secret_key: str, what: bytes) -> bytes:
    return hmac.new(secret_key.encode(), b"page:" + what, hashlib.sha256).digest()[:_MAC]


@lru_cache(maxsize=10_000)
def _token(secret_key: str, borrower_id: int, generation: int, days: int) -> str:
    """Kept, since each turn of a conversation has the same one."""
    owner = borrower_id.to_bytes((borrower_id.bit_length() + 7) // 8, "big")
    what = days.to_bytes(2, "big") + (generation % _GENERATIONS).to_bytes(2, "big") + owner
    return urlsafe_b64encode(what + _signature(secret_key, what)).rstrip(b"=").decode()


def _opened(secret_key: str, token: str) -> tuple[int, int, datetime] | None:
    """`(borrower, generation, expires)`; null for a token that is not ours."""
    try:
        found = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    what, signature = found[:-_MAC], found[-_MAC:]
    same = urlsafe_b64encode(found).rstrip(b"=") == token.encode()
    if not same or len(what) <= _HEAD or not hmac.compare_digest(signature, _signature(secret_key, what)):
        return None
    days, generation = int.from_bytes(what[:2], "big"), int.from_bytes(what[2:_HEAD], "big")
    return int.from_bytes(what[_HEAD:], "big"), generation, _FIRST_DAY + timedelta(days=days)


def page_url(services: Services, borrower_id: int, generation: int, now: datetime) -> Link:
    """The address; nothing but the token is in it. Links of one day are alike."""
    expires = (now + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    token = _token(services.settings.secret_key, borrower_id, generation, (expires - _FIRST_DAY).days)
    return Link(f"{services.settings.public_url}/m/{token}", expires)


def new_link(connection: Connection, services: Services, borrower_id: int, now: datetime) -> Link:
    """For who is known to be entitled to hand it out: the tries begin anew."""
    row = {"borrower_id": borrower_id, "generation": 0, "failures": 0, "changed_at": now}
    connection.execute(insert_new(connection, page_access_table, ("borrower_id",)), row)
    mine = page_access_table.c.borrower_id == borrower_id
    connection.execute(update(page_access_table).where(mine).values(failures=0, changed_at=now))
    generation = connection.scalar(select(page_access_table.c.generation).where(mine))
    return page_url(services, borrower_id, generation or 0, now)


def revoke(connection: Connection, borrower_id: int, now: datetime) -> None:
    """All links and sessions of this borrower end."""
    row = {"borrower_id": borrower_id, "generation": 0, "failures": 0, "changed_at": now}
    connection.execute(insert_new(connection, page_access_table, ("borrower_id",)), row)
    connection.execute(
        update(page_access_table)
        .where(page_access_table.c.borrower_id == borrower_id)
        .values(generation=page_access_table.c.generation + 1, changed_at=now)
    )


def open_token(connection: Connection, services: Services, token: str, now: datetime) -> Access | None:
    """Null for a token that is not ours, has expired or was revoked."""
    opened = _opened(services.settings.secret_key, token)
    if opened is None or opened[2] <= now:
        return None
    borrower_id, generation, _ = opened
    row = connection.execute(
        select(
            page_access_table.c.generation,
            page_access_table.c.failures,
            shared_brand([borrower_table.c.id]).label("brand"),
        )
        .select_from(
            borrower_table.outerjoin(
                page_access_table, page_access_table.c.borrower_id == borrower_table.c.id
            )
        )
        .where(borrower_table.c.id == borrower_id)
    ).first()
    if row is None or (row.generation or 0) % _GENERATIONS != generation:
        return None
    return Access(borrower_id, row.generation or 0, row.failures or 0, row.brand)


def count_failure(connection: Connection, borrower_id: int, now: datetime) -> int:
    """One more wrong answer; how many there are now."""
    row = {"borrower_id": borrower_id, "generation": 0, "failures": 0, "changed_at": now}
    connection.execute(insert_new(connection, page_access_table, ("borrower_id",)), row)
    mine = page_access_table.c.borrower_id == borrower_id
    connection.execute(
        update(page_access_table)
        .where(mine)
        .values(failures=page_access_table.c.failures + 1, changed_at=now)
    )
    return int(connection.scalar(select(page_access_table.c.failures).where(mine)) or 0)
