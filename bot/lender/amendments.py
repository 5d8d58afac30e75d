"""What a second person put in force in place of sections of the lender's file."""

from sqlalchemy import Connection, func, select

from models import revision_table
from models.base import word, words

SECTIONS = ("policy", "topics", "wording")


def read_amendments(connection: Connection) -> dict[str, str]:
    """By section: the text that stands for it."""
    newest = (
        select(revision_table.c.kind, func.max(revision_table.c.version).label("version"))
        .where(revision_table.c.kind.in_(words(*SECTIONS)), revision_table.c.status == word("approved"))
        .group_by(revision_table.c.kind)
        .subquery()
    )
    rows = connection.execute(
        select(revision_table.c.kind, revision_table.c.body).join(
            newest,
            (newest.c.kind == revision_table.c.kind) & (newest.c.version == revision_table.c.version),
        )
    )
    return {row.kind: row.body for row in rows}
