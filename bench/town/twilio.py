"""A stand-in Twilio in a process of its own, as cheap as may be: it takes every message and posts its
receipts, as WhatsApp's come. The product's own stand-in would be measured as part of the product, and a
library's server and client take as much CPU as what is measured.
"""

import asyncio
import itertools
import json
import re
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from subprocess import PIPE, Popen
from urllib.parse import parse_qsl, urlencode, urlsplit

import psutil

from bench.turn import ACCOUNT, TOKEN
from bot.channels.twilio.signature import sign

STATUSES = ("sent", "delivered", "read")
BETWEEN_SECONDS = 0.5
AT_ONCE = 4
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NO_ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


async def _read(reader: StreamReader) -> tuple[bytes, bytes]:
    """Head and body of a request or an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head, await reader.readexactly(int(length[1])) if length else b""


class Line:
    """A connection to the web process, opened when it is first used."""

    def __init__(self) -> None:
        self._ends: tuple[StreamReader, StreamWriter] | None = None

    async def post(self, url: str, body: str, signature: str) -> None:
        parts = urlsplit(url)
        if self._ends is None:
            self._ends = await asyncio.open_connection(parts.hostname, parts.port)
        reader, writer = self._ends
        head = (
            f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature}\r\n\r\n"
        )
        writer.write((head + body).encode())
        answer, text = await _read(reader)
        assert answer.startswith(b"HTTP/1.1 200 "), answer + text


@dataclass
class Phones:
    """Receipts are posted a few at a time; those of one message one after the other."""

    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    free: asyncio.Queue[Line] = field(default_factory=asyncio.Queue)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        """All that comes by one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head, body = await _read(reader)
                writer.write(self.taken(head.split(b" ", 2)[1].decode(), body.decode()))
        writer.close()

    def taken(self, path: str, body: str) -> bytes:
        if path == "/v1/Content":
            answer = {"sid": f"HX{next(self.numbers):032d}"}
        elif path.endswith("/Messages.json"):
            answer = {"sid": f"SM{next(self.numbers):032d}", "account_sid": ACCOUNT}
            task = asyncio.create_task(self.report(answer["sid"], dict(parse_qsl(body))))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
        else:
            return _NO_ANSWER
        content = json.dumps(answer).encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
        return head.encode() + b"\r\n\r\n" + content

    async def report(self, sid: str, form: Mapping[str, str]) -> None:
        for status in STATUSES:
            await asyncio.sleep(BETWEEN_SECONDS)
            receipt = {
                "MessageSid": sid,
                "SmsSid": sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "AccountSid": ACCOUNT,
                "To": form["To"],
                "From": form.get("From", ""),
                "ApiVersion": "2010-04-01",
            }
            await self.post(form["StatusCallback"], receipt)

    async def post(self, url: str, receipt: Mapping[str, str]) -> None:
        signature = sign(TOKEN, url, {name: [value] for name, value in receipt.items()})
        line = await self.free.get()
        try:
            await line.post(url, urlencode(receipt), signature)
        finally:
            self.free.put_nowait(line)


async def serve() -> None:
    phones = Phones()
    for _ in range(AT_ONCE):
        phones.free.put_nowait(Line())
    server = await asyncio.start_server(phones.answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextmanager
def stand_in() -> Iterator[tuple[str, psutil.Process]]:
    """Its address and its process."""
    with Popen([sys.executable, "-m", "bench.town.twilio"], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), psutil.Process(process.pid)
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve())
