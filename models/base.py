"""What every record shares: the mapping base, the column types and the check of closed sets."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite has no zones, so there the zone is dropped on the way in and put
    back on the way out.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone cannot be stored: {value.isoformat()}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigInt = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Key = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]
Centavos = Annotated[int, mapped_column(BigInteger)]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def record_of(statement: Select[*tuple[Any, ...]]) -> Callable[[Iterable[Any]], AnyRow]:
    """Makes a named tuple of a row of the statement: for rows that are read by many attributes, of which
    SQLAlchemy's own looks in three places for each.
    """
    named: Any = namedtuple  # noqa: PYI024 - its fields are known to the statement alone
    make: Callable[[Iterable[Any]], AnyRow] = named("Record", statement.selected_columns.keys())._make
    return make


class Base(DeclarativeBase):
    """The mapping base; constraint names are fixed so that migrations can name them on both databases."""

    __table__: ClassVar[Table]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def word(value: str) -> ColumnElement[str]:
    """A constant in a statement's own text: SQLite plans a statement anew whenever a bound value may decide
    on a partial index.
    """
    return literal_column(f"'{value}'", String)


def words(*values: str) -> list[ColumnElement[str]]:
    """For IN: a list that is bound is expanded at every execution."""
    return [word(value) for value in values]


class rows_of(FunctionElement[list[list[Any]]]):  # noqa: N801 - a function of SQL's, named like one
    """Rows of a subquery as one JSON value, `[[column, …], …]` in no order; null or empty where there are
    none.
    """

    type = JSON()
    inherit_cache = True


@compiles(rows_of, "sqlite")
def _rows_sqlite(element: rows_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **how)}))"


@compiles(rows_of, "postgresql")
def _rows_postgresql(element: rows_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **how)}))"


class UnknownWord(ValueError):
    """A column of a closed set was given something else: a fault of the program."""

    def __init__(self, word: str, known: Sequence[str]) -> None:
        super().__init__(f"{word!r} is not one of {', '.join(known)}: add it to the set first")


class OneOf(TypeDecorator[str]):
    """A word of a set that grows: checked on the way in, not by the database, so that a new word needs no
    rebuild of a table. States, which bind and do not grow, have `one_of`.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: tuple[str, ...], length: int) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is not None and value not in self.words:
            raise UnknownWord(value, self.words)
        return value

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """A pattern that words are matched against is no word."""
        del value
        return self if op in (operators.eq, operators.ne, operators.in_op, operators.not_in_op) else String()


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """The database's own check that `column` holds one of a closed set."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
