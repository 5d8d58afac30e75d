"""The statements that the product runs, as it runs them, and how a database goes about each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Executable, event

from models import read_tx

Asked = tuple[str, Any]


@contextmanager
def listening(engine: Engine) -> Iterator[list[Asked]]:
    """Each statement with its parameters; of many rows at once, with those of the first."""
    asked: list[Asked] = []

    def keep(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        asked.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


def plans_of(engine: Engine, act: Callable[[], object], *, small: bool = True) -> list[tuple[str, list[str]]]:
    """The statements that it runs, each with the steps of its plan."""
    with listening(engine) as asked:
        act()
    with read_tx(engine) as connection:
        return [
            (statement, plan(connection, statement, parameters, small=small))
            for statement, parameters in dict(asked).items()
            if is_explainable(statement)
        ]


def plan(
    connection: Connection, statement: str | Executable, parameters: Any = (), *, small: bool = True
) -> list[str]:
    """Its steps. PostgreSQL is kept from walking `small` tables only because they are."""
    if not isinstance(statement, str):
        compiled = statement.compile(connection.engine, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
        statement, parameters = str(compiled).replace("%%", "%"), ()
    if connection.dialect.name == "postgresql":
        if small:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters or None)]
    return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def walked(steps: Sequence[str], tables: Sequence[str], small: Sequence[str] = ()) -> list[str]:
    """Those steps that walk through one of the tables; to walk an index in `small` is to count what waits."""
    return [
        step
        for step in steps
        for table in tables
        if f"Seq Scan on {table} " in f"{step} " or f"SCAN {table} " in f"{step} "
        if not any(index in step for index in small)
    ]


def is_explainable(statement: str) -> bool:
    """What asks the database for rows; not what only adds them."""
    return statement.split(maxsplit=1)[0] in ("SELECT", "UPDATE", "INSERT", "DELETE", "WITH") and (
        "VALUES" not in statement
    )
