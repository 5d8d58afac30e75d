"""Engines and the ways to use one: a read that ends in COMMIT, a glance without a transaction, and one short
write transaction.

No driver begins a transaction by itself: that is done here, and not by a listener, which would slow down
every statement.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

IDLE_SECONDS = 1.0
"""A connection that was used within this time is taken for alive."""


def make_engine(url: str, *, durable: bool = False, lock_seconds: float = 15.0) -> Engine:
    """An engine for SQLite (WAL; `durable` waits for the disk at every commit) or PostgreSQL (psycopg).

    A statement waits for a lock, and a connection for its server, for `lock_seconds`; parameters, which hold
    personal data, are kept out of error texts. PostgreSQL compiles no plans (`jit`): that takes longer than
    any page or turn.
    """
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={
                "connect_timeout": max(1, round(lock_seconds)),
                "options": f"-c lock_timeout={round(lock_seconds * 1000)} -c jit=off",
            },
            json_serializer=_json,
            json_deserializer=orjson.loads,
        )
        _ping_after_idling(engine)
        return engine
    engine = create_engine(
        url,
        connect_args={"timeout": lock_seconds},
        hide_parameters=True,
        json_serializer=_json,
        json_deserializer=orjson.loads,
    )
    synchronous = "FULL" if durable else "NORMAL"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _ping_after_idling(engine: Engine) -> None:
    """A connection whose server is gone is replaced before it is used; a ping of one that was used just now
    would cost every request a round trip.
    """

    @event.listens_for(engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: Any, _fairy: Any) -> None:
        if monotonic() - record.info.get("used", monotonic()) < IDLE_SECONDS:
            return
        try:
            connection.execute("SELECT 1")
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _json(value: Any) -> str:
    """Several times a turn. A day or a time is refused, as by the standard library: it would come back as
    text.
    """
    return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


@contextmanager
def read_tx(engine: Engine) -> Iterator[Connection]:
    """A read that ends in COMMIT: one that ends in ROLLBACK throws psycopg's prepared statements away."""
    with engine.connect() as connection, connection.begin():
        _begin(connection, "BEGIN")
        yield connection


@contextmanager
def read_autocommit(engine: Engine) -> Iterator[Connection]:
    """Reads that need no common snapshot, without a transaction around them: a round trip less for each."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def write_tx(engine: Engine, connection: Connection | None = None) -> Iterator[Connection]:
    """One short write transaction, on a connection that glanced where one is given. On SQLite it takes the
    write lock at once, so that it cannot deadlock on the way.
    """
    with (
        engine.connect() if connection is None else nullcontext(connection) as mine,
        mine.get_transaction() or mine.begin(),  # of what a read began there is nothing but its name
    ):
        _begin(mine, "BEGIN IMMEDIATE" if mine.dialect.name == "sqlite" else "BEGIN")
        yield mine


def write_one(
    engine: Engine, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> None:
    """One statement, which is a transaction of its own: a round trip instead of three."""
    with engine.connect() as connection:
        connection.execute(statement, values)


def _begin(connection: Connection, statement: str) -> None:
    """Raises OperationalError, as every statement does, where the database is locked or lost."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement)
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise OperationalError(statement, None, error) from error


@contextmanager
def write_tx_at_once(engine: Engine) -> Iterator[Connection]:
    """A write that waits for nobody: for what may be left undone. Raises OperationalError where the database
    is locked.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        sqlite = connection.dialect.name == "sqlite"
        patience = driver.execute("PRAGMA busy_timeout").fetchone()[0] if sqlite else 0
        if sqlite:
            driver.execute("PRAGMA busy_timeout = 0")
        try:
            with write_tx(engine, connection):
                if not sqlite:
                    driver.execute("SET LOCAL lock_timeout = '20ms'")
                yield connection
        finally:
            if sqlite:
                driver.execute(f"PRAGMA busy_timeout = {patience}")
