"""The addresses that the feed is delivered to: added, listed, rotated, removed, replayed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, delete, func, insert, select, update

from bot import audit
from bot.clock import system_now
from bot.services import Services
from bot.webhooks.addresses import check_url
from bot.webhooks.feed import last_position
from bot.webhooks.secrets import check_secret, new_secret
from models import read_tx, webhook_delivery_table, webhook_endpoint_table, write_tx
from models.base import AnyRow
from models.upsert import insert_new

MOST = 20
"""Each event is sent to every one of them."""


class UnknownEndpoint(LookupError):
    def __init__(self, url: str) -> None:
        super().__init__(f"there is no webhook address {url!r}: `acuerdo webhooks list` shows all")


class KnownEndpoint(ValueError):
    def __init__(self, url: str) -> None:
        super().__init__(f"{url!r} is an address of webhooks already: `acuerdo webhooks list` shows all")


class TooManyEndpoints(ValueError):
    def __init__(self) -> None:
        super().__init__(f"there are {MOST} addresses of webhooks already: remove one first")


class SecretOfSettings(ValueError):
    def __init__(self) -> None:
        super().__init__(
            "this address stands in ACUERDO_WEBHOOK_URL: put the new secret before the old one in "
            "ACUERDO_WEBHOOK_SECRET, comma-separated"
        )


def add_endpoint(
    services: Services, url: str, actor: str, *, after: int | None = None, secret: str | None = None
) -> str:
    """The secret, the only time that it is seen. Begins after position `after` of the feed; with null, with
    what happens from now on. Raises InvalidUrl, InvalidSecret, KnownEndpoint, TooManyEndpoints.
    """
    url = check_url(url, simulated=services.settings.simulated)
    secret = check_secret(secret) if secret else new_secret()
    with write_tx(services.engine) as connection:
        if _find(connection, url) is not None:
            raise KnownEndpoint(url)
        count = connection.scalar(select(func.count()).select_from(webhook_endpoint_table)) or 0
        if count >= MOST:
            raise TooManyEndpoints
        row = {
            "url": url,
            "secret": _encrypted(services, url, secret),
            "key_id": services.vault.key_id,
            "position": last_position(connection) if after is None else after,
            "created_at": system_now(),
        }
        connection.execute(insert(webhook_endpoint_table), row)
        audit.record(connection, services.clock.now(), actor, "webhook.added", url)
    return secret


def keep_endpoint_of_settings(services: Services) -> None:
    """ACUERDO_WEBHOOK_URL is an address like any other, from the beginning of the feed; once."""
    if not (url := services.settings.webhook_url):
        return
    with read_tx(services.engine) as connection:
        if _find(connection, url) is not None:
            return
    row = {
        "url": check_url(url, simulated=services.settings.simulated),
        "position": 0,
        "created_at": system_now(),
    }
    with write_tx(services.engine) as connection:
        connection.execute(insert_new(connection, webhook_endpoint_table, ("url",)), row)


def list_endpoints(services: Services) -> Sequence[AnyRow]:
    """With what waits at each, and was given up."""
    deliveries = webhook_delivery_table
    waiting = func.count(deliveries.c.id).filter(deliveries.c.given_up_at.is_(None)).label("waiting")
    given_up = func.count(deliveries.c.given_up_at).label("given_up")
    query = (
        select(webhook_endpoint_table, waiting, given_up)
        .outerjoin(deliveries, deliveries.c.endpoint_id == webhook_endpoint_table.c.id)
        .group_by(webhook_endpoint_table.c.id)
        .order_by(webhook_endpoint_table.c.id)
    )
    with read_tx(services.engine) as connection:
        return connection.execute(query).all()


def remove_endpoint(services: Services, url: str, actor: str) -> None:
    """Nothing is sent there any more. Raises UnknownEndpoint."""
    with write_tx(services.engine) as connection:
        found = _known(connection, url)
        this = webhook_delivery_table.c.endpoint_id == found.id
        connection.execute(delete(webhook_delivery_table).where(this))
        connection.execute(delete(webhook_endpoint_table).where(webhook_endpoint_table.c.id == found.id))
        audit.record(connection, services.clock.now(), actor, "webhook.removed", url)


def rotate_secret(services: Services, url: str, overlap: timedelta, actor: str) -> str:
    """A new secret; until `overlap` is over the old one signs too. Raises UnknownEndpoint,
    SecretOfSettings.
    """
    secret, until = new_secret(), system_now() + overlap
    with write_tx(services.engine) as connection:
        found = _known(connection, url)
        if found.secret is None:
            raise SecretOfSettings
        _change(
            connection,
            found,
            secret=_encrypted(services, url, secret),
            previous_secret=found.secret,
            previous_until=until,
        )
        audit.record(connection, services.clock.now(), actor, "webhook.rotated", url, until=until.isoformat())
    return secret


def replay(services: Services, url: str, after: int, actor: str) -> None:
    """Sends all after a position of the feed once more, and begins again where it was disabled. Raises
    UnknownEndpoint.
    """
    with write_tx(services.engine) as connection:
        found = _known(connection, url)
        this = webhook_delivery_table.c.endpoint_id == found.id
        connection.execute(
            delete(webhook_delivery_table).where(this, webhook_delivery_table.c.position > after)
        )
        connection.execute(_again(found, system_now()))
        _change(connection, found, position=after, **ENABLED)
        audit.record(connection, services.clock.now(), actor, "webhook.replayed", url, after=after)


def enable(services: Services, url: str, actor: str) -> None:
    """Goes on where it stopped; what was given up is tried again. Raises UnknownEndpoint."""
    with write_tx(services.engine) as connection:
        found = _known(connection, url)
        connection.execute(_again(found, system_now()))
        _change(connection, found, **ENABLED)
        audit.record(connection, services.clock.now(), actor, "webhook.enabled", url)


ENABLED = {
    "paused_until": None,
    "disabled_at": None,
    "disabled_because": None,
    "claimed_by": None,
    "claimed_at": None,
}


def secrets_of(services: Services, row: AnyRow, at: datetime) -> tuple[str, ...]:
    """Those that sign for this address at this moment, newest first; empty where none can be read."""
    if row.secret is None:
        mine = row.url == services.settings.webhook_url
        return services.settings.webhook_secret_list if mine else ()
    kept = [row.secret]
    if row.previous_secret is not None and row.previous_until > at:
        kept.append(row.previous_secret)
    opened = [services.vault.decrypt_text(each, _bound_to(row.url)) for each in kept]
    return tuple(secret for secret in opened if secret is not None)


def rotate_stored_secrets(services: Services) -> int:
    """Encrypts them again under the newest key; how many addresses."""
    vault = services.vault
    stale = webhook_endpoint_table.c.key_id != vault.key_id
    with write_tx(services.engine) as connection:
        rows = connection.execute(select(webhook_endpoint_table).where(stale).with_for_update()).all()
        for row in rows:
            _change(
                connection,
                row,
                secret=_rotated(services, row, row.secret),
                previous_secret=_rotated(services, row, row.previous_secret),
                key_id=vault.key_id,
            )
    return len(rows)


def _rotated(services: Services, row: AnyRow, token: bytes | None) -> bytes | None:
    text = None if token is None else services.vault.decrypt_text(token, _bound_to(row.url))
    return token if text is None else _encrypted(services, row.url, text)


def _again(row: AnyRow, at: datetime) -> Update:
    return (
        update(webhook_delivery_table)
        .where(webhook_delivery_table.c.endpoint_id == row.id)
        .values(given_up_at=None, failing_since=None, attempts=0, next_at=at)
    )


def _change(connection: Connection, row: AnyRow, **values: object) -> None:
    connection.execute(
        update(webhook_endpoint_table).where(webhook_endpoint_table.c.id == row.id).values(**values)
    )


def _find(connection: Connection, url: str) -> AnyRow | None:
    return connection.execute(
        select(webhook_endpoint_table).where(webhook_endpoint_table.c.url == url)
    ).first()


def _known(connection: Connection, url: str) -> AnyRow:
    found = _find(connection, url)
    if found is None:
        raise UnknownEndpoint(url)
    return found


def _encrypted(services: Services, url: str, secret: str) -> bytes:
    return services.vault.encrypt_text(secret, _bound_to(url))


def _bound_to(url: str) -> bytes:
    return f"webhook secret of {url}".encode()
