"""The log held against the ledger, whose entries are chained, and against what the provider took: what left
may not be taken out of the log, be called an answer, or be put at another hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, and_, cast, extract, func, or_, select, union_all

from bot.auditor.log import LEFT
from models import delivery_attempt_table, ledger_entry_table, message_table
from models.base import word

LOG_DIFFERS = "log-differs"
_LONGEST_WAIT = timedelta(days=31)
"""From when a message is written to when it leaves."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A message of which the ledger, or the provider, says that it had left by `at`."""

    message: int
    loan: int | None
    at: datetime
    detail: str


def read_differences(connection: Connection, since: datetime, until: datetime) -> Iterator[Difference]:
    """Of what is known to have left in `[since, until)`."""
    yield from _of_ledger(connection, since, until)
    yield from _of_attempts(connection, since, until)


def _of_attempts(connection: Connection, since: datetime, until: datetime) -> Iterator[Difference]:
    """What the provider took, and the log calls waiting or held back."""
    message, attempt = message_table.c, delivery_attempt_table.c
    taken = (
        select(attempt.started_at)
        .where(
            attempt.message_id == message.id,
            attempt.outcome == word("taken"),
            attempt.started_at >= since,
            attempt.started_at < until,
        )
        .scalar_subquery()
    )
    found = select(message.id, message.loan_id, message.status, taken.label("at"))
    written = and_(message.created_at >= since - _LONGEST_WAIT, message.created_at < until)
    query = union_all(
        found.where(message.status == word("queued"), taken.is_not(None)),
        found.where(message.status == word("suppressed"), written, taken.is_not(None)),
    )
    for row in sorted(connection.execute(query), key=lambda row: (row.at, row.id)):
        yield Difference(row.id, row.loan_id, row.at, f"it is {row.status}, and the provider took it")


def _of_ledger(connection: Connection, since: datetime, until: datetime) -> Iterator[Difference]:
    entry, message, data = ledger_entry_table.c, message_table.c, ledger_entry_table.c.data
    number = data["message"].as_integer()
    newest = select(func.max(delivery_attempt_table.c.started_at)).where(
        delivery_attempt_table.c.message_id == message.id
    )
    later = and_(message.sent_at > entry.at, message.sent_at.is_distinct_from(newest.scalar_subquery()))
    earlier = cast(extract("epoch", message.sent_at), BigInteger) < data["left_at"].as_integer()
    query = (
        select(entry.loan_id, entry.at, number.label("number"), message.id.is_(None).label("is_gone"))
        .select_from(ledger_entry_table.outerjoin(message_table, message.id == number))
        .where(
            entry.kind == word("contact.sent"),
            entry.at >= since,
            entry.at < until,
            or_(
                message.id.is_(None),
                message.status.not_in(LEFT),
                message.sent_at.is_(None),
                message.purpose.is_distinct_from(data["purpose"].as_string()),
                message.channel.is_distinct_from(data["channel"].as_string()),
                later,
                earlier,
            ),
        )
        .order_by(entry.at, entry.id)
    )
    for row in connection.execute(query):
        detail = "it is gone from the log" if row.is_gone else "the ledger has it otherwise"
        yield Difference(row.number, row.loan_id, row.at, detail)
