"""E-mail: out by SMTP, replies and bounces in by IMAP, unsubscribing by one click."""

from bot.channels.email.errors import reaction_to
from bot.channels.email.mailbox import Mailbox
from bot.channels.email.received import Received, received_from
from bot.channels.email.tokens import message_of, token_for
from bot.channels.email.transport import EmailTransport
from bot.channels.email.webhook import blueprint

__all__ = [
    "EmailTransport",
    "Mailbox",
    "Received",
    "blueprint",
    "message_of",
    "reaction_to",
    "received_from",
    "token_for",
]
