"""What agents see of each other and of what changes: who looks at which conversation, what changed just now,
the views that each has saved.

The database itself reports a change, by trigger, in the transaction of what happened: PostgreSQL by NOTIFY,
SQLite by a row, as it has no NOTIFY. Only what a page may show at once is reported: a conversation that needs
a person, or that somebody looks at, and cases.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key

CHANNEL = "desk"
"""Of PostgreSQL's NOTIFY; its payload is `<conversation or nothing>:<1 where a queue changed>`."""
NO_CONVERSATION = 0


class DeskChange(Base):
    """SQLite only. No foreign key: a trigger writes what is there."""

    __tablename__ = "desk_change"

    id: Mapped[Key]
    conversation_id: Mapped[int | None] = mapped_column(BigInt)
    queue: Mapped[bool]
    """Whether a list of conversations or cases changed with it."""


class Presence(Base):
    """An agent's page that is open: at a conversation, or at another page (`NO_CONVERSATION`)."""

    __tablename__ = "presence"

    agent_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    typing: Mapped[bool]
    seen_at: Mapped[datetime]

    __table_args__ = (Index("ix_presence_conversation_id", "conversation_id"),)


class SavedView(Base):
    """A queue with its filters, by the name that its agent gave it."""

    __tablename__ = "saved_view"

    id: Mapped[Key]
    agent_id: Mapped[int] = mapped_column(BigInt, ForeignKey("agent.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]]
    """`queue`, `channel`, `urgency`, `reason`, as the address of the page names them."""


desk_change_table = DeskChange.__table__
presence_table = Presence.__table__
saved_view_table = SavedView.__table__

_TRIGGERS = (
    "desk_message_new ON message",
    "desk_message_status ON message",
    "desk_owner ON conversation",
    "desk_case_new ON task",
    "desk_case ON task",
    "desk_presence_new ON presence",
    "desk_presence ON presence",
    "desk_presence_gone ON presence",
    "desk_file ON message_file",
)
_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS desk_message_new AFTER INSERT ON message BEGIN
    INSERT INTO desk_change (conversation_id, queue)
    SELECT id, handler <> 'bot' FROM conversation WHERE id = NEW.conversation_id
    AND (handler <> 'bot' OR EXISTS (SELECT 1 FROM presence WHERE conversation_id = NEW.conversation_id));
    END""",
    """CREATE TRIGGER IF NOT EXISTS desk_message_status AFTER UPDATE OF status ON message
    WHEN OLD.status <> NEW.status BEGIN
    INSERT INTO desk_change (conversation_id, queue)
    SELECT id, handler <> 'bot' FROM conversation WHERE id = NEW.conversation_id
    AND (handler <> 'bot' OR EXISTS (SELECT 1 FROM presence WHERE conversation_id = NEW.conversation_id));
    END""",
    """CREATE TRIGGER IF NOT EXISTS desk_owner
    AFTER UPDATE OF handler, agent_id, urgency, snoozed_until ON conversation
    WHEN OLD.handler <> NEW.handler OR OLD.agent_id IS NOT NEW.agent_id OR OLD.urgency <> NEW.urgency
    OR OLD.snoozed_until IS NOT NEW.snoozed_until BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.id, 1); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_case_new AFTER INSERT ON task BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.conversation_id, 1); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_case AFTER UPDATE OF done_at, agent_id ON task
    WHEN OLD.done_at IS NOT NEW.done_at OR OLD.agent_id IS NOT NEW.agent_id BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.conversation_id, 1); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_presence_new AFTER INSERT ON presence
    WHEN NEW.conversation_id <> 0 BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.conversation_id, 0); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_presence AFTER UPDATE OF typing ON presence
    WHEN NEW.conversation_id <> 0 AND OLD.typing <> NEW.typing BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.conversation_id, 0); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_presence_gone AFTER DELETE ON presence
    WHEN OLD.conversation_id <> 0 BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (OLD.conversation_id, 0); END""",
    """CREATE TRIGGER IF NOT EXISTS desk_file AFTER UPDATE OF content_type ON message_file BEGIN
    INSERT INTO desk_change (conversation_id, queue) VALUES (NEW.conversation_id, 0); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION desk_message() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE needs boolean; BEGIN
    SELECT handler <> 'bot' INTO needs FROM conversation WHERE id = NEW.conversation_id;
    IF needs OR EXISTS (SELECT 1 FROM presence WHERE conversation_id = NEW.conversation_id) THEN
    PERFORM pg_notify('desk', NEW.conversation_id || ':' || needs::int); END IF;
    RETURN NULL; END $$""",
    """CREATE OR REPLACE FUNCTION desk_owner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('desk', NEW.id || ':1'); RETURN NULL; END $$""",
    """CREATE OR REPLACE FUNCTION desk_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('desk', coalesce(NEW.conversation_id::text, '') || ':1'); RETURN NULL; END $$""",
    """CREATE OR REPLACE FUNCTION desk_presence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('desk', coalesce(NEW.conversation_id, OLD.conversation_id) || ':0');
    RETURN NULL; END $$""",
    """CREATE OR REPLACE TRIGGER desk_message_new AFTER INSERT ON message FOR EACH ROW
    EXECUTE FUNCTION desk_message()""",
    """CREATE OR REPLACE TRIGGER desk_message_status AFTER UPDATE OF status ON message FOR EACH ROW
    WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION desk_message()""",
    """CREATE OR REPLACE TRIGGER desk_owner
    AFTER UPDATE OF handler, agent_id, urgency, snoozed_until ON conversation FOR EACH ROW
    WHEN (OLD.handler <> NEW.handler OR OLD.agent_id IS DISTINCT FROM NEW.agent_id
    OR OLD.urgency <> NEW.urgency OR OLD.snoozed_until IS DISTINCT FROM NEW.snoozed_until)
    EXECUTE FUNCTION desk_owner()""",
    """CREATE OR REPLACE TRIGGER desk_case_new AFTER INSERT ON task FOR EACH ROW
    EXECUTE FUNCTION desk_case()""",
    """CREATE OR REPLACE TRIGGER desk_case AFTER UPDATE OF done_at, agent_id ON task FOR EACH ROW
    WHEN (OLD.done_at IS DISTINCT FROM NEW.done_at OR OLD.agent_id IS DISTINCT FROM NEW.agent_id)
    EXECUTE FUNCTION desk_case()""",
    """CREATE OR REPLACE TRIGGER desk_presence_new AFTER INSERT ON presence FOR EACH ROW
    WHEN (NEW.conversation_id <> 0) EXECUTE FUNCTION desk_presence()""",
    """CREATE OR REPLACE TRIGGER desk_presence AFTER UPDATE OF typing ON presence FOR EACH ROW
    WHEN (NEW.conversation_id <> 0 AND OLD.typing <> NEW.typing) EXECUTE FUNCTION desk_presence()""",
    """CREATE OR REPLACE TRIGGER desk_presence_gone AFTER DELETE ON presence FOR EACH ROW
    WHEN (OLD.conversation_id <> 0) EXECUTE FUNCTION desk_presence()""",
    """CREATE OR REPLACE TRIGGER desk_file AFTER UPDATE OF content_type ON message_file FOR EACH ROW
    EXECUTE FUNCTION desk_presence()""",
)


def install(connection: Connection) -> None:
    """Where the newest of the tables is here; where the triggers are, nothing changes."""
    if not inspect(connection).has_table("message_file"):
        return
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    for trigger in _TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger if postgresql else trigger.split()[0]}"))
    if postgresql:
        for name in ("desk_message", "desk_owner", "desk_case", "desk_presence"):
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))
