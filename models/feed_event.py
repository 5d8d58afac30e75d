"""The lender's feed: every ledger entry and task of all loans in one order without gaps.

The database itself writes a row for each, by trigger, in the transaction of what happened. A position is
given afterwards, to what is committed: an id is taken before its transaction commits, and whoever read past
it would miss it.
"""

from sqlalchemy import BigInteger, Connection, Index, String, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key

TASK_EVENTS = ("task.opened", "task.done")


class FeedEvent(Base):
    """No foreign keys: the triggers write what is there, and a check of each would cost as much as it."""

    __tablename__ = "feed_event"

    id: Mapped[Key]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    """`entry`, or one of TASK_EVENTS."""
    subject_id: Mapped[int] = mapped_column(BigInt)
    """Of the ledger entry or of the task."""
    loan_id: Mapped[int | None] = mapped_column(BigInt)

    __table_args__ = (
        Index(
            "ix_feed_event_unnumbered",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
    )


feed_event_table = FeedEvent.__table__

_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS ledger_entry_feed AFTER INSERT ON ledger_entry BEGIN
    INSERT INTO feed_event (kind, subject_id, loan_id) VALUES ('entry', NEW.id, NEW.loan_id); END""",
    """CREATE TRIGGER IF NOT EXISTS task_opened_feed AFTER INSERT ON task WHEN NEW.kind <> 'note' BEGIN
    INSERT INTO feed_event (kind, subject_id, loan_id) VALUES ('task.opened', NEW.id, NEW.loan_id); END""",
    """CREATE TRIGGER IF NOT EXISTS task_done_feed AFTER UPDATE OF done_at ON task
    WHEN NEW.kind <> 'note' AND OLD.done_at IS NULL AND NEW.done_at IS NOT NULL BEGIN
    INSERT INTO feed_event (kind, subject_id, loan_id) VALUES ('task.done', NEW.id, NEW.loan_id); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION feed_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO feed_event (kind, subject_id, loan_id) SELECT 'entry', id, loan_id FROM added ORDER BY id;
    RETURN NULL; END $$""",
    """CREATE OR REPLACE FUNCTION feed_task() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO feed_event (kind, subject_id, loan_id) VALUES (TG_ARGV[0], NEW.id, NEW.loan_id);
    RETURN NULL; END $$""",
    """CREATE OR REPLACE TRIGGER ledger_entry_feed AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION feed_entries()""",
    """CREATE OR REPLACE TRIGGER task_opened_feed AFTER INSERT ON task FOR EACH ROW
    WHEN (NEW.kind <> 'note') EXECUTE FUNCTION feed_task('task.opened')""",
    """CREATE OR REPLACE TRIGGER task_done_feed AFTER UPDATE OF done_at ON task FOR EACH ROW
    WHEN (NEW.kind <> 'note' AND OLD.done_at IS NULL AND NEW.done_at IS NOT NULL)
    EXECUTE FUNCTION feed_task('task.done')""",
)


def install(connection: Connection) -> None:
    """Where the tables are here; where the triggers are, nothing changes."""
    if not inspect(connection).has_table(FeedEvent.__tablename__):
        return
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    for name, table in (
        ("ledger_entry_feed", "ledger_entry"),
        ("task_opened_feed", "task"),
        ("task_done_feed", "task"),
    ):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
    if connection.dialect.name == "postgresql":
        for function in ("feed_entries", "feed_task"):
            connection.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))
