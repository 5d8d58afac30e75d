"""A mail that came in, as far as it concerns us: a reply with its new words, or the bounce of one of ours."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr

from bot.channels.email.errors import COMPLAINT, enhanced_code
from bot.channels.email.tokens import message_of
from bot.files import MOST_BYTES as MOST_FILE_BYTES
from bot.files import kind_of, plain_name
from values import is_given_name

MOST_CHARACTERS = 4_000
MOST_FILES = 10
_SERVERS = ("mailer-daemon", "postmaster", "mdaemon")
_MACHINES = ("bulk", "junk", "list", "auto_reply")
_AWAY = re.compile(
    r"(?:respuesta autom[aá]tica|automatic reply|auto(?:matic)?[- ]?repl\w+|out of (?:the )?office|"
    r"fuera de (?:la )?oficina)\b",
    re.IGNORECASE,
)
"""The subject of an answering machine without its headers."""
_ANSWERS = re.compile(r"(re|rv|fw|fwd|aw)\s*:", re.IGNORECASE)
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "In-Reply-To", "References")
_QUOTED = re.compile(
    r"^[ \t]*(?:>|-{2,}\s*(?:original message|mensaje original|forwarded message|mensaje reenviado)|_{5,}"
    r"|(?:el|on)\b[^\n]{4,200}(?:\n[^\n]{1,120})?\b(?:escribió|wrote):[ \t]*$"
    r"|\**(?:de|from):\**[ \t](?:[^\n]+@|[^\n]+\n+\**(?:enviado|fecha|sent|date|para|to)\b))",
    re.IGNORECASE | re.MULTILINE,
)
"""The message that is answered begins here; its head may stand in two lines."""
_SIGNED = re.compile(
    r"^[ \t]*(?:--[ \t]*$|(?:enviado|sent) (?:desde|from) (?:mi|my|outlook|yahoo|correo)\b"
    r"|(?:obtener|get) outlook (?:para|for)\b"
    r"|\W*(?:(?:aviso|nota) de confidencialidad|confidentiality notice)\b"
    r"|(?:este|esta|this)\b[^\n]{0,80}(?:confidencial|confidential|uso exclusivo|intended only))",
    re.IGNORECASE | re.MULTILINE,
)
"""What nobody wrote for us: a signature after two dashes, a device's line, a notice of confidentiality."""
_FAREWELL = re.compile(
    r"^[ \t]*(?:(?:(?:un |muchos |con )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?)?|att?e|atentamente|"
    r"cordialmente|(?:muchas )?gracias(?: y saludos| de antemano)?|"
    r"quedo (?:atent[oa]|en espera|al pendiente)[^\n?]{0,40}|"
    r"(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|cheers|thanks|thank you|many thanks)"
    r"\b[ \t.,!:]*)+",
    re.IGNORECASE | re.MULTILINE,
)
"""Takes leave of the reader."""
_BEARER = re.compile(r"(?:lic|ing|dra?|arq|c\.? ?p|srt?a?|mtr[oa]|mr|mrs|ms)\b\.?", re.IGNORECASE)
_MOST_SIGNATURE_LINES = 6
_MOST_SIGNATURE_WIDTH = 60
_MOST_NAMES = 5
_TAGS = re.compile(r"<(br|/p|/div|/tr|/li)\b[^>]*>|<[^>]+>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(style|script|head)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    name: str
    content_type: str
    """By its first bytes."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """`message_id` is the one of ours that it answers, or that came back; null where it names none."""

    sid: str
    """Made of its Message-ID: the same mail twice is one."""
    sender: str
    text: str
    message_id: int | None
    bounce_code: str | None = None
    """Of RFC 3463: `5.1.1`."""
    files: tuple[ReceivedFile, ...] = ()


def received_from(raw: bytes, secret: str) -> Received | None:
    """Null for what nobody wrote: a delivery that is only late, an answering machine, a mailing list."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(mail, EmailMessage)
    sid = "ME" + hashlib.sha256(str(mail.get("Message-ID", "")).encode() or raw).hexdigest()[:32]
    sender = parseaddr(str(mail.get("From", "")))[1]
    if mail.get_content_type() == "multipart/report" or _is_servers(mail, sender):
        return _bounce(mail, raw, sid, sender, secret)
    if _is_machines(mail):
        return None
    named = " ".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))
    words, answered = new_words(_text(mail)) or _subject(mail), message_of(named, secret)
    return Received(sid, sender, words, answered, files=tuple(_files(mail))[:MOST_FILES])


