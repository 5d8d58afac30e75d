"""A mail that came in, as far as it concerns us: a reply with its new words, or the bounce of one of ours."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from bot.channels.email.body import MOST_CHARACTERS, is_courtesy, words_in
from bot.channels.email.machines import bounce_code, is_machines, is_servers
from bot.channels.email.tokens import message_of
from bot.files import MOST_BYTES as MOST_FILE_BYTES
from bot.files import kind_of, plain_name

MOST_FILES = 10
_ANSWERS = re.compile(
    r"(?:res?|r|rv|fwd?|enc|tr|aw|sv)(?:\[\d+\])?\s*:|\(?(?:sin asunto|no subject)\b", re.IGNORECASE
)
"""The subject of an answer is ours; a mail program may write for who left it out."""
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "In-Reply-To", "References")


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
    """Of RFC 3463, `5.1.1`; of RFC 5321 where there is none, `550`; or `abuse`."""
    files: tuple[ReceivedFile, ...] = ()


def received_from(raw: bytes, secret: str) -> Received | None:
    """Null for what nobody wrote: a delivery that is only late, an answering machine, a mailing list."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(mail, EmailMessage)
    sid = "ME" + hashlib.sha256(str(mail.get("Message-ID", "")).encode() or raw).hexdigest()[:32]
    sender = parseaddr(str(mail.get("From", "")))[1]
    if is_servers(mail, sender):
        returned, code = message_of(raw.decode("utf-8", "replace"), secret), bounce_code(mail)
        known = returned is not None and code is not None
        return Received(sid, sender, "", returned, code) if known else None
    if is_machines(mail):
        return None
    named = " ".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))
    files = tuple(_files(mail))[:MOST_FILES]
    return Received(sid, sender, _words(mail), message_of(named, secret), files=files)


def _words(mail: EmailMessage) -> str:
    """What is wanted may stand in the subject alone: «BAJA»."""
    words, subject = words_in(mail), str(mail.get("Subject", "")).strip()
    return (
        subject[:MOST_CHARACTERS] if is_courtesy(words) and subject and not _ANSWERS.match(subject) else words
    )


def _files(mail: EmailMessage) -> Iterator[ReceivedFile]:
    """Pictures, PDFs and sounds that are whole, also among the words. What is none of these, or too large,
    is left in the mail.
    """
    for part in mail.walk():
        if part.is_multipart() or part.get_content_maintype() == "text":
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(content) > MOST_FILE_BYTES or part.defects:
            continue
        if (found := kind_of(content)) is not None:
            yield ReceivedFile(plain_name(part.get_filename() or ""), found, content)
