"""Webhooks go to public addresses, or to networks that the settings name; to nothing inside the house."""

import ipaddress
import socket

import pytest
import requests

from bot.webhooks import addresses
from bot.webhooks.addresses import InvalidUrl, check_url, guarded_session, may_be_called, networks
from bot.webhooks.secrets import InvalidSecret, check_secret, new_secret
from bot.webhooks.sending import post

INSIDE = (
    "127.0.0.1 10.0.0.5 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 "
    "192.0.2.1 ::1 :: fe80::1 fd00::1 ff02::1 ::ffff:10.0.0.5 64:ff9b::a00:5 2002:a00:5::1"
).split()


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_never_called(text: str) -> None:
    assert not may_be_called(ipaddress.ip_address(text), ())


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_one_is(text: str) -> None:
    assert may_be_called(ipaddress.ip_address(text), ())


def test_a_network_of_the_lender_may_be_named() -> None:
    own = networks("10.20.0.0/16, fd00:1::/32")
    assert may_be_called(ipaddress.ip_address("10.20.3.4"), own)
    assert may_be_called(ipaddress.ip_address("fd00:1::7"), own)
    assert not may_be_called(ipaddress.ip_address("10.21.0.1"), own)


def test_the_name_is_looked_up_where_the_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads outside when it is added, and inside when it is called, reaches nobody; nor does one
    with a single private address among public ones.
    """
    asked = []

    def leads_inside(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append((host, port))
        return [(2, 1, 6, "", (address, port)) for address in ("203.0.114.9", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", leads_inside)
    with pytest.raises(requests.ConnectionError, match="private address"):
        guarded_session(1, ()).post("https://core.example:8443/hooks", timeout=1)
    assert asked == [("core.example", 8443)]
    monkeypatch.setattr(addresses, "may_be_called", lambda *_: False)
    body = {"id": "evt_1"}
    at = __import__("datetime").datetime(2026, 11, 24, tzinfo=__import__("datetime").UTC)
    answer = post(guarded_session(1, ()), "https://core.example/", (new_secret(),), body, at)
    assert answer.text == "forbidden address"


@pytest.mark.parametrize(
    "url",
    [
        "http://core.example/x",
        "ftp://core.example",
        "https://",
        "https://user:word@core.example/",
        "https://core.example/#part",
        "https://core.example:port/",
        "https://core.example/ a",
        "https://core.example/" + "a" * 500,
    ],
)
def test_an_address_that_cannot_take_webhooks_is_refused(url: str) -> None:
    with pytest.raises(InvalidUrl):
        check_url(url, simulated=False)


def test_plain_http_is_for_the_demo() -> None:
    assert check_url("http://localhost:9000/x", simulated=True) == "http://localhost:9000/x"


@pytest.mark.parametrize("secret", ["", "short", "not base64 at all, but long enough!!", "whsec_QUJD"])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(InvalidSecret):
        check_secret(secret)
    assert check_secret(new_secret())
