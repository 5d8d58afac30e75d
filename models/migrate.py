"""Migrates a database to this version, and says whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_FOLDER = Path(__file__).parent / "migrations"


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Applies the migrations that are missing; nothing when there are none."""
    command.upgrade(_config(engine), to)


def downgrade(engine: Engine, to: str = "base") -> None:
    command.downgrade(_config(engine), to)


def heads() -> list[str]:
    return list(ScriptDirectory(str(_FOLDER)).get_heads())


def is_current(engine: Engine) -> bool:
    """Whether the database is at this version."""
    return _found(engine) == set(heads())


def can_be_served(engine: Engine) -> bool:
    """Whether the database is at this version or at a later one: a migration only adds, so that the version
    before goes on working while the new one is put in its place.
    """
    found = _found(engine)
    return bool(found) and min(found) >= max(heads())


def _found(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
        connection.commit()
    return found
