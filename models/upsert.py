"""INSERT that a row already there makes harmless, in either database's words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from models.base import word


def insert_new(connection: Connection | Engine, table: Table, columns: tuple[str, ...]) -> Any:
    """INSERT … ON CONFLICT (columns) DO NOTHING."""
    return _insert_new(connection.dialect.name, table, columns)


def add_new(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    row: Mapping[str, Any],
    always: tuple[tuple[str, str], ...] = (),
) -> int | None:
    """The id of the row where it is new. Not by RETURNING, which on SQLite costs a third of the statement.
    `always`: columns and the words that every row has there; each value that is bound costs its handling.
    """
    return _key(connection.execute(_insert_new(connection.dialect.name, table, columns, always), row))


def add(connection: Connection, statement: Insert, row: Mapping[str, Any]) -> int:
    """The id of a row that is new for certain."""
    key = _key(connection.execute(statement, row))
    assert key is not None, "only ON CONFLICT inserts nothing"
    return key


def _key(done: CursorResult[Any]) -> int | None:
    key = done.inserted_primary_key
    return int(key[0]) if key is not None and done.rowcount != 0 else None


@lru_cache(maxsize=64)
def _insert_new(
    name: str, table: Table, columns: tuple[str, ...], always: tuple[tuple[str, str], ...] = ()
) -> Any:
    dialect = postgresql if name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=list(columns))
    return statement.values({column: word(value) for column, value in always}) if always else statement


def insert_plain(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[int | str]],
    conflict: str = "",
) -> None:
    """Many rows of numbers and words alone, as the driver takes them: treating each value by its type costs
    more than writing it. A day is given as ISO text. `conflict`: the clause that both databases share.
    """
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(columns))
    into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.exec_driver_sql(f"{into} {conflict}", list(rows))
