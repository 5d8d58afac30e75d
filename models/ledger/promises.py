"""Promises are judged by the day on which money was paid, whenever it was reported; and judged again when a
late report or a reversal changes the picture.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from models.base import AnyRow, words
from models.ledger.append import append_many
from models.ledger.by_tape import CountedByTape, read_by_tape
from models.ledger.entry import NewEntry
from models.ledger.standing import Standing, read_standing
from models.promise import promise_table
from models.transitions import begin, move
from models.upsert import add
from values import CITY, city_day

BATCH = 500
ACTOR = "system:promises"
_JUDGED = ("open", "kept", "partial", "broken")

_INSERT = insert(promise_table)
_TAKE_REST = update(promise_table).where(promise_table.c.id == bindparam("kept")).values(rest=None)
"""Promised once, however often the first is judged again."""

_PROMISES = (
    select(promise_table)
    .where(
        promise_table.c.loan_id.in_(bindparam("loans", expanding=True)),
        promise_table.c.status.in_(words(*_JUDGED)),
    )
    .order_by(promise_table.c.loan_id, promise_table.c.made_at, promise_table.c.id)
)

Outcome = Literal["open", "kept", "partial", "broken"]


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """What became of one; the caller notifies its borrower."""

    loan_id: int
    outcome: Outcome
    key: str
    data: Mapping[str, Any]
    was: Outcome
    """`open` where it is judged for the first time."""


def judge_promises(
    connection: Connection, loans: Collection[int], at: datetime, today: date
) -> tuple[JudgedPromise, ...]:
    """Judges every promise of these loans that was not cancelled; those whose outcome changed."""
    rows = connection.execute(_PROMISES, {"loans": sorted(loans)}).all()
    return _judge(connection, rows, at, today)


def expire_promises(connection: Connection, today: date, at: datetime) -> tuple[JudgedPromise, ...]:
    """Judges the loans of a batch of promises whose grace is over."""
    query = (
        select(promise_table.c.loan_id)
        .where(promise_table.c.status == "open", promise_table.c.expires_on < today)
        .order_by(promise_table.c.expires_on)
        .limit(BATCH)
    )
    loans = connection.scalars(query).all()
    return judge_promises(connection, loans, at, today) if loans else ()


def _judge(
    connection: Connection, rows: Sequence[AnyRow], at: datetime, today: date
) -> tuple[JudgedPromise, ...]:
    if not rows:
        return ()
    loans = {row.loan_id for row in rows}
    standing, by_tape = read_standing(connection, loans), read_by_tape(connection, loans)
    judged: list[JudgedPromise] = []
    entries: dict[int, list[NewEntry]] = defaultdict(list)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        after = following.made_at if following is not None and following.loan_id == row.loan_id else None
        paid = _paid(row, standing.get(row.loan_id, ()), by_tape.get(row.loan_id, ()), after)
        outcome = _outcome(row, paid, today, superseded=after is not None)
        if outcome == row.status:
            continue
        data = {
            "promise": row.id,
            "promised": row.amount,
            "paid": paid,
            "due_date": row.due_date.isoformat(),
            **({} if row.status == "open" else {"was": row.status}),
        }
        move(connection, "promise", row.id, outcome, at=at, actor=ACTOR, data=data)
        judged.append(JudgedPromise(row.loan_id, outcome, f"promise:{row.id}:{outcome}", data, row.status))
        kind = "promise.reopened" if outcome == "open" else f"promise.{outcome}"
        entries[row.loan_id].append(NewEntry(kind, data, ACTOR))
        if outcome == "kept" and after is None and (second := _open_rest(connection, row, paid, at, today)):
            entries[row.loan_id].append(second)
    if entries:
        append_many(connection, entries, at)
    return tuple(judged)


def _open_rest(connection: Connection, kept: AnyRow, paid: int, at: datetime, today: date) -> NewEntry | None:
    """The next payment of a promise that was kept is promised from the next day on: what is paid on the day
    of the first counts for the first. What was paid beyond the first is no longer due.
    """
    first, *later = _left(kept.rest or (), paid - kept.amount, today) or (None,)
    if first is None:
        return None
    tomorrow = datetime.combine(city_day(at) + timedelta(days=1), time(), CITY).astimezone(UTC)
    promise = {
        "loan_id": kept.loan_id,
        "message_id": kept.message_id,
        "amount": first["amount"],
        "due_date": date.fromisoformat(first["date"]),
        "expires_on": date.fromisoformat(first["expires_on"]),
        "status": "open",
        "made_at": tomorrow,
        "rest": later or None,
    }
    promise_id = add(connection, _INSERT, promise)
    connection.execute(_TAKE_REST, {"kept": kept.id})
    data = {
        "promise": promise_id,
        "amount": first["amount"],
        "due_date": first["date"],
        "expires_on": first["expires_on"],
        "message": kept.message_id,
        "after": kept.id,
        **({"rest": [[part["date"], part["amount"]] for part in later]} if later else {}),
    }
    begin(connection, "promise", promise_id, "open", at=at, actor=ACTOR, data=data)
    return NewEntry("promise.made", data, ACTOR)


def _left(rest: Sequence[dict[str, Any]], beyond: int, today: date) -> list[dict[str, Any]]:
    """The payments that are still to come, less what was paid beyond those before them."""
    left = []
    for part in rest:
        amount = part["amount"] - beyond
        beyond = max(0, -amount)
        if amount > 0 and date.fromisoformat(part["date"]) > today:
            left.append({**part, "amount": amount})
    return left


def paid_since_made(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, int]:
    """By the id of each promise: centavos that count for it. `rows` names a loan's newest promise only."""
    loans = {row.loan_id for row in rows}
    standing, by_tape = read_standing(connection, loans), read_by_tape(connection, loans)
    return {
        row.id: _paid(row, standing.get(row.loan_id, ()), by_tape.get(row.loan_id, ()), None) for row in rows
    }


