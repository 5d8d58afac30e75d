"""A file from somebody's form: a picture or a PDF, known by its first bytes and never by its name."""

import re
import unicodedata
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from bot.files.kinds import kind_of

MOST_BYTES = 5 * 1024 * 1024
MOST_IN_ALL = MOST_BYTES + 64 * 1024
"""With the rest of its form."""
MOST_NAME = 120
TAKEN = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"})


class BadFile(ValueError):
    """No picture and no PDF, or too large."""

    def __init__(self) -> None:
        super().__init__("the file is no picture or PDF of at most 5 MB: choose another")


@dataclass(frozen=True, slots=True)
class GivenFile:
    content: bytes
    content_type: str


def plain_name(name: str) -> str:
    """Without folders, and without marks that are not seen or turn what follows around."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()[-MOST_NAME:]


def given_file(field: FileStorage | None, taken: frozenset[str] = TAKEN) -> GivenFile | None:
    """Null where none was chosen. Raises BadFile."""
    if field is None or not field.filename:
        return None
    content = field.read(MOST_BYTES + 1)
    field.close()
    found = kind_of(content)
    if found not in taken or len(content) > MOST_BYTES:
        raise BadFile
    return GivenFile(content, found)
