"""Where webhooks may go: no address inside the house, checked where the connection is made, so that a name
that changes its answer in between gains nothing.
"""

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

from bot.outgoing import session

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddress(OSError):
    """The name leads to a private, local or reserved address."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} leads to a private address: webhooks go to public ones, or to networks that "
            "ACUERDO_WEBHOOK_NETWORKS names"
        )


class InvalidUrl(ValueError):
    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url!r} cannot take webhooks: {why}")


def check_url(url: str, *, simulated: bool) -> str:
    """The address as it is kept. Raises InvalidUrl."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InvalidUrl(url, str(error)) from None
    if parts.scheme != "https" and not (simulated and parts.scheme == "http"):
        raise InvalidUrl(url, "it must begin with https://")
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise InvalidUrl(url, "it is https://, a host, and a path, without a user or a fragment")
    if len(url) > 500 or not url.isprintable() or " " in url:
        raise InvalidUrl(url, "it has at most 500 printable characters, without spaces")
    return url


def networks(listed: str) -> tuple[Network, ...]:
    """Of a setting: comma-separated, such as `10.20.0.0/16`. Raises ValueError."""
    return tuple(ipaddress.ip_network(each.strip()) for each in listed.split(",") if each.strip())


def may_be_called(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether it is public, or in a network that is allowed; what an IPv6 address wraps is looked at too."""
    inner = _inner(address)
    if any(each in network for each in {address, inner} for network in allowed):
        return True
    return all(each.is_global and not each.is_multicast for each in (address, inner))


def _inner(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address


def resolved(host: str, port: int, allowed: Sequence[Network] | None) -> list[str]:
    """The addresses to connect to; with `allowed` null, any. Raises ForbiddenAddress where one of them may
    not be called, socket.gaierror.
    """
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if allowed is not None and not all(
        may_be_called(ipaddress.ip_address(each.split("%")[0]), allowed) for each in found
    ):
        raise ForbiddenAddress(host)
    return found


def guarded_session(connections: int, allowed: Sequence[Network] | None) -> Session:
    """Connects to the very address that was checked; certificates are those of the name."""
    made = session(connections)
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Guarded(allowed, pool_maxsize=connections, max_retries=0))
    return made


class _Guarded(HTTPAdapter):
    def __init__(self, allowed: Sequence[Network] | None, **options: Any) -> None:
        self.pools = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, allowed),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, allowed),
        }
        super().__init__(**options)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
        self.poolmanager.pool_classes_by_scheme = self.pools


def _pool(pool: Any, kind: Any, allowed: Sequence[Network] | None) -> Any:
    """A pool whose connections look their name up themselves; all else goes by the name."""

    class Pinned(kind):  # type: ignore[misc]
        _dns_host: str

        def _new_conn(self) -> socket.socket:
            name = self._dns_host
            addresses = resolved(name, self.port, allowed)
            try:
                for address in addresses[:-1]:
                    self._dns_host = address
                    with suppress(NewConnectionError):
                        made: socket.socket = super()._new_conn()
                        return made
                self._dns_host = addresses[-1]
                last: socket.socket = super()._new_conn()
                return last
            finally:
                self._dns_host = name

    class PinnedPool(pool):  # type: ignore[misc]
        ConnectionCls = Pinned

    return PinnedPool
