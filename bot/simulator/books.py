"""The stand-ins' own books: a SQLite file beside the demo's database, never part of it."""

from functools import lru_cache

from sqlalchemy import JSON, Column, DateTime, Engine, Float, Integer, MetaData, String, Table, Text

from bot.settings import Settings
from models import make_engine

metadata = MetaData()

sent = Table(
    "sent", metadata,
    Column("id", Integer, primary_key=True), Column("sid", String(34), unique=True), Column("account", String(34)), Column("to", String(254), index=True),
    Column("sender", String(64)), Column("body", Text), Column("choices", JSON), Column("callback", String(400)), Column("status", String(16)),
    Column("wanted", String(16)), Column("error", String(8)), Column("at", DateTime), Column("next_at", Float),
)  # fmt: skip
"""What was sent to phones; `wanted` is the status that it will end with, `next_at` the machine's time of the next receipt."""

written = Table(
    "written", metadata,
    Column("id", Integer, primary_key=True), Column("sid", String(34), unique=True), Column("sender", String(254), index=True), Column("to", String(64)),
    Column("form", JSON), Column("at", DateTime), Column("delivered", Integer, default=0, index=True), Column("tries", Integer, default=0),
)  # fmt: skip
"""What was written on phones, as webhook parameters."""

content = Table(
    "content", metadata,
    Column("sid", String(34), primary_key=True), Column("language", String(8)), Column("types", JSON), Column("name", String(200)),
    Column("status", String(16)), Column("category", String(24)),
)  # fmt: skip


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    engine = make_engine(url)
    metadata.create_all(engine)
    return engine


def books(settings: Settings) -> Engine:
    """Beside the demo's own file, or under `var/` when that is PostgreSQL."""
    base = settings.database_url
    url = base.rsplit("/", 1)[0] + "/simulator.db" if base.startswith("sqlite") else "sqlite:///var/simulator.db"
    return _engine(url)
