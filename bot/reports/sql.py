"""What both databases write differently: the trade's day of a moment, the days between two."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Date, Integer, case, func, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.base import UtcDateTime

AnyColumn = ColumnElement[Any] | Column[Any]


class city_date(FunctionElement[date]):  # noqa: N801 - a function of SQL's, named like one
    """The day that a moment is in Mexico City."""

    type = Date()
    inherit_cache = True


@compiles(city_date, "sqlite")
def _city_date_sqlite(element: city_date, compiler: SQLCompiler, **how: Any) -> str:
    return f"date({compiler.process(element.clauses, **how)}, '-6 hours')"


@compiles(city_date, "postgresql")
def _city_date_postgresql(element: city_date, compiler: SQLCompiler, **how: Any) -> str:
    return f"(({compiler.process(element.clauses, **how)}) AT TIME ZONE 'America/Mexico_City')::date"


class days_between(FunctionElement[int]):  # noqa: N801 - a function of SQL's, named like one
    """Days from the first day to the second."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_between_sqlite(element: days_between, compiler: SQLCompiler, **how: Any) -> str:
    first, second = (compiler.process(each, **how) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_between_postgresql(element: days_between, compiler: SQLCompiler, **how: Any) -> str:
    first, second = (compiler.process(each, **how) for each in element.clauses)
    return f"({second} - {first})"


class days_later(FunctionElement[datetime]):  # noqa: N801 - a function of SQL's, named like one
    """A moment so many days on; fewer than none: back."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(days_later, "sqlite")
def _days_later_sqlite(element: days_later, compiler: SQLCompiler, **how: Any) -> str:
    moment, days = (compiler.process(each, **how) for each in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f000', {moment}, ({days}) || ' days')"


@compiles(days_later, "postgresql")
def _days_later_postgresql(element: days_later, compiler: SQLCompiler, **how: Any) -> str:
    moment, days = (compiler.process(each, **how) for each in element.clauses)
    return f"(({moment}) + ({days}) * INTERVAL '1 day')"


class moment_of(FunctionElement[datetime]):  # noqa: N801 - a function of SQL's, named like one
    """A moment of a day that is written as text."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(moment_of, "sqlite")
def _moment_of_sqlite(element: moment_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)}) || ' 12:00:00.000000'"


@compiles(moment_of, "postgresql")
def _moment_of_postgresql(element: moment_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"(({compiler.process(element.clauses, **how)}) || ' 12:00:00+00')::timestamptz"


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
