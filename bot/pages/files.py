"""A file from the borrower's phone: known by its first bytes, never by its name."""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

MOST_BYTES = 5 * 1024 * 1024
MOST_IN_ALL = MOST_BYTES + 64 * 1024
"""With the rest of its form."""
_KINDS = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"%PDF-", 0, "application/pdf"),
)


class BadFile(ValueError):
    """No picture and no PDF, or too large."""

    def __init__(self) -> None:
        super().__init__("the file is no picture or PDF of at most 5 MB: choose another")


@dataclass(frozen=True, slots=True)
class GivenFile:
    content: bytes
    content_type: str


def given_file(field: FileStorage | None) -> GivenFile | None:
    """Null where none was chosen. Raises BadFile."""
    if field is None:
        return None
    content = field.read(MOST_BYTES + 1)
    field.close()
    if not content:
        return None
    found = next((kind for mark, at, kind in _KINDS if content[at : at + len(mark)] == mark), None)
    if found is None or len(content) > MOST_BYTES:
        raise BadFile
    return GivenFile(content, found)
