"""A whole database into an empty one of either kind: from SQLite, where one machine begins, to PostgreSQL."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text

from models.base import Base
from models.database import write_tx
from models.feed_event import feed_event_table
from models.migrate import is_current, upgrade

BATCH = 1_000


class NotAtThisVersion(Exception):
    def __init__(self) -> None:
        super().__init__(
            "the database to be copied is of another version: run `acuerdo db upgrade` on it first"
        )


class NotEmpty(Exception):
    def __init__(self, table: str) -> None:
        super().__init__(f"the database to copy into is not empty ({table} has rows): give it an empty one")


class NotWholly(Exception):
    def __init__(self, table: str, here: int, there: int) -> None:
        super().__init__(f"{table}: {here} rows here and {there} there: nothing was copied")


def copy_database(source: Engine, target: Engine, progress: Callable[[int], None] = lambda _: None) -> int:
    """How many rows. Nobody writes to `source` meanwhile, and `target` gets all of it or nothing. Raises
    NotAtThisVersion, NotEmpty, NotWholly.
    """
    if not is_current(source):
        raise NotAtThisVersion
    upgrade(target)
    copied = 0
    with write_tx(source) as here, write_tx(target) as there:
        tables = _in_order()
        for table in tables:
            if there.execute(select(table).limit(1)).first() is not None:
                raise NotEmpty(table.name)
        for table in tables:
            if table is feed_event_table:
                there.execute(delete(table))
            copied += _copy(here, there, table, progress)
        for table in tables:
            _compare(here, there, table)
            continue_counting(there, table)
    return copied


def row_count(engine: Engine) -> int:
    with engine.connect() as connection:
        found = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in _in_order())
        connection.commit()
    return found


def _in_order() -> list[Table]:
    """What is referred to comes first; the feed last, since writing entries writes it too."""
    return sorted(Base.metadata.sorted_tables, key=lambda table: table is feed_event_table)


def _copy(here: Connection, there: Connection, table: Table, progress: Callable[[int], None]) -> int:
    copied = 0
    rows = here.execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key))
    for part in rows.mappings().partitions(BATCH):
        there.execute(insert(table), [dict(row) for row in part])
        copied += len(part)
        progress(len(part))
    return copied


def _compare(here: Connection, there: Connection, table: Table) -> None:
    counts = [side.scalar(select(func.count()).select_from(table)) or 0 for side in (here, there)]
    if counts[0] != counts[1]:
        raise NotWholly(table.name, *counts)


def continue_counting(there: Connection, table: Table) -> None:
    """The next id comes after those that were copied. SQLite looks for the greatest by itself."""
    key = table.autoincrement_column
    if there.dialect.name == "sqlite" or key is None or not (last := there.scalar(select(func.max(key)))):
        return
    named = {"table": table.name, "column": key.name, "last": last}
    there.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), named)
