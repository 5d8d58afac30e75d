"""INSERT that a row already there makes harmless, in either database's words."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, columns: tuple[str, ...]) -> Any:
    """INSERT … ON CONFLICT (columns) DO NOTHING."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing(index_elements=list(columns))
