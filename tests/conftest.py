"""What the tests share: databases of both kinds, migrated once and found empty; a clock that stands still."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.databases import PostgresDatabase, SqliteDatabase

settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, a banking day, noon in Mexico City."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs on both databases has its lines measured on one: measuring doubles what a test takes."""
    for item in items:
        call = getattr(item, "callspec", None)
        if call is not None and call.params.get("database_url") == "postgres":
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabase:
    return SqliteDatabase(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def migrated_sqlite(sqlite: SqliteDatabase) -> Path:
    return sqlite.migrated


@pytest.fixture
def sqlite_url(sqlite: SqliteDatabase) -> str:
    sqlite.empty()
    return sqlite.url


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabase]:
    database = PostgresDatabase()
    yield database
    database.close()


@pytest.fixture
def postgres_url(postgres: PostgresDatabase) -> str:
    postgres.empty()
    return postgres.url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url: str, request: pytest.FixtureRequest) -> Engine:
    kind = "sqlite" if database_url.startswith("sqlite") else "postgres"
    return request.getfixturevalue(kind).engine.execution_options()


@pytest.fixture
def sqlite_engine(sqlite_url: str, sqlite: SqliteDatabase) -> Engine:
    return sqlite.engine.execution_options()


def run(*command: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)  # type: ignore[call-overload]
