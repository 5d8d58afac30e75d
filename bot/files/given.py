"""A file from somebody's form: a picture or a PDF, known by its first bytes and never by its name."""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from bot.files.kinds import kind_of

MOST_BYTES = 5 * 1024 * 1024
MOST_IN_ALL = MOST_BYTES + 64 * 1024
"""With the rest of its form."""
TAKEN = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"})


class BadFile(ValueError):
    """No picture and no PDF, or too large."""

    def __init__(self) -> None:
        super().__init__("the file is no picture or PDF of at most 5 MB: choose another")


@dataclass(frozen=True, slots=True)
class GivenFile:
    content: bytes
    content_type: str


def given_file(field: FileStorage | None, taken: frozenset[str] = TAKEN) -> GivenFile | None:
    """Null where none was chosen. Raises BadFile."""
    if field is None:
        return None
    content = field.read(MOST_BYTES + 1)
    field.close()
    if not content:
        return None
    found = kind_of(content)
    if found not in taken or len(content) > MOST_BYTES:
        raise BadFile
    return GivenFile(content, found)
