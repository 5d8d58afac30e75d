"""The stand-ins' own database: a SQLite file next to the demo's, never part of it."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import JSON, Column, DateTime, Engine, Float, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.settings import Settings
from models import make_engine, write_tx
from models.base import UtcDateTime

metadata = MetaData()
FOLDER = Path("var")
VERSION = 5
"""A file of another version is emptied: it holds nothing that the demo needs."""

sent = Table(
    "sent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sid", String(34), unique=True),
    Column("account", String(34)),
    Column("to", String(254), index=True),
    Column("sender", String(64)),
    Column("body", Text),
    Column("choices", JSON),
    Column("media", String(600)),
    Column("callback", String(400)),
    Column("status", String(16)),
    Column("wanted", String(16)),
    Column("error", String(8)),
    Column("at", DateTime),
    Column("created", Float),
    Column("next_at", Float),
    Column("tries", Integer, default=0),
    Index("ix_sent_next", "next_at"),
)
"""What was sent to phones. `at` is the demo's time, `created` and `next_at` (of the next receipt) the
machine's; `wanted` is the last status.
"""

written = Table(
    "written",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sid", String(34), unique=True),
    Column("sender", String(254), index=True),
    Column("to", String(64), index=True),
    Column("form", JSON),
    Column("at", DateTime),
    Column("created", Float),
    Column("next_at", Float, default=0),
    Column("delivered", Integer, default=0, index=True),
    Column("tries", Integer, default=0),
)
"""What was written on phones, as webhook parameters."""

content = Table(
    "content",
    metadata,
    Column("sid", String(34), primary_key=True),
    Column("language", String(8)),
    Column("types", JSON),
    Column("name", String(200)),
    Column("status", String(16)),
    Column("category", String(24)),
    Column("variables", JSON),
)

customer = Table(
    "customer",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("document", String(20), index=True),
    Column("body", JSON),
    Column("at", UtcDateTime),
)

account = Table(
    "account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("customer", String(36), index=True),
    Column("clabe", String(18), index=True),
    Column("bank", String(40)),
    Column("reference", String(160)),
    Column("at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("next_outcome", String(16)),
)
"""Belvo's payment methods. The bank receives it at `sent_at` and has decided at `decided_at`: both are set
once a consent is complete. `next_outcome` is what the page chose for the next charge.
"""

consent = Table(
    "consent",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(36), index=True),
    Column("files", JSON),
    Column("at", UtcDateTime),
    Column("complete_at", UtcDateTime),
)

debit = Table(
    "debit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(36), unique=True),
    Column("account", String(36), index=True),
    Column("clabe", String(18), index=True),
    Column("key", String(160), index=True),
    Column("body", String(64)),
    Column("reference", String(160), index=True),
    Column("centavos", Integer),
    Column("at", UtcDateTime, index=True),
    Column("processing_at", UtcDateTime),
    Column("result_at", UtcDateTime),
    Column("settles_at", UtcDateTime),
    Column("reversed_at", UtcDateTime),
    Column("canceled_at", UtcDateTime),
    Column("code", String(16), default=""),
)
"""Belvo's payment requests; `body` is the hash of what asked for it, `code` the bank's reason for returning
it. Its status is a matter of the time.
"""

hook = Table(
    "hook",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("kind", String(16)),
    Column("resource", String(36), index=True),
    Column("status", String(40)),
    Column("due_at", UtcDateTime),
    Column("done", Integer, default=0),
    Column("tries", Integer, default=0),
    Column("next_at", Float, default=0),
    Index("ix_hook_due", "done", "due_at"),
)
"""Belvo's webhooks, due in the demo's time; `next_at` is the machine's time of the next try."""

trouble = Table(
    "trouble",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("call", String(80)),
    Column("kind", String(16)),
    Column("taken", Integer),
    Column("times", Integer),
)
"""What the next calls of Belvo's get instead of their answer; `taken` says whether they take effect all
the same.
"""

rule = Table("rule", metadata, Column("name", String(24), primary_key=True), Column("value", Integer))
"""How the stand-in Belvo behaves towards this lender."""

lease = Table(
    "lease",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("holder", String(64)),
    Column("until", Float),
)
"""Which process delivers; the machine's time until which it does."""


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    engine = make_engine(url)
    with write_tx(engine) as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
            metadata.drop_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))
    return engine


def simulator_engine(settings: Settings) -> Engine:
    """Next to the demo's own file, or under `var/` when that is PostgreSQL."""
    base = settings.database_url
    url = (
        base.rsplit("/", 1)[0] + "/simulator.db"
        if base.startswith("sqlite")
        else f"sqlite:///{FOLDER}/simulator.db"
    )
    return _engine(url)
