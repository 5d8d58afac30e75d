"""Where the money of each bucket of days past due is at the period's end: from bucket, to bucket."""

from typing import Any

from sqlalchemy import Select, case, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import days_between, smaller
from bot.reports.standing import LEVELS, at_end, at_start, bucket
from models.base import word

PAID, WRITTEN_OFF = "paid", "written_off"


def facts(scope: Scope) -> Select[Any]:
    """A loan's balance at the close of the day before the period, in the bucket of its oldest unpaid
    instalment then; of each, its bucket at the close of the period, or `paid` where nothing is owed any more,
    or `written_off` where that is why.
    """
    periods = scope.periods
    start = at_start(periods)
    end = at_end(periods)
    last_day = smaller(periods.c.last_day, literal(scope.today))
    to_bucket = case(
        (end.c.since.is_not(None), bucket(days_between(end.c.since, last_day))),
        (end.c.written_off > start.c.written_off, word(WRITTEN_OFF)),
        else_=word(PAID),
    )
    return (
        select(
            periods.c.period,
            start.c.loan_id,
            bucket(days_between(start.c.since, periods.c.first_day) - 1).label("bucket"),
            to_bucket.label("to_bucket"),
            start.c.balance.label("numerator"),
            literal(1).label("loans"),
        )
        .join(start, start.c.period == periods.c.period)
        .join(end, (end.c.period == start.c.period) & (end.c.loan_id == start.c.loan_id))
        .where(start.c.balance > 0)
    )


KPI = Kpi(
    "roll_rates",
    facts,
    dimensions=("bucket", "to_bucket"),
    extras=("loans",),
    in_money=True,
    share_of=("bucket",),
    levels=(*LEVELS, PAID, WRITTEN_OFF),
)
