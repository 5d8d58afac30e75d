"""A password or a borrower's words cross no network in the clear; on this machine there is none."""

from ipaddress import ip_address


def is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
