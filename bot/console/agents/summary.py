"""A conversation in a few lines, for whoever takes it: counted from what was understood, nothing guessed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from models import message_table
from models.base import AnyRow

READ, WITHIN = 100, timedelta(days=30)
MOST_WISHES = 4
NO_WISH = frozenset({"greet", "thank", "affirm", "deny", "other"})


@dataclass(frozen=True, slots=True)
class Summary:
    count: int
    """Of the borrower's messages within the last 30 days, 100 at most."""
    since: datetime
    wishes: Sequence[tuple[str, int]]
    """`(meaning, how often)`, the latest first; only what was read for certain."""
    doubtful: int
    """How many of them were not."""


def summary(connection: Connection, conversation_id: int, now: datetime) -> Summary | None:
    """Null where nothing was written."""
    row = message_table.c
    rows = connection.execute(
        select(row.understood, row.created_at)
        .where(row.conversation_id == conversation_id, row.direction == "in", row.created_at > now - WITHIN)
        .order_by(row.id.desc())
        .limit(READ)
    ).all()
    if not rows:
        return None
    meant = [label for each in rows if (label := _meaning(each)) is not None]
    counted = Counter(meant)
    wishes = [(label, counted[label]) for label in dict.fromkeys(meant) if label not in NO_WISH]
    doubtful = sum(not (each.understood or {}).get("certain", True) for each in rows)
    return Summary(len(rows), rows[-1].created_at, wishes[:MOST_WISHES], doubtful)


def _meaning(row: AnyRow) -> str | None:
    """As an agent corrected it, or as it was read for certain."""
    read = row.understood or {}
    meaning: str | None = read.get("corrected") or (read.get("intent") if read.get("certain") else None)
    return meaning
