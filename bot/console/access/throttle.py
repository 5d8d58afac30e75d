"""Log-in attempts, counted before a password is looked at, so that guesses made at once count as well.

Counted by address, and by the pair of account and address: nobody can lock an account for its owner, who
comes from elsewhere or from a device that logged in before. Such a device is counted by itself.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Connection, delete, insert, select, update

from bot.services import Services
from models import setting_table, write_tx
from models.upsert import insert_new

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=10)
MOST = {"pair": 5, "device": 10, "address": 30}
"""Wrong ones within the window; many agents may share one address."""
DEVICE_DAYS = 180
OUTCOMES = ("failed", "throttled", "succeeded")
COUNTER = "logins:"
"""Settings that begin so count log-ins by their outcome, for `/metrics`."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Counted already; `forgive` what turned out right."""

    names: tuple[str, ...]


class TooMany(Exception):
    """No password is looked at until then; the same for accounts that do not exist."""

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__("too many attempts")
        self.seconds = max(1, int((until - now).total_seconds()))


def attempt(services: Services, email: str, address: str, device: str = "") -> Attempt:
    """Counts one. Raises TooMany. Names are kept as keyed hashes: the table does not show who tries."""
    now, account, network = services.clock.now(), email.strip().lower(), _network(address)
    names: tuple[str, ...] = (
        _name(services, "pair", f"{account} {network}"),
        _name(services, "address", network),
    )
    if known_device(services, device, account):
        names = (_name(services, "device", f"{account} {device}"),)
    with write_tx(services.engine) as connection:
        connection.execute(
            delete(setting_table).where(
                setting_table.c.name.startswith("login:"), setting_table.c.changed_at < now - WINDOW
            )
        )
        found = _counts(connection, names)
        over = [name for name in names if name in found and found[name][0] >= MOST[name.split(":")[1]]]
        if not over:
            for name in names:
                _count(connection, name, found.get(name, (0, now))[0] + 1, now, known=name in found)
    if over:
        count(services, "throttled")
        raise TooMany(found[over[0]][1] + WINDOW, now)
    return Attempt(names)


def forgive(services: Services, made: Attempt) -> None:
    """The password was right: the pair starts afresh, and the address is not charged for this one."""
    with write_tx(services.engine) as connection:
        found = _counts(connection, made.names)
        for name, (failures, at) in found.items():
            if name.startswith("login:address:"):
                _count(connection, name, max(0, failures - 1), at, known=True)
            else:
                connection.execute(delete(setting_table).where(setting_table.c.name == name))


def count(services: Services, outcome: str) -> None:
    """For `/metrics` and the log: how it ended, and not who it was."""
    log.info("log-in", outcome=outcome)
    name, now = COUNTER + outcome, services.clock.now()
    with write_tx(services.engine) as connection:
        fresh = {"name": name, "value": {"count": 0}, "changed_at": now}
        connection.execute(insert_new(connection, setting_table, ("name",)), fresh)
        kept = connection.scalar(
            select(setting_table.c.value).where(setting_table.c.name == name).with_for_update()
        )
        connection.execute(
            update(setting_table)
            .where(setting_table.c.name == name)
            .values(value={"count": int((kept or {}).get("count", 0)) + 1}, changed_at=now)
        )


def device_mark(services: Services, email: str) -> str:
    """What a browser keeps once its agent has logged in."""
    return _signer(services).dumps(_name(services, "account", email.strip().lower()))


def known_device(services: Services, mark: str, account: str) -> bool:
    """Whether this account logged in from the device that shows this mark."""
    try:
        marked = _signer(services).loads(mark, max_age=DEVICE_DAYS * 24 * 3600)
    except BadSignature:
        return False
    return bool(marked == _name(services, "account", account))


def _signer(services: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt="known-device")


def _counts(connection: Connection, names: tuple[str, ...]) -> dict[str, tuple[int, datetime]]:
    rows = connection.execute(
        select(setting_table).where(setting_table.c.name.in_(names)).with_for_update()
    ).all()
    return {row.name: (int(row.value["failures"]), row.changed_at) for row in rows}


def _count(connection: Connection, name: str, failures: int, at: datetime, *, known: bool) -> None:
    values: dict[str, Any] = {"value": {"failures": failures}, "changed_at": at}
    connection.execute(
        update(setting_table).where(setting_table.c.name == name).values(**values)
        if known
        else insert(setting_table).values(name=name, **values)
    )


def _name(services: Services, kind: str, what: str) -> str:
    digest = hmac.new(services.settings.secret_key.encode(), what.encode(), "sha256").hexdigest()
    return f"login:{kind}:{digest[:32]}"


def client_address(remote: str | None, forwarded: str) -> str:
    """Who asks: the last entry that a proxy of ours, on a private address, has added; else the other end
    itself.
    """
    try:
        near = ip_address(remote or "")
        return (
            str(ip_address(forwarded.rsplit(",", 1)[-1].strip()))
            if forwarded and near.is_private
            else str(near)
        )
    except ValueError:
        return remote or "unknown"


def _network(address: str) -> str:
    """One IPv6 customer has a /64."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
