"""A real SMTP and a real IMAP server on loopback, for as long as a test runs."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from random import SystemRandom
from typing import Any

from aiosmtpd.controller import Controller

USER, PASSWORD = "demouser", "demopass"
PORTS = (20_000, 32_000)


def free_port() -> int:
    """Below those that outgoing connections get: a server that is started again finds it free."""
    while True:
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", SystemRandom().randrange(*PORTS)))
            return int(found.getsockname()[1])


@dataclass
class Smtp:
    """Takes mail for everybody but `nobody@…`; `answer` is given instead where it is set, and `goodbye` to
    QUIT.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    answer: str | None = None
    goodbye: str = "221 Bye"
    port: int = 0
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self._controller is None:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def stop(self) -> None:
        """Nobody listens there then, until it is started again."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.goodbye

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def smtp_server() -> Iterator[Smtp]:
    smtp = Smtp(port=free_port())
    smtp.start()
    try:
        yield smtp
    finally:
        smtp.stop()


@dataclass
class Imap:
    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    def deliver(self, mail: EmailMessage) -> None:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=5) as connection:
            connection.login(USER, PASSWORD)
            connection.append("INBOX", "", None, mail.as_bytes())

    def unread(self) -> int:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=5) as connection:
            connection.login(USER, PASSWORD)
            connection.select("INBOX", readonly=True)
            return len(connection.uid("SEARCH", "UNSEEN")[1][0].split())


@contextmanager
def imap_server() -> Iterator[Imap]:
    """Pymap in a process of its own, with an empty mailbox."""
    imap = Imap(free_port())
    words = ["--host", "127.0.0.1", "--port", str(imap.port), "dict", "--demo-data"]
    code = "from pymap.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _empty(imap)
            yield imap
        finally:
            server.terminate()


def _empty(imap: Imap) -> None:
    """Its own sample mails are read."""
    for _ in range(200):
        try:
            with imaplib.IMAP4("127.0.0.1", imap.port, timeout=5) as connection:
                connection.login(USER, PASSWORD)
                connection.select("INBOX")
                connection.uid("STORE", "1:*", "+FLAGS", r"(\Seen)")
                return
        except OSError:
            time.sleep(0.1)
    message = "the IMAP server did not start within 20 s"
    raise RuntimeError(message)
