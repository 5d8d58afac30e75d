"""Behind a number: the loans, or the conversations, that it was counted from."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, String, func, select

from bot.reports.kpi import Costs, Kpi, Scope
from bot.reports.periods import as_table, cut
from bot.reports.read import NO_COSTS, Range, Rows
from bot.reports.sql import counting, total
from models import borrower_table, conversation_table, loan_table


def read_subjects(
    connection: Connection,
    kpi: Kpi,
    asked: Range,
    today: date,
    only: Mapping[str, str],
    *,
    costs: Costs = NO_COSTS,
    after: int = 0,
    most: int = 20_000,
) -> Rows:
    """`id`, `name` (the loan's own id, or the conversation's address), `product` of a loan, `numerator` and
    what else is summed; by id, from beyond `after`. `only`: values of the KPI's dimensions, as a row of the
    report has them. Raises TooManyPeriods.
    """
    facts = kpi.facts(Scope(as_table(cut(asked.first, asked.last, kpi.grain)), today, costs)).subquery(
        "facts"
    )
    subject = facts.c.loan_id if kpi.by_loan else facts.c.conversation_id
    sums = ("numerator", *(() if kpi.share_of is not None else ("denominator",)), *kpi.extras)
    counted = (
        select(subject.label("id"), *(total(facts.c[name]).label(name) for name in sums))
        .where(
            subject > after,
            *(facts.c[name].cast(String) == only[name] for name in kpi.dimensions if name in only),
        )
        .group_by(subject)
        .order_by(subject)
        .limit(most)
        .subquery("counted")
    )
    columns = [counted.c[name] for name in sums]
    if kpi.by_loan:
        named = select(
            counted.c.id, loan_table.c.external_id.label("name"), loan_table.c.product, *columns
        ).join(loan_table, loan_table.c.id == counted.c.id)
    else:
        who = func.coalesce(borrower_table.c.name, conversation_table.c.channel)
        named = (
            select(counted.c.id, who.label("name"), *columns)
            .join(conversation_table, conversation_table.c.id == counted.c.id)
            .outerjoin(borrower_table, borrower_table.c.id == conversation_table.c.borrower_id)
        )
    with counting(connection):
        return [dict(row) for row in connection.execute(named.order_by(counted.c.id)).mappings()]
