"""The stand-ins' own books: a SQLite file beside the demo's database, never part of it."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import JSON, Column, DateTime, Engine, Float, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.settings import Settings
from models import make_engine, writing

metadata = MetaData()
FOLDER = Path("var")
VERSION = 2
"""Books of another version are thrown away: they hold nothing that the demo needs."""

sent = Table(
    "sent", metadata,
    Column("id", Integer, primary_key=True), Column("sid", String(34), unique=True), Column("account", String(34)), Column("to", String(254), index=True),
    Column("sender", String(64)), Column("body", Text), Column("choices", JSON), Column("callback", String(400)), Column("status", String(16)),
    Column("wanted", String(16)), Column("error", String(8)), Column("at", DateTime), Column("created", Float), Column("next_at", Float),
    Column("tries", Integer, default=0), Index("ix_sent_next", "next_at"),
)  # fmt: skip
"""What was sent to phones. `at` is the demo's time, `created` and `next_at` (of the next receipt) the machine's; `wanted` is the last status."""

written = Table(
    "written", metadata,
    Column("id", Integer, primary_key=True), Column("sid", String(34), unique=True), Column("sender", String(254), index=True),
    Column("to", String(64), index=True), Column("form", JSON), Column("at", DateTime), Column("created", Float), Column("next_at", Float, default=0),
    Column("delivered", Integer, default=0, index=True), Column("tries", Integer, default=0),
)  # fmt: skip
"""What was written on phones, as webhook parameters."""

content = Table(
    "content", metadata,
    Column("sid", String(34), primary_key=True), Column("language", String(8)), Column("types", JSON), Column("name", String(200)),
    Column("status", String(16)), Column("category", String(24)), Column("variables", JSON),
)  # fmt: skip

lease = Table("lease", metadata, Column("name", String(16), primary_key=True), Column("holder", String(64)), Column("until", Float))
"""Which process carries what waits; the machine's time until which it does."""


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    engine = make_engine(url)
    with writing(engine) as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
            metadata.drop_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))
    return engine


def books(settings: Settings) -> Engine:
    """Beside the demo's own file, or under `var/` when that is PostgreSQL."""
    base = settings.database_url
    url = base.rsplit("/", 1)[0] + "/simulator.db" if base.startswith("sqlite") else f"sqlite:///{FOLDER}/simulator.db"
    return _engine(url)
