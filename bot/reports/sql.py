"""What both databases write differently: the trade's day of a moment, the days between two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Date, Integer, case, func, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.base import UtcDateTime

AnyColumn = ColumnElement[Any] | Column[Any]
F = TypeVar("F", bound=FunctionElement[Any])


def _written(*, sqlite: str, postgresql: str) -> Callable[[type[F]], type[F]]:
    """A function of SQL's as each database writes it, `{0}` being its first argument."""

    def writes(element: type[F]) -> type[F]:
        for dialect, form in (("sqlite", sqlite), ("postgresql", postgresql)):
            compiles(element, dialect)(partial(_fill, form))
        return element

    return writes


def _fill(form: str, element: FunctionElement[Any], compiler: SQLCompiler, **how: Any) -> str:
    return form.format(*(compiler.process(each, **how) for each in element.clauses))


@_written(
    sqlite="date({0}, '-6 hours')",
    postgresql="(({0}) AT TIME ZONE 'America/Mexico_City')::date",
)
class city_date(FunctionElement[date]):  # noqa: N801 - a function of SQL's, named like one
    """The day that a moment is in Mexico City."""

    type = Date()
    inherit_cache = True


@_written(sqlite="CAST(julianday({1}) - julianday({0}) AS INTEGER)", postgresql="({1} - {0})")
class days_between(FunctionElement[int]):  # noqa: N801 - a function of SQL's, named like one
    """Days from the first day to the second."""

    type = Integer()
    inherit_cache = True


@_written(
    sqlite="strftime('%Y-%m-%d %H:%M:%f000', {0}, ({1}) || ' days')",
    postgresql="(({0}) + ({1}) * INTERVAL '1 day')",
)
class days_later(FunctionElement[datetime]):  # noqa: N801 - a function of SQL's, named like one
    """A moment so many days on; fewer than none: back."""

    type = UtcDateTime()
    inherit_cache = True


@_written(
    sqlite="({0}) || ' 12:00:00.000000'",
    postgresql="(({0}) || ' 12:00:00+00')::timestamptz",
)
class moment_of(FunctionElement[datetime]):  # noqa: N801 - a function of SQL's, named like one
    """A moment of a day that is written as text."""

    type = UtcDateTime()
    inherit_cache = True


@contextmanager
def counting(connection: Connection) -> Iterator[None]:
    """Statements over whole tables. PostgreSQL takes what they join for a row or two, having no statistics of
    it, and would go through all of one side for each row of the other: it is to hash them.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_nestloop = off"))
    yield  # where it fails, the setting ends with its transaction
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_nestloop = on"))


def smaller(one: AnyColumn, other: AnyColumn) -> ColumnElement[Any]:
    return case((one < other, one), else_=other)


def larger(one: AnyColumn, other: Any) -> ColumnElement[Any]:
    return case((one > other, one), else_=other)


def total(column: AnyColumn) -> ColumnElement[int]:
    """Of no row: 0."""
    return func.coalesce(func.sum(column), 0).cast(BigInteger)


def count_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, for a sum."""
    return case((condition, 1), else_=0)
