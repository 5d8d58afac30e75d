"""Engines and the two ways to use one: a read that ends in COMMIT, and one short write transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event


def make_engine(url: str, *, durable: bool = False) -> Engine:
    """An engine for SQLite (WAL; `durable` waits for the disk at every commit) or PostgreSQL (psycopg)."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, json_serializer=_json, json_deserializer=orjson.loads)
    engine = create_engine(url, connect_args={"timeout": 15}, json_serializer=_json, json_deserializer=orjson.loads)
    synchronous = "FULL" if durable else "NORMAL"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, never by the driver
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _json(value: Any) -> str:
    """Several times a turn. A day or a time is refused, as by the standard library: it would come back as text."""
    return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read that ends in COMMIT: one that ends in ROLLBACK throws psycopg's prepared statements away."""
    with engine.connect() as connection, connection.begin():
        _begin(connection, "BEGIN")
        yield connection


@contextmanager
def glancing(engine: Engine) -> Iterator[Connection]:
    """Reads that need no common snapshot, without a transaction around them: a round trip less for each."""
    with _glancer(engine).connect() as connection:
        yield connection
        connection.commit()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One short write transaction; on SQLite it takes the write lock at once, so that it cannot deadlock on the way."""
    with engine.connect() as connection, connection.begin():
        _begin(connection, "BEGIN IMMEDIATE")
        yield connection


def _begin(connection: Connection, statement: str) -> None:
    """SQLite's driver is told to begin nothing by itself. Said here and not by a listener, which would slow down every statement."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(statement)


@lru_cache(maxsize=64)
def _glancer(engine: Engine) -> Engine:
    """The same engine and pool, marked once: marking each connection costs as much as a statement."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="AUTOCOMMIT")
