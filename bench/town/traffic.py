"""What borrowers write: messages that nobody took are sent again, as Twilio does."""

import random
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from imaplib import IMAP4

from bench.town.town import Town

WORDS = ("hola", "cuánto debo?", "sí", "no", "gracias", "quién eres?", "cómo pago?", "el viernes les pago")
MAIL_EVERY = 50
AT_ONCE = 4


@dataclass
class Traffic:
    """Several phones write at the same time; every so often somebody writes a mail."""

    town: Town
    chance: random.Random
    phones: list[str]
    sent: list[str] = field(default_factory=list)
    mails: int = 0
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    under_way: set[Future[None]] = field(default_factory=set)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))

    def turn(self, *, mail: bool = False) -> None:
        if mail and len(self.sent) % MAIL_EVERY == MAIL_EVERY - 1:
            self._mail()
        sid = f"SMdrill{len(self.sent):07d}"
        self.sent.append(sid)
        self._send((self.chance.choice(self.phones), sid, self.chance.choice(WORDS)))
        if self.waiting:
            self._send(self.waiting.pop(0))

    def is_over(self) -> bool:
        """Whether all were taken; those that were not are sent again."""
        for future in list(self.under_way):
            future.result()
        again, self.waiting = self.waiting, []
        for message in again:
            self._send(message)
        return not self.waiting and not self.under_way

    def _send(self, message: tuple[str, str, str]) -> None:
        while len(self.under_way) >= AT_ONCE:
            next(iter(self.under_way)).result()
        future = self.pool.submit(self._post, message)
        self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)

    def _post(self, message: tuple[str, str, str]) -> None:
        if not self.town.post(*message):
            self.waiting.append(message)

    def _mail(self) -> None:
        mail = EmailMessage()
        mail["From"] = f"somebody{self.mails}@correo.example"
        mail["To"] = "cobranza@drill.example"
        mail["Message-ID"] = f"<drill{self.mails}@correo.example>"
        mail["Subject"] = "hola"
        mail.set_content("cuánto debo?")
        with suppress(OSError, IMAP4.error):  # a mail that no server took was not sent
            self.town.imap.deliver(mail)
            self.mails += 1
