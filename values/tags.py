"""Tags that a lender gives a loan, as one text in which SQL finds each: `;vip;campaña norte;`."""

import re
from collections.abc import Iterable

SEPARATOR = ";"
MOST_TAGS = 20
_TAG = re.compile(r"[\w .:+/-]{1,40}")


class InvalidTag(ValueError):
    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag[:40]!r} is no tag: 40 letters, digits, spaces or .:+/-_ at most")


def parse_tag(text: str) -> str:
    """In lower case, with single spaces. Raises InvalidTag."""
    tag = " ".join(text.split()).lower()
    if not _TAG.fullmatch(tag):
        raise InvalidTag(text)
    return tag


def join_tags(tags: Iterable[str]) -> str:
    """Each once, in order; of no tag a lone separator. Raises InvalidTag."""
    named = sorted({parse_tag(tag) for tag in tags})
    return "".join(f"{SEPARATOR}{tag}" for tag in named) + SEPARATOR


def split_tags(text: str | None) -> list[str]:
    return [tag for tag in (text or "").split(SEPARATOR) if tag]
