"""What addresses may hold: anything else is no address, and answered 404 before any code reads it."""

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, PathConverter

from values import ID_PATTERN, LONGEST_ID

LONGEST_NUMBER = 18
"""Digits of what a database keeps as an integer, at least."""


class ExternalIdConverter(PathConverter):
    """A lender's own id; it may hold a slash, but no name of a sub-resource."""

    regex = ID_PATTERN

    def to_python(self, value: str) -> str:
        if len(value) > LONGEST_ID:
            raise NotFound
        return value


class KeyConverter(IntegerConverter):
    """A row's number, short enough for the database."""

    def to_python(self, value: str) -> int:
        if len(value) > LONGEST_NUMBER or not value.isascii():
            raise NotFound
        return int(super().to_python(value))


def register(app: Flask) -> None:
    """Before any blueprint, whose routes name them."""
    app.url_map.converters.update(id=ExternalIdConverter, int=KeyConverter)
