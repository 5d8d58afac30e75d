"""Log-in attempts, counted per account and per address before a password is looked at: guesses made at once
count as well.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.services import Services
from models import setting_table, write_tx

WINDOW = timedelta(minutes=10)
MOST = {"account": 5, "address": 30}
"""Wrong ones within the window; many agents may sit behind one address."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Counted already; `forgive` what turned out right."""

    names: tuple[str, str]


class TooMany(Exception):
    """No password is looked at until then; the same for accounts that do not exist."""

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__("too many attempts")
        self.seconds = max(1, int((until - now).total_seconds()))


def attempt(services: Services, email: str, address: str) -> Attempt:
    """Counts one. Raises TooMany. Names are kept as keyed hashes: the table does not show who tries."""
    now = services.clock.now()
    names = (_name(services, "account", email.strip().lower()), _name(services, "address", _network(address)))
    with write_tx(services.engine) as connection:
        connection.execute(
            delete(setting_table).where(
                setting_table.c.name.startswith("login:"), setting_table.c.changed_at < now - WINDOW
            )
        )
        found = _counts(connection, names)
        for name in names:
            kept = found.get(name)
            if kept is not None and kept[0] >= MOST[name.split(":")[1]]:
                raise TooMany(kept[1] + WINDOW, now)
        for name in names:
            _count(connection, name, found.get(name, (0, now))[0] + 1, now, known=name in found)
    return Attempt(names)


def forgive(services: Services, made: Attempt) -> None:
    """The password was right: the account starts afresh, and its address is not held responsible for this
    one.
    """
    account, address = made.names
    with write_tx(services.engine) as connection:
        connection.execute(delete(setting_table).where(setting_table.c.name == account))
        if found := _counts(connection, (address,)):
            count, at = found[address]
            _count(connection, address, max(0, count - 1), at, known=True)


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
