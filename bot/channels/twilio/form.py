"""A webhook's body as it was sent, byte for byte: the signature is over exactly these values."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

MOST_FIELDS = 1_000
Form = Mapping[str, list[str]]
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class TooManyFields(ValueError):
    """More than any message has."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_FIELDS} fields")


def parse_form(body: bytes) -> dict[str, list[str]]:
    """Names and values in the order of arrival; blank ones are kept, and bytes that are not UTF-8 stay as
    lone surrogates.

    Flask's own parser would put something else in their place, and a signature over it would not hold. Raises
    TooManyFields.
    """
    if body.count(b"&") >= MOST_FIELDS:
        raise TooManyFields
    form: dict[str, list[str]] = {}
    for field in filter(None, body.replace(b"+", b" ").split(b"&")):
        name, _, value = field.partition(b"=")
        form.setdefault(_text(name), []).append(_text(value))
    return form


def _text(encoded: bytes) -> str:
    raw = unquote_to_bytes(encoded) if b"%" in encoded else encoded
    return raw.decode("utf-8", "surrogateescape")


def replaced(form: Form) -> Form | None:
    """The form as a signer reads it who puts U+FFFD in the place of what is not UTF-8; null when all of it
    is.
    """
    if all(value.isascii() or not _SURROGATE.search(value) for values in form.values() for value in values):
        return None
    return {
        name: [value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for value in values]
        for name, values in form.items()
    }
