"""A year's records, made by the database itself (`fill.sql`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, text, update

from bot.wording import encode
from models import agent_table, delivery_attempt_table, message_table
from models.base import Base
from models.copying import continue_counting
from tests.outbox import REPLY

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
AGENTS, WAITING = 20, 1_000
GIVEN = [a + b for a in ("Ana", "Elsa", "Juli", "Mari", "Rosa") for b in ("", "lia", "na", "bel", "mira")]
SURNAMES = [
    a + b
    for a in ("Agui", "Cas", "Gar", "Her", "Lo", "Mar", "Ro", "Var")
    for b in ("lar", "tro", "cia", "nandez", "pez")
]
WORDS = {"given": GIVEN, "surname": SURNAMES}
_NUMBERS = """CREATE TEMPORARY TABLE number AS WITH RECURSIVE counted(n) AS (SELECT CAST(1 AS BIGINT)
    UNION ALL SELECT n + 1 FROM counted WHERE n < :messages) SELECT n FROM counted"""
_INDEXED = (message_table, delivery_attempt_table)


@dataclass(frozen=True, slots=True)
class Size:
    conversations: int
    messages: int
    loans: int


def fill(engine: Engine, size: Size) -> None:
    """In one transaction; the indexes of the large tables are made once their rows are there."""
    statements = (Path(__file__).with_name("fill.sql")).read_text().split(";")[:-1]
    apart = max(10, size.conversations // WAITING)
    given = asdict(size) | {"apart": apart, "now": int(NOW.timestamp())}
    with engine.connect() as connection, connection.begin():
        agents = [{"email": f"a{n}@b.mx", "name": f"A{n}", "role": "agent"} for n in range(1, AGENTS)]
        connection.execute(
            insert(agent_table), [each | {"password_hash": "", "created_at": NOW} for each in agents]
        )
        with _unhindered(connection):
            for statement in (_NUMBERS, *statements):
                connection.execute(text(statement), _named(statement, given))
        queued = update(message_table).where(message_table.c.status == "queued")
        connection.execute(queued.values(wording=encode(REPLY)))
        for table in Base.metadata.tables.values():
            continue_counting(connection, table)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _named(statement: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if f":{name}" in statement}


@contextmanager
def _unhindered(connection: Connection) -> Iterator[None]:
    """Without triggers, checks of what is referred to, and indexes: those come afterwards, at once."""
    for name, words in WORDS.items():
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} (i INTEGER, word VARCHAR(20))"))
        rows = [{"i": i, "word": word} for i, word in enumerate(words)]
        connection.execute(text(f"INSERT INTO {name} VALUES (:i, :word)"), rows)
    if connection.dialect.name == "postgresql":
        for setting in ("session_replication_role = replica", "maintenance_work_mem = '1GB'"):
            connection.execute(text(f"SET {setting}"))
    else:
        driver: Any = connection.connection.driver_connection
        driver.create_function("to_timestamp", 1, _as_sqlite_keeps)
    indexes = [index for table in _INDEXED for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("RESET session_replication_role"))


def _as_sqlite_keeps(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
