"""The mailbox that replies come to, by IMAP: what was not read yet, marked as read once it is kept."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from bot.channels.email.tls import is_local
from bot.channels.transport import TransientFailure

TIMEOUT_SECONDS = 10
MOST = 50
MOST_BYTES = 15_000_000
"""Of one mail: longer ones are cut, which loses files and no words."""


class Mailbox:
    """`imap://user:password@host:143`, with STARTTLS unless it is this machine, or `imaps://…`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    @contextmanager
    def open(self) -> Iterator[imaplib.IMAP4]:
        """Raises TransientFailure where the server is away or refuses."""
        url, context = self._url, ssl.create_default_context()
        host = url.hostname or ""
        try:
            if url.scheme == "imaps":
                made: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    host, url.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS
                )
            else:
                made = imaplib.IMAP4(host, url.port or 143, timeout=TIMEOUT_SECONDS)
            with made as connection:
                if url.scheme == "imap" and not is_local(host):
                    connection.starttls(context)
                connection.login(unquote(url.username or ""), unquote(url.password or ""))
                connection.select("INBOX")
                yield connection
        except (imaplib.IMAP4.error, OSError) as error:
            raise TransientFailure(f"imap:{type(error).__name__}"[:16]) from None

    @staticmethod
    def unread(connection: imaplib.IMAP4) -> Iterator[tuple[str, bytes]]:
        """`(uid, raw mail)`, oldest first."""
        _, found = connection.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST]:
            _, parts = connection.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is not None:
                yield uid.decode(), raw

    @staticmethod
    def mark_read(connection: imaplib.IMAP4, uid: str) -> None:
        connection.uid("STORE", uid, "+FLAGS", r"(\Seen)")
