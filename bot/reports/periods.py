"""The periods that a report counts in: one for the whole range, or its days, weeks or months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import CTE, Date, Integer, String, column, values

from models.base import UtcDateTime
from values import CITY

Grain = Literal["day", "week", "month"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month")
MOST_PERIODS = 400


class TooManyPeriods(Exception):
    def __init__(self, count: int) -> None:
        super().__init__(f"that is {count} periods, and {MOST_PERIODS} are the most: ask for fewer days")


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; both moments by Mexico City's clock, the second excluded."""

    first_day: date
    last_day: date

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first_day, time(), CITY)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.last_day + timedelta(days=1), time(), CITY)


def cut(first: date, last: date, grain: Grain | None) -> list[Period]:
    """The first and the last are cut to the range. Raises TooManyPeriods."""
    count = (last - first).days // {"day": 1, "week": 7, "month": 28}[grain] + 1 if grain else 1
    if count > MOST_PERIODS:
        raise TooManyPeriods(count)
    return list(_cut(first, last, grain))


def _cut(first: date, last: date, grain: Grain | None) -> Iterator[Period]:
    while first <= last:
        end = min(_end(first, grain) or last, last)
        yield Period(first, end)
        first = end + timedelta(days=1)


def _end(day: date, grain: Grain | None) -> date | None:
    match grain:
        case "day":
            return day
        case "week":
            return day + timedelta(days=6 - day.weekday())
        case "month":
            return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case None:
            return None


def as_table(periods: Sequence[Period]) -> CTE:
    """`number, period, first_day, last_day, starts_at, ends_at`; `period` is its first day as text."""
    columns = (
        column("number", Integer),
        column("period", String),
        column("first_day", Date),
        column("last_day", Date),
        column("starts_at", UtcDateTime),
        column("ends_at", UtcDateTime),
    )
    rows = [
        (number, each.first_day.isoformat(), each.first_day, each.last_day, each.starts_at, each.ends_at)
        for number, each in enumerate(periods)
    ]
    return values(*columns, name="periods").data(rows).cte("periods")
