"""What deliveries, reads and answers show: which address works, and at which hour somebody answers.

Learnt by a sweep from what is stored anyway, so that no turn and no receipt waits for it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import Services
from models import (
    borrower_table,
    contact_point_table,
    message_table,
    receipt_table,
    response_hour_table,
    setting_table,
    write_tx,
)
from models.contact_point import CHANNELS

CURSOR = "learned_contacts"
BATCH = 5_000
ENOUGH, AGREEING = 3, 2
"""Responses before an hour is taken for the best, and how many of them must lie in it."""
MOST = 20
"""Responses of a borrower from which on each hour keeps half before another is added: what is older weighs
ever less, and new habits are followed after about ten.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    conversation_id: int
    channel: str
    at: datetime
    answered: bool
    """Read or answered; else it arrived."""


def learn(services: Services) -> int:
    """The sweep: how many receipts and answers it learnt from. Each is learnt from once, whoever runs it."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        cursor = _cursor(connection, now)
        found, newest = _evidence(connection, cursor)
        if found:
            _mark_points(connection, found)
            _count_hours(connection, [each for each in found if each.answered], services.settings.timezone)
            done = update(setting_table).where(setting_table.c.name == CURSOR)
            connection.execute(done.values(value=newest, changed_at=now))
    return len(found)


def best_hour(responses: Mapping[int, int]) -> int | None:
    """The hour of the day with the most responses, the earliest of equals; null where too few are known."""
    most = max(responses.values(), default=0)
    if sum(responses.values()) < ENOUGH or most < AGREEING:
        return None
    return min(hour for hour, count in responses.items() if count == most)


def _cursor(connection: Connection, now: datetime) -> dict[str, int]:
    """How far the last look came, locked."""
    query = select(setting_table.c.value).where(setting_table.c.name == CURSOR).with_for_update()
    kept = connection.scalar(query)
    if kept is None:
        kept = {"receipt": 0, "message": 0}
        connection.execute(insert(setting_table).values(name=CURSOR, value=kept, changed_at=now))
    return dict(kept)


def _evidence(connection: Connection, cursor: Mapping[str, int]) -> tuple[list[Evidence], dict[str, int]]:
    receipts = connection.execute(_receipts(cursor["receipt"])).all()
    answers = connection.execute(_answers(cursor["message"])).all()
    found = [
        Evidence(row.conversation_id, row.channel, row.at, row.status == "read")
        for row in receipts
        if row.status in ("delivered", "read")
    ]
    found += [Evidence(row.conversation_id, row.channel, row.at, answered=True) for row in answers]
    newest = {
        "receipt": receipts[-1].id if receipts else cursor["receipt"],
        "message": answers[-1].id if answers else cursor["message"],
    }
    return found, newest


def _receipts(after: int) -> Select[Any]:
    columns = (receipt_table.c.id, receipt_table.c.status, receipt_table.c.at)
    return (
        select(*columns, message_table.c.conversation_id, message_table.c.channel)
        .join(message_table, message_table.c.id == receipt_table.c.message_id)
        .where(receipt_table.c.id > after)
        .order_by(receipt_table.c.id)
        .limit(BATCH)
    )


def _answers(after: int) -> Select[Any]:
    at = message_table.c.created_at.label("at")
    return (
        select(message_table.c.id, message_table.c.conversation_id, message_table.c.channel, at)
        .where(message_table.c.id > after, message_table.c.direction == "in")
        .order_by(message_table.c.id)
        .limit(BATCH)
    )


def _mark_points(connection: Connection, found: Iterable[Evidence]) -> None:
    delivered: dict[tuple[int, str], datetime] = {}
    worked: dict[tuple[int, str], datetime] = {}
    for each in found:
        if each.channel not in CHANNELS:
            continue  # the borrower's own page is no address
        last = worked if each.answered else delivered
        where = (each.conversation_id, each.channel)
        last[where] = max(each.at, last.get(where, each.at))
    for column, last in (("delivered_at", delivered), ("worked_at", worked)):
        here = (contact_point_table.c.conversation_id == bindparam("conversation")) & (
            contact_point_table.c.channel == bindparam("by")
        )
        if rows := [
            {"conversation": conversation, "by": channel, "last": at}
            for (conversation, channel), at in sorted(last.items())
        ]:
            moved = update(contact_point_table).where(here).values({column: bindparam("last")})
            connection.execute(moved, rows)


def _count_hours(connection: Connection, answers: Iterable[Evidence], fallback: str) -> None:
    """Several words within one hour are one response."""
    at = defaultdict(set)
    for each in answers:
        at[each.conversation_id].add(each.at)
    people = (
        select(contact_point_table.c.conversation_id, borrower_table.c.id, borrower_table.c.zone)
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .where(contact_point_table.c.conversation_id.in_(list(at)))
        .distinct()
    )
    seen = {
        (row.id, moment.astimezone(ZoneInfo(row.zone or fallback)).strftime("%Y-%m-%dT%H"))
        for row in (connection.execute(people) if at else ())
        for moment in at[row.conversation_id]
    }
    counts = Counter((person, int(hour[-2:])) for person, hour in seen)
    if not counts:
        return
    _age(connection, {person for person, _ in counts})
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    add = dialect.insert(response_hour_table)
    total = response_hour_table.c.responses + add.excluded.responses
    rows = [
        {"borrower_id": person, "hour": hour, "responses": count}
        for (person, hour), count in sorted(counts.items())
    ]
    connection.execute(
        add.on_conflict_do_update(index_elements=["borrower_id", "hour"], set_={"responses": total}), rows
    )
    _choose_hours(connection, {person for person, _ in counts})


def _age(connection: Connection, people: set[int]) -> None:
    row = response_hour_table.c
    many = select(row.borrower_id).where(row.borrower_id.in_(people)).group_by(row.borrower_id)
    old = row.borrower_id.in_(many.having(func.sum(row.responses) >= MOST))
    connection.execute(update(response_hour_table).where(old).values(responses=row.responses // 2))


def _choose_hours(connection: Connection, people: set[int]) -> None:
    by_person: dict[int, dict[int, int]] = defaultdict(dict)
    query = select(response_hour_table).where(response_hour_table.c.borrower_id.in_(people))
    for row in connection.execute(query):
        by_person[row.borrower_id][row.hour] = row.responses
    chosen = update(borrower_table).where(borrower_table.c.id == bindparam("person"))
    rows = [{"person": person, "hour": best_hour(hours)} for person, hours in sorted(by_person.items())]
    connection.execute(chosen.values(best_hour=bindparam("hour")), rows)
