"""What is decided about a template, and what was decided before."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from models import template_decision_table, template_table


def decide(connection: Connection, chosen: ColumnElement[bool], at: datetime, **values: str | None) -> None:
    """`values` of the templates that are `chosen`, first seen `at`; what stood before is kept."""
    own = template_table.c
    since = func.coalesce(own.checked_at, own.created_at)
    before = select(own.id, own.status, own.category, since).where(chosen)
    kept = insert(template_decision_table).from_select(["template_id", "status", "category", "at"], before)
    connection.execute(kept)
    connection.execute(update(template_table).where(chosen).values(**values, checked_at=at))


def stop_template(connection: Connection, content_sid: str, code: str, at: datetime) -> None:
    """The provider refused a message that was sent by it; what has no name is content that is made anew."""
    own = template_table.c
    chosen = (own.content_sid == content_sid) & own.name.is_not(None) & (own.status != "stopped")
    decide(connection, chosen, at, status="stopped", rejection=f"refused when sent: {code}")
