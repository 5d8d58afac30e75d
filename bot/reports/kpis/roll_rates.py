"""Where the money of each bucket of days past due is at the period's end: from bucket, to bucket."""

from typing import Any

from sqlalchemy import Select, case, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY
from bot.reports.sql import days_between, smaller
from bot.reports.standing import LEVELS, bucket, over_period
from models.base import word

PAID, WRITTEN_OFF = "paid", "written_off"


def facts(scope: Scope) -> Select[Any]:
    """A loan's balance at the close of the day before the period, in the bucket of its oldest unpaid
    instalment then; of each, its bucket at the close of the period, or `paid` where nothing is owed any more,
    or `written_off` where that is why.
    """
    periods = scope.periods
    over = over_period(periods)
    last_day = smaller(periods.c.last_day, literal(scope.today))
    to_bucket = case(
        (over.c.end_since.is_not(None), bucket(days_between(over.c.end_since, last_day))),
        (over.c.written_off > 0, word(WRITTEN_OFF)),
        else_=word(PAID),
    )
    return (
        select(
            periods.c.period,
            over.c.loan_id,
            bucket(days_between(over.c.since, periods.c.first_day) - 1).label("bucket"),
            to_bucket.label("to_bucket"),
            over.c.balance.label("numerator"),
            literal(1).label("loans"),
        )
        .join(over, over.c.period == periods.c.period)
        .where(over.c.balance > 0)
    )


KPI = Kpi(
    "roll_rates",
    facts,
    dimensions=("bucket", "to_bucket"),
    extras=("loans",),
    in_money=True,
    share_of=("bucket",),
    levels=(*LEVELS, PAID, WRITTEN_OFF),
    moved_by=MONEY,
)
