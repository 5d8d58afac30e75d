"""Promises kept, of those that came due. One that is kept before its day counts from when it is kept."""

from typing import Any

from sqlalchemy import Select, Subquery, case, func, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import city_date, count_of, smaller
from models import promise_table, transition_table
from models.base import word, words

JUDGED = ("kept", "partial", "broken")


def facts(scope: Scope) -> Select[Any]:
    periods, promises = scope.periods, judged()
    of = promises.c.status
    return select(
        periods.c.period,
        promises.c.loan_id,
        count_of(of == word("kept")).label("numerator"),
        count_of(of.in_(words(*JUDGED))).label("denominator"),
        count_of(of == word("partial")).label("partial"),
        count_of(of == word("broken")).label("broken"),
        promises.c.amount.label("promised_centavos"),
        case((of == word("kept"), promises.c.amount), else_=0).label("kept_centavos"),
    ).join(promises, promises.c.day.between(periods.c.first_day, periods.c.last_day))


def judged() -> Subquery:
    """`loan_id, status, amount, due_date` and the `day` from which each counts, never after it."""
    decided = (
        select(func.max(transition_table.c.at))
        .where(
            transition_table.c.subject == word("promise"),
            transition_table.c.subject_id == promise_table.c.id,
            transition_table.c.to_status == promise_table.c.status,
        )
        .scalar_subquery()
    )
    day = smaller(func.coalesce(city_date(decided), promise_table.c.due_date), promise_table.c.due_date)
    return (
        select(
            promise_table.c.loan_id,
            promise_table.c.status,
            promise_table.c.amount,
            promise_table.c.due_date,
            day.label("day"),
        )
        .where(promise_table.c.status.in_(words(*JUDGED)))
        .subquery("judged")
    )


KPI = Kpi("promises", facts, extras=("partial", "broken", "promised_centavos", "kept_centavos"))
