"""How migrations run: in one transaction, with short waits for locks on PostgreSQL.

On SQLite a changed table is made again under its name. Its references are checked afterwards instead of
meanwhile, and the triggers that went with it are made again.
"""

from alembic import context
from sqlalchemy import Connection, Engine, text

from models import Base, append_only, desk, feed_event, write_tx

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('acuerdo.migrate'))"
"""Two that start at once, such as two machines of one deployment: the second finds its work done."""


class BrokenReferences(Exception):
    """A migration left rows that point at nothing; it was rolled back."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(f"the migration broke references of {', '.join(tables)}: nothing was changed")


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _references(connection, "OFF")
        try:
            with write_tx(engine, connection):
                _migrate(connection)
                append_only.install(connection)
                feed_event.install(connection)
                desk.install(connection)
                if sqlite:
                    _check_references(connection)
        finally:
            if sqlite:
                _references(connection, "ON")


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(_ONE_AT_A_TIME))
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SET LOCAL statement_timeout = '15min'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def _references(connection: Connection, state: str) -> None:
    """SQLite takes this only outside a transaction."""
    connection.execute(text(f"PRAGMA foreign_keys={state}"))
    connection.commit()


def _check_references(connection: Connection) -> None:
    if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
        raise BrokenReferences(sorted({str(row[0]) for row in broken}))


run()
