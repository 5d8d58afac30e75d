"""The day of a large portfolio, kept by a sweep: a page that waits for all its payments to be added up is
slow, and a minute is soon enough.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.reports.kept import is_large
from bot.reports.today import Spans, Today, today
from bot.services import Services
from models import daily_fact_table, read_tx, write_tx
from models.upsert import insert_new
from values import city_day

NAME, DAYS = "today", 0
HOLDS = timedelta(minutes=1)
"""What is older is not shown: the page counts by itself."""
COUNTS = ("recovered", "promises", "messages", "replied", "held_back", "events", "charges")


def keep_today(services: Services) -> int:
    """How many days: none of a small portfolio."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        if not is_large(connection):
            return 0
        found = _packed(today(connection, now))
    row, kept = daily_fact_table.c, {"rows": [found], "basis": "", "kept_at": now}
    key = {"kpi": NAME, "day": city_day(now), "days": DAYS}
    with write_tx(services.engine) as connection:
        connection.execute(delete(daily_fact_table).where(row.kpi == NAME, row.day < key["day"]))
        renewed = update(daily_fact_table).where(row.kpi == NAME, row.day == key["day"]).values(kept)
        if not connection.execute(renewed).rowcount:
            connection.execute(insert_new(connection, daily_fact_table, tuple(key)), key | kept)
    return 1


def kept_today(connection: Connection, now: datetime) -> Today | None:
    """Null where none is kept, or none of this minute."""
    row = daily_fact_table.c
    kept = connection.execute(
        select(row.rows, row.kept_at).where(
            row.kpi == NAME, row.day == city_day(now), row.days == DAYS, row.kept_at > now - HOLDS
        )
    ).first()
    return _unpacked(kept.rows[0], kept.kept_at) if kept else None


def _packed(found: Today) -> dict[str, Any]:
    since = found.waiting["longest_since"]
    waiting = dict(found.waiting) | {"longest_since": since and since.isoformat()}
    return {name: getattr(found, name) for name in COUNTS} | {"waiting": waiting}


def _unpacked(packed: dict[str, Any], at: datetime) -> Today:
    since = packed["waiting"]["longest_since"]
    waiting = packed["waiting"] | {"longest_since": since and datetime.fromisoformat(since)}
    return Today(Spans.at(at), counted_at=at, **packed | {"waiting": waiting})
