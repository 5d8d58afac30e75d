"""The parts of plans that are paid by debit: each becomes a planned charge, as instalments do, by one
statement. It stands under the oldest instalment that the plan covers and that is not paid.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    bindparam,
    cast,
    literal,
    literal_column,
    not_,
    select,
    type_coerce,
)

from bot.debit.charging.due_list import (
    COLUMNS,
    NOW,
    charge_day,
    charge_key,
    insert_charges,
    may_be_charged,
    next_attempt,
)
from bot.debit.charging.snapshot import PART_UNPAID
from bot.reach import open_tasks_of
from models import (
    bank_account_table,
    charge_table,
    instalment_table,
    loan_table,
    mandate_table,
    plan_instalment_table,
    plan_table,
)
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE
from models.instalment import COMPONENTS, UNPAID_SUM

_FIRST = instalment_table.alias("first_covered")
_FIRST_UNPAID: Any = sum((_FIRST.c[f"unpaid_{part}"] for part in COMPONENTS), literal(0))


def _due_parts() -> Select[Any]:
    """Open parts of plans in force that an active mandate pays, with no charge that is open or that came to
    nothing for their day.
    """
    oldest = (
        select(_FIRST.c.id)
        .where(
            _FIRST.c.loan_id == plan_table.c.loan_id,
            _FIRST.c.due_date <= plan_table.c.covers_until,
            _FIRST_UNPAID > 0,
        )
        .order_by(_FIRST.c.due_date, _FIRST.c.number)
        .limit(1)
        .correlate(plan_table)
        .scalar_subquery()
    )
    charges = select(charge_table.c.id).where(charge_table.c.plan_instalment_id == plan_instalment_table.c.id)
    came_to_nothing = (charge_table.c.planned_due_date == plan_instalment_table.c.due_date) & (
        charge_table.c.status.in_(("returned", "reversed")) | charge_table.c.return_code.is_not(None)
    )
    return (
        select(plan_instalment_table.c.id)
        .select_from(
            mandate_table.join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
            .join(plan_table, plan_table.c.loan_id == mandate_table.c.loan_id)
            .join(plan_instalment_table, plan_instalment_table.c.plan_id == plan_table.c.id)
            .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
            .join(instalment_table, instalment_table.c.id == oldest)
        )
        .where(
            may_be_charged(),
            plan_table.c.status == "active",
            plan_table.c.by_debit,
            plan_instalment_table.c.status == "open",
            plan_instalment_table.c.due_date <= bindparam("last"),
            PART_UNPAID > 0,
            UNPAID_SUM > 0,
            not_(charges.where(literal_column(OPEN_CHARGE) | came_to_nothing).exists()),
        )
        .order_by(plan_table.c.id, plan_instalment_table.c.due_date)
    )


def plan_parts(connection: Connection, given: Mapping[str, Any], today: date, soonest: date) -> int:
    """How many were planned. One that the mandate does not allow is shown to a person, once."""
    due = _due_parts()
    key = literal("charge_over_max:part:") + cast(plan_instalment_table.c.id, String)
    too_large = due.where(mandate_table.c.max_amount < PART_UNPAID).with_only_columns(
        mandate_table.c.loan_id, literal({}, Json), key, type_coerce(NOW, UtcDateTime)
    )
    open_tasks_of(connection, "charge_over_max", too_large, given)
    attempt = next_attempt()
    rows = due.where(mandate_table.c.max_amount >= PART_UNPAID).with_only_columns(
        mandate_table.c.id,
        mandate_table.c.loan_id,
        instalment_table.c.id,
        attempt,
        PART_UNPAID,
        literal("planned"),
        plan_instalment_table.c.due_date,
        charge_day(plan_instalment_table.c.due_date, today, soonest),
        charge_key(attempt),
        mandate_table.c.provider,
        type_coerce(NOW, UtcDateTime),
        plan_instalment_table.c.id,
    )
    inserting = insert_charges(connection, (*COLUMNS, "plan_instalment_id"), rows)
    return int(connection.execute(inserting, given).rowcount)
