"""Links to a borrower's own pages: signed, expiring, and revoked all at once by a new generation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from itsdangerous import BadSignature, URLSafeSerializer
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


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="page")


@lru_cache(maxsize=10_000)
def _token(secret_key: str, *what: int) -> str:
    """Kept, since each turn of a conversation has the same one."""
    token = _signer(secret_key).dumps(what)
    return token if isinstance(token, str) else token.decode()


def page_url(services: Services, borrower_id: int, generation: int, now: datetime) -> Link:
    """The address; nothing but the token is in it. Links of one day are alike."""
    expires = (now + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    token = _token(services.settings.secret_key, borrower_id, generation, int(expires.timestamp()))
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
    try:
        borrower_id, generation, expires = _signer(services.settings.secret_key).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if datetime.fromtimestamp(expires, UTC) <= now:
        return None
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
    if row is None or (row.generation or 0) != generation:
        return None
    return Access(borrower_id, generation, row.failures or 0, row.brand)


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
