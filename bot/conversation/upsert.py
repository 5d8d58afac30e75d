"""INSERT that a row already there makes harmless, in either database's words."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, columns: tuple[str, ...]) -> Any:
    """INSERT … ON CONFLICT (columns) DO NOTHING."""
    return _insert_new(connection.dialect.name, table, columns)


def insert_new_returning(connection: Connection, table: Table, columns: tuple[str, ...]) -> Any:
    """The same, answering the id of the row where it is new."""
    return _returning(connection.dialect.name, table, columns)


@lru_cache(maxsize=64)
def _insert_new(name: str, table: Table, columns: tuple[str, ...]) -> Any:
    dialect = postgresql if name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing(index_elements=list(columns))


@lru_cache(maxsize=16)
def _returning(name: str, table: Table, columns: tuple[str, ...]) -> Any:
    return _insert_new(name, table, columns).returning(table.c.id)
