"""Clients that send half of what they announced hold up nobody."""

import socket
import time
from contextlib import ExitStack
from http.client import HTTPConnection

from bench.slow import HEAD, get, served


def test_a_long_body_is_taken_where_files_are_and_refused_elsewhere() -> None:
    body = b"x" * 3_000_000
    with served() as port:
        for path, answered in (("/console/tapes/upload", 302), ("/webhooks/twilio/messages", 413)):
            client = HTTPConnection("127.0.0.1", port, timeout=20)
            client.request("POST", path, body)
            assert client.getresponse().status == answered, path
            client.close()


def test_half_sent_bodies_stop_nobody() -> None:
    with served() as port, ExitStack() as opened:
        for _ in range(20):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(HEAD.encode())
        time.sleep(0.2)
        began = time.monotonic()
        assert (get(port, "/healthz"), get(port, "/readyz")) == (200, 200)
        assert time.monotonic() - began < 3