def _counts(promise: AnyRow, money: Standing, next_made_at: datetime | None) -> bool:
    """Money paid since the promise was made, until its grace is over or the next one was made. A report that
    gives a day without a time counts for all of that day.
    """
    day, whole_day = city_day(money.paid_at), _is_a_day(money.paid_at)
    if day > promise.expires_on or not _since(promise.made_at, money.paid_at, day, whole_day=whole_day):
        return False
    return next_made_at is None or not _since(next_made_at, money.paid_at, day, whole_day=whole_day)


def _paid(
    promise: AnyRow,
    standing: Sequence[Standing],
    by_tape: Sequence[CountedByTape],
    next_made_at: datetime | None,
) -> int:
    """In centavos. What a tape counts as paid and what is reported of it since is one money; reported with a
    day that does not count, it was not paid in time.
    """
    money = [each for each in standing if _counts(promise, each, next_made_at)]
    tapes = [each for each in by_tape if each.may_count(promise, next_made_at)]
    days = [(each.since, each.as_of) for each in tapes]
    elsewhere = sum(
        each.amount
        for each in standing
        if each.tape_known
        and each not in money
        and any(since < city_day(each.paid_at) <= as_of for since, as_of in days)
    )
    counted = sum(each.paid for each in tapes) - elsewhere
    reported_since = sum(each.amount for each in money if each.tape_known)
    return sum(each.amount for each in money if not each.tape_known) + max(counted, reported_since, 0)


def _since(made_at: datetime, paid_at: datetime, day: date, *, whole_day: bool) -> bool:
    return day >= city_day(made_at) if whole_day else paid_at >= made_at


def _is_a_day(at: datetime) -> bool:
    """Midnight, in Mexico City or UTC: how a day is written where there is no time."""
    return time() in (at.astimezone(CITY).time(), at.time())


def _outcome(promise: AnyRow, paid: int, today: date, *, superseded: bool) -> Outcome:
    """A promise that a later one followed is not opened again: there is one open promise per loan."""
    if paid >= promise.amount:
        return "kept"
    if promise.expires_on >= today and not superseded:
        return "open"
    return "partial" if paid > 0 else "broken"
