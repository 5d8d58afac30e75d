"""Clients that send half of what they announced hold up nobody."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

from bench.slow import HEAD, get, served


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as port:
        yield port


def test_a_long_body_is_taken_where_files_are_and_refused_elsewhere(port: int) -> None:
    body = b"x" * 3_000_000
    for path, answered in (("/console/tapes/upload", 302), ("/webhooks/twilio/messages", 413)):
        for sent in (body, iter([body[:1_500_000]] * 2)):  # announced, and piece by piece
            with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as client:
                client.request("POST", path, sent)
                assert client.getresponse().status == answered, path


def test_half_sent_bodies_stop_nobody(port: int) -> None:
    with ExitStack() as opened:
        for _ in range(20):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(HEAD.encode())
        time.sleep(0.2)
        began = time.monotonic()
        assert (get(port, "/healthz"), get(port, "/readyz")) == (200, 200)
        assert time.monotonic() - began < 3
