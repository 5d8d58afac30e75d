"""SMTP as a transport: text and HTML, a Reply-To that names the message, unsubscribing by one click."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from html import escape
from urllib.parse import unquote, urlsplit

from bot.channels.email.errors import enhanced_code, reaction_to
from bot.channels.email.tls import is_local
from bot.channels.email.tokens import token_for
from bot.channels.transport import (
    Held,
    Listed,
    Outgoing,
    PermanentFailure,
    Reaction,
    Sent,
    TransientFailure,
)
from bot.channels.twilio.contents import as_numbered
from bot.conversation import Incoming
from bot.settings import Settings

TIMEOUT_SECONDS = 5
ACCOUNT = "smtp"
_PORTS = {"smtp": 25, "smtps": 465}


class EmailTransport:
    """Raises the port's failures. An answer that was lost is sent again under the same Message-ID, as every
    mail server does: the recipient's drops the second.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.channel != "email":
            raise PermanentFailure(f"channel:{outgoing.channel}"[:16], "other_channel")
        message = self.compose(outgoing)
        try:
            with self._connected() as connection:
                connection.send_message(message, self._settings.email_from, [outgoing.address])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refused(code, _reaction(code, text)) from None
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, "give_up") from None
        except smtplib.SMTPResponseException as error:  # the log-in, the sender: wrong for every mail
            raise _refused(error.smtp_code, "stop_sender") from None
        except (smtplib.SMTPException, OSError) as error:
            raise TransientFailure(type(error).__name__[:16]) from None
        return Sent(str(message["Message-ID"]), ACCOUNT)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        """Nothing: no outcome of SMTP stays unknown."""
        del channel, address, since
        return []

    def received_since(self, since: datetime) -> list[Held]:
        """Nothing: replies are read from the mailbox."""
        del since
        return []

    def incoming(self, held: Held, at: datetime) -> Incoming:
        raise NotImplementedError

    def compose(self, outgoing: Outgoing) -> EmailMessage:
        settings = self._settings
        token = token_for(outgoing.message_id, settings.secret_key)
        name, _, domain = settings.email_from.rpartition("@")
        unsubscribe = f"{settings.public_url}/webhooks/email/unsubscribe/{token}"
        message = EmailMessage()
        message["From"] = settings.email_from
        message["To"] = outgoing.address
        message["Reply-To"] = f"{name}+{token}@{domain}"
        message["Subject"] = outgoing.subject
        message["Message-ID"] = f"<{token}@{domain}>"
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = outgoing.language.replace("_", "-")
        text = as_numbered(outgoing.text, outgoing.choices)
        message.set_content(text)
        message.add_alternative(_html(text, outgoing.language), subtype="html")
        if (file := outgoing.attachment) is not None:
            kind, _, subtype = file.content_type.partition("/")
            message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """However the server says goodbye: what it took is taken."""
        with closing(self._connection()) as connection:
            yield connection
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connection(self) -> smtplib.SMTP:
        url = urlsplit(self._settings.smtp_url)
        host, port = url.hostname or "", url.port or _PORTS.get(url.scheme, 25)
        context = ssl.create_default_context()
        if url.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            if not is_local(host):
                connection.starttls(context=context)
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
        return connection


def _refused(code: int, reaction: Reaction) -> PermanentFailure | TransientFailure:
    """4xx: not now; 5xx: not at all."""
    return TransientFailure(str(code)) if code < 500 else PermanentFailure(str(code), reaction)


def _reaction(code: int, text: bytes | str) -> Reaction:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return reaction_to(enhanced_code(words) or str(code))


def _html(text: str, language: str) -> str:
    lines = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    style = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em"
    body = f'<body style="{style}">{lines}</body>'
    return f'<!doctype html><html lang="{language[:2]}"><meta charset="utf-8">{body}</html>'
