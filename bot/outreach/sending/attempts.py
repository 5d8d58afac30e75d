"""The calls to the provider, as rows: begun when a message is claimed, settled by what came of the call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, and_, bindparam, insert, literal_column, select, update

from bot.channels import Sent
from models import delivery_attempt_table, message_table
from models.base import AnyRow
from models.message import OPEN_ATTEMPT, WITH_STANDING

_OPEN = cast("ColumnElement[bool]", literal_column(f"delivery_attempt.{OPEN_ATTEMPT}"))
_SENDING = and_(_OPEN, delivery_attempt_table.c.outcome == "sending")
_LEFT_BEHIND = and_(_SENDING, delivery_attempt_table.c.claimed_at < bindparam("dead"))
ANY_LEFT_BEHIND = select(delivery_attempt_table.c.id).where(_LEFT_BEHIND).limit(1)
UNKNOWN = and_(_OPEN, delivery_attempt_table.c.outcome == "unknown")
MESSAGES = select(
    message_table,
    delivery_attempt_table.c.id.label("attempt_id"),
    delivery_attempt_table.c.outcome,
    delivery_attempt_table.c.template,
    delivery_attempt_table.c.claimed_at,
    delivery_attempt_table.c.provider_sid.label("sid"),
    delivery_attempt_table.c.account_sid.label("sid_account"),
).select_from(WITH_STANDING)
"""Messages with the attempt that is open or taken, if any: `sid` is null until the provider has it."""
_STANDING = (
    select(
        message_table.c.id,
        message_table.c.status,
        message_table.c.sent_at,
        delivery_attempt_table.c.id.label("attempt_id"),
        delivery_attempt_table.c.outcome,
    )
    .select_from(WITH_STANDING)
    .where(message_table.c.id.in_(bindparam("messages", expanding=True)))
    .order_by(message_table.c.id)
    .with_for_update(of=message_table)
)
_TAKEN = (
    update(delivery_attempt_table)
    .where(
        delivery_attempt_table.c.id == bindparam("attempt"), delivery_attempt_table.c.provider_sid.is_(None)
    )
    .values(
        outcome="taken",
        error_code=None,
        settled_at=bindparam("now"),
        provider_sid=bindparam("sid"),
        account_sid=bindparam("account"),
    )
)


def standing(connection: Connection, messages: Sequence[int]) -> dict[int, AnyRow]:
    """`status` and `sent_at` of each of these messages with the `attempt_id` and `outcome` of its standing
    attempt, locked in the order of their ids.
    """
    return {row.id: row for row in connection.execute(_STANDING, {"messages": list(messages)})}


def reload(connection: Connection, message_id: int) -> AnyRow:
    """The message as it stands now, locked, with its standing attempt."""
    mine = MESSAGES.where(message_table.c.id == message_id)
    return connection.execute(mine.with_for_update(of=message_table)).one()


def begin(connection: Connection, tries: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """One attempt under way for each `{message_id, address, template, claimed_at, claimed_by, started_at}`;
    their ids by message.
    """
    rows = [{**row, "outcome": "sending"} for row in tries]
    added = insert(delivery_attempt_table).returning(
        delivery_attempt_table.c.message_id, delivery_attempt_table.c.id
    )
    return dict(connection.execute(added, rows).all())


def settle(
    connection: Connection, attempt_id: int, outcome: str, now: datetime | None, code: str | None = None
) -> None:
    """`now` is null for what is not known yet."""
    connection.execute(
        update(delivery_attempt_table)
        .where(delivery_attempt_table.c.id == attempt_id)
        .values(outcome=outcome, error_code=code, settled_at=now)
    )


def taken(connection: Connection, calls: Sequence[tuple[int, Sent]], now: datetime) -> None:
    """The provider has these, by attempt, unless a receipt gave one its SID before."""
    if calls:
        rows = [
            {"attempt": attempt, "sid": sent.provider_sid, "account": sent.account_sid, "now": now}
            for attempt, sent in calls
        ]
        connection.execute(_TAKEN, rows)


def abandon(connection: Connection, dead: datetime) -> list[int]:
    """Claims older than `dead` are taken from their process; the messages that they were made for, locked
    first, as every writer locks them.
    """
    theirs = select(message_table.c.id).where(
        message_table.c.id.in_(select(delivery_attempt_table.c.message_id).where(_LEFT_BEHIND))
    )
    messages = list(connection.scalars(theirs.with_for_update(skip_locked=True), {"dead": dead}))
    old = _LEFT_BEHIND & delivery_attempt_table.c.message_id.in_(messages)
    unknown = update(delivery_attempt_table).where(old).values(outcome="unknown", error_code="claim")
    done = unknown.returning(delivery_attempt_table.c.message_id)
    return list(connection.scalars(done, {"dead": dead})) if messages else []


def newest(connection: Connection, message_id: int) -> int | None:
    """The standing attempt, else the last of those that are settled."""
    mine = delivery_attempt_table.c.message_id == message_id
    query = select(delivery_attempt_table.c.id).where(mine).order_by(delivery_attempt_table.c.id.desc())
    return connection.scalar(query.limit(1))


def take_from_guess(connection: Connection, message_id: int, sent: Sent) -> None:
    """The SID is `message_id`'s: whatever other message a search by text gave it to is unknown again."""
    guessed = select(delivery_attempt_table.c.id, delivery_attempt_table.c.message_id).where(
        delivery_attempt_table.c.provider_sid == sent.provider_sid,
        delivery_attempt_table.c.account_sid == sent.account_sid,
        delivery_attempt_table.c.message_id != message_id,
    )
    if (found := connection.execute(guessed).first()) is not None:
        here, there = message_table.c.id == found.message_id, delivery_attempt_table.c.id == found.id
        connection.execute(update(message_table).where(here).values(status="unknown", reason=None))
        open_again = {"outcome": "unknown", "provider_sid": None, "account_sid": None, "settled_at": None}
        connection.execute(update(delivery_attempt_table).where(there).values(**open_again))


def owned(connection: Connection, sids: Sequence[str]) -> set[str]:
    """Those of the SIDs that an attempt has."""
    if not sids:
        return set()
    query = select(delivery_attempt_table.c.provider_sid)
    found = connection.scalars(query.where(delivery_attempt_table.c.provider_sid.in_(sids)))
    return {sid for sid in found if sid is not None}


def still_mine(connection: Connection, attempt_id: int, at: datetime) -> bool:
    """Confirms a claim that nobody took up meanwhile, at `at` of machine time."""
    mine = (delivery_attempt_table.c.id == attempt_id) & (delivery_attempt_table.c.outcome == "sending")
    return connection.execute(update(delivery_attempt_table).where(mine).values(claimed_at=at)).rowcount == 1