def _is_servers(mail: EmailMessage, sender: str) -> bool:
    """A bounce of a server that makes no reports: to answer it would begin a circle."""
    return sender.partition("@")[0].lower() in _SERVERS or str(mail.get("Return-Path", "")).strip() == "<>"


def _is_machines(mail: EmailMessage) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in _MACHINES
        or _AWAY.match(str(mail.get("Subject", "")).strip()) is not None
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    )


def _subject(mail: EmailMessage) -> str:
    """What stands there alone: «BAJA»; an answer's is ours."""
    subject = str(mail.get("Subject", "")).strip()
    return "" if _ANSWERS.match(subject) else subject[:MOST_CHARACTERS]


def _files(mail: EmailMessage) -> Iterator[ReceivedFile]:
    """Pictures, PDFs and sounds that are whole; what is none of these, or too large, is left in the mail."""
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(content) > MOST_FILE_BYTES or part.defects:
            continue
        if (found := kind_of(content)) is not None:
            yield ReceivedFile(plain_name(part.get_filename() or ""), found, content)


def _bounce(mail: EmailMessage, raw: bytes, sid: str, sender: str, secret: str) -> Received | None:
    """A delivery status notification (RFC 3464), the same in words alone, or a complaint (RFC 5965): the mail
    that came back stands in it.
    """
    message_id = message_of(raw.decode("utf-8", "replace"), secret)
    code = _reported_code(mail) if mail.get_content_type() == "multipart/report" else _worded_code(mail)
    if message_id is None or code is None:
        return None
    return Received(sid, sender, "", message_id, code[:16])


def _reported_code(mail: EmailMessage) -> str | None:
    if mail.get_param("report-type") == "feedback-report":
        return COMPLAINT
    failed = (part for part in _parts(mail) if part.get("Action", "").strip().lower() == "failed")
    return next((str(part.get("Status")).strip() for part in failed), None)


def _worded_code(mail: EmailMessage) -> str | None:
    """Null for a delivery that is only late."""
    code = enhanced_code(_text(mail))
    return code if code and code.startswith("5") else None


def _parts(mail: Message) -> Iterator[Message]:
    """Each block of headers of the report, one for each recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, UnicodeDecodeError):  # a charset that nobody knows
        content = bytes(body.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return _plain(content) if body.get_content_type() == "text/html" else content


def _plain(markup: str) -> str:
    return html.unescape(_TAGS.sub(lambda tag: "\n" if tag[1] else "", _HIDDEN.sub("", markup)))


def new_words(text: str) -> str:
    """What the sender wrote, without the message that they answer and without their signature."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    ends = [found.start() for found in (_QUOTED.search(lines), _SIGNED.search(lines)) if found]
    return _unsigned(lines[: min(ends, default=None)].strip())[:MOST_CHARACTERS]


def _unsigned(words: str) -> str:
    """Without the farewell and the name that end it: «ACEPTO», and «Ana López» below."""
    for farewell in _FAREWELL.finditer(words):
        above = words[: farewell.start()].strip()
        below = [line.strip() for line in words[farewell.end() :].splitlines() if line.strip()]
        if above and _is_signature(below):
            return above
    above, blank, last = words.rpartition("\n\n")
    return above.strip() if blank and _is_name(last.strip(" .").split()) else words


def _is_signature(lines: Sequence[str]) -> bool:
    """A name and where its bearer works, in few short lines; or nothing."""
    short = len(lines) <= _MOST_SIGNATURE_LINES and all(len(line) <= _MOST_SIGNATURE_WIDTH for line in lines)
    asks = any("?" in line for line in lines)
    return short and not asks and (not lines or _is_name(_BEARER.sub("", lines[0]).strip(" .,").split()))


def _is_name(words: Sequence[str]) -> bool:
    """«Ana López»: a given name first, all of it in capitals or none."""
    alike = len({word[:1].isupper() for word in words if word not in ("de", "del", "la", "y")}) == 1
    letters = all(map(str.isalpha, words)) and len(words) <= _MOST_NAMES
    return bool(words) and alike and letters and is_given_name(words[0])
