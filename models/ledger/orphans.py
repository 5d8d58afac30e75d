"""Rows that refer to a row that is gone: no database that refuses them has any."""

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKey, func, select

from models.base import Base
from models.ledger.derived import Fault


def orphan_faults(connection: Connection) -> Iterator[Fault]:
    """One fault for each reference between tables that leads nowhere."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            yield from _orphans(connection, key)


def _orphans(connection: Connection, key: ForeignKey) -> Iterator[Fault]:
    column, parent = key.parent, key.column.table.alias("parent")
    found = parent.c[key.column.name] == column
    missing = select(func.min(column), func.count()).where(
        column.is_not(None), ~select(parent.c[key.column.name]).where(found).correlate(column.table).exists()
    )
    first, rows = connection.execute(missing).one()
    if rows:
        owner = f"#{first}" if key.column.table.name == "loan" else "-"
        what = f"{rows} rows of {column.table.name} belong to a {key.column.table.name} that is gone"
        yield Fault(owner, None, f"{what}: the first is {first}")
