"""What the sender of a mail wrote: without the message that they answer, and without their signature."""

import html
import re
from collections.abc import Sequence
from email.message import EmailMessage, MIMEPart

from values import is_given_name

MOST_CHARACTERS = 4_000
_HEAD = (
    r"(?:el|en|on)\b[^\n]{4,200}(?:\n[^\n]{1,120})?\b(?:escribió|wrote):[ \t]*$"
    r"|\**(?:de|from):\**[ \t](?:[^\n]+@|[^\n]+\n+\**(?:enviado|fecha|sent|date|para|to)\b)"
)
_QUOTED = re.compile(
    r"^[ \t]*(?:>|-{2,}\s*(?:original message|mensaje original|forwarded message|mensaje reenviado)|_{5,}"
    rf"|(?:inicio del mensaje reenviado|begin forwarded message):|{_HEAD})",
    re.IGNORECASE | re.MULTILINE,
)
"""The message that is answered begins here; its head may stand in two lines."""
_ABOVE = re.compile(rf"\A\s*(?:{_HEAD})\s*(?=>)", re.IGNORECASE | re.MULTILINE)
"""The head of a message whose lines are marked one by one: what was written may stand below, or between."""
_MARKED = re.compile(r"^>.*\n?", re.MULTILINE)
_SIGNED = re.compile(
    r"^[ \t]*(?:--[ \t]*$|(?:enviado|sent) (?:desde|from) (?:mi|my|outlook|yahoo|correo)\b"
    r"|(?:obtener|get) outlook (?:para|for)\b|yahoo mail:"
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
_GREETING = re.compile(
    r"\A\s*(?:hola|buen(?:os|as)? (?:d[ií]as?|tardes?|noches?)|hello|hi|good morning)\b[ \t.,!:]*",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?:lic|ing|dra?|arq|c\.? ?p|srt?a?|mtr[oa]|mr|mrs|ms)\b\.?", re.IGNORECASE)
_MOST_SIGNATURE_LINES = 6
_MOST_SIGNATURE_WIDTH = 60
_MOST_NAMES = 5
_HIDDEN = re.compile(r"<(style|script|head)\b.*?</\1>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_CITED = re.compile(r"<blockquote\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<(br|li|/?p|/div|/tr)\b[^>]*>|<(/td)\b[^>]*>|<[^>]+>", re.IGNORECASE)
_CHARSETS = ("utf-8", "cp1252")
"""Of a text that names none, or a wrong one."""


def words_in(mail: EmailMessage) -> str:
    """Empty where nothing was written."""
    return new_words(text_of(mail))


def text_of(mail: EmailMessage) -> str:
    """Of the plain part; of the HTML where that one is left out or empty."""
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        if part is not None and (text := _decoded(part)).strip():
            return text if kind == "plain" else _plain(text)
    return ""


def _decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    for charset in (part.get_content_charset("utf-8"), *_CHARSETS):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace")


def _plain(markup: str) -> str:
    """What is cited is marked as mail programs mark it in plain text: the rest of the mail is theirs."""
    shown = _CITED.sub("\n> ", _HIDDEN.sub("", markup))
    lines = _TAGS.sub(lambda tag: "\n" if tag[1] else " " if tag[2] else "", shown)
    return html.unescape(lines).replace("\xa0", " ")


def new_words(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    ends = [found.start() for found in (_QUOTED.search(lines), _SIGNED.search(lines)) if found]
    above = lines[: min(ends, default=None)].strip()
    return _unsigned(above or _below(lines))[:MOST_CHARACTERS]


def _below(lines: str) -> str:
    """What was written below, or between, the lines of the message that is answered."""
    marked = _ABOVE.sub("", lines).lstrip()
    if not marked.startswith(">"):
        return ""
    written = _MARKED.sub("", marked)
    signed = _SIGNED.search(written)
    return written[: signed.start() if signed else None].strip()


def is_courtesy(words: str) -> bool:
    """«Hola. Gracias»: what is wanted stands elsewhere."""
    return not words or _FAREWELL.sub("", _GREETING.sub("", words)).strip() == ""


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
