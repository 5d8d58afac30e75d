"""What no person wrote: bounces and complaints, which say what became of ours, and answering machines."""

import re
from collections.abc import Iterator
from email.message import EmailMessage, Message

from bot.channels.email.body import text_of
from bot.channels.email.errors import COMPLAINT, enhanced_code, refusal_code

_SERVERS = ("mailer-daemon", "postmaster", "mdaemon")
_MACHINES = ("bulk", "junk", "list", "auto_reply")
_HEADERS = re.compile(r"list-id|x-(?:mail-)?auto-?(?:reply|respond|generated)\w*(?:-from)?", re.IGNORECASE)
_AWAY = re.compile(
    r"(?:\W|re:)*(?:(?:respuesta|mensaje) autom[aá]tic[ao]|automatic reply"
    r"|auto(?:matic)?[- ]?(?:repl|resp)\w+|auto:|out of (?:the )?office|fuera de (?:la )?oficina"
    r"|ausente(?: de la oficina)?:|no (?:estoy|me encuentro) disponible:"
    r"|(?:estoy de )?vacaciones:? re:)",
    re.IGNORECASE,
)
"""The subject of an answering machine without its headers."""
_OPENED = re.compile(r"(?:(?:no )?le[ií]do|(?:not )?read|recuperar|recall):", re.IGNORECASE)
"""Of a mail program's own notice that ours was opened, or that theirs is taken back."""


def is_servers(mail: EmailMessage, sender: str) -> bool:
    """A report of a server, or a bounce of one that makes no reports: to answer it would begin a circle."""
    return (
        mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0].lower() in _SERVERS
        or str(mail.get("Return-Path", "")).strip() == "<>"
    )


def is_machines(mail: EmailMessage) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    subject = str(mail.get("Subject", "")).strip()
    return (
        submitted != "no"
        or str(mail.get("Precedence", "")).strip().lower() in _MACHINES
        or any(pattern.match(subject) for pattern in (_AWAY, _OPENED))
        or any(_HEADERS.fullmatch(name) for name in mail)
    )


def bounce_code(mail: EmailMessage) -> str | None:
    """A delivery status notification (RFC 3464), the same in words alone, or a complaint (RFC 5965). Null for
    a delivery that is only late, and for what says nothing of one.
    """
    if mail.get_content_type() != "multipart/report":
        return _worded_code(mail)
    if mail.get_param("report-type") == "feedback-report":
        return COMPLAINT if _is_complaint(mail) else None
    failed = (part for part in _blocks(mail, "message/delivery-status") if _action(part) == "failed")
    return next(map(_reported_code, failed), None)


def _worded_code(mail: EmailMessage) -> str | None:
    text = text_of(mail)
    code = enhanced_code(text) or refusal_code(text)
    return code if code and code.startswith("5") else None


def _is_complaint(mail: EmailMessage) -> bool:
    """«not-spam» takes one back."""
    kinds = [str(part.get("Feedback-Type", "")).strip() for part in _blocks(mail, "message/feedback-report")]
    return "not-spam" not in kinds


def _action(part: Message) -> str:
    return part.get("Action", "").partition("(")[0].strip().lower()


def _reported_code(part: Message) -> str:
    """What the other server said where the status names no cause."""
    status, said = (enhanced_code(str(part.get(name, ""))) for name in ("Status", "Diagnostic-Code"))
    return said if said and (status or "x.0.0").endswith(".0.0") else status or "5.0.0"


def _blocks(mail: Message, content_type: str) -> Iterator[Message]:
    """Each block of headers of a report; one for each recipient."""
    for part in mail.walk():
        if part.get_content_type() == content_type:
            yield from (block for block in part.get_payload() if isinstance(block, Message))
