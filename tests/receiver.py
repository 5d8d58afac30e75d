"""A lender's system that takes webhooks: remembers each, answers as it was made to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass
class Receiver:
    """Each delivery's signature is checked with the package of the scheme before it is kept."""

    url: str
    secret: str = ""
    answer: Callable[[dict[str, Any]], int] = lambda _event: 204
    retry_after: str = ""
    """Of what is not taken."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    def receive(self, body: bytes, headers: dict[str, str]) -> int:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        wanted = Webhook(self.secret).sign(headers["webhook-id"], at, body.decode())
        assert wanted in headers["webhook-signature"].split()
        event = json.loads(body)
        assert headers["webhook-id"] == event["id"]
        self.tried.append(event)
        status = self.answer(event)
        if status < 300:
            self.taken.append(event)
        return status

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.taken]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status = receiver.receive(body, {name.lower(): text for name, text in self.headers.items()})
            except Exception:
                status = 401
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status >= 400 and receiver.retry_after:
                self.send_header("Retry-After", receiver.retry_after)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/acuerdo")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
