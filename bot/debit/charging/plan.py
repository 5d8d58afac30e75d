"""The due list: what falls due under an active mandate becomes a planned charge, by one set-based
statement.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    type_coerce,
)

from bot.compliance import load_rules
from bot.debit.charging.banking_days import first_possible, next_contact_day
from bot.debit.charging.due_list import (
    AHEAD,
    COLUMNS,
    NOW,
    charge_day,
    charge_key,
    insert_charges,
    may_be_charged,
    next_attempt,
)
from bot.debit.charging.guard import ATTEMPTS, COLLECTED
from bot.debit.charging.plan_parts import plan_parts
from bot.debit.charging.snapshot import UNPAID
from bot.reach import open_tasks_of
from bot.services import Services
from models import (
    bank_account_table,
    charge_table,
    instalment_table,
    loan_table,
    mandate_table,
    transition_table,
    write_tx,
)
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE
from models.plan import covered_by_plan
from values import city_day

ACTOR = "system:charging"


_COLLECTED = select(charge_table.c.id).where(
    charge_table.c.instalment_id == instalment_table.c.id,
    charge_table.c.plan_instalment_id.is_(None),
    charge_table.c.status.in_(COLLECTED),
)


def plan(services: Services) -> int:
    """Plans what falls due in the days ahead, and what is overdue; how many. Two at once plan nothing twice:
    one charge is open per instalment.
    """
    now = services.clock.now()
    today = city_day(now)
    rules = load_rules(services.lender.lender.contact_country)
    soonest = first_possible(next_contact_day(today - timedelta(days=1), rules))
    with write_tx(services.engine) as connection:
        given = {
            "now": now,
            "today": today,
            "last": today + AHEAD,
            "providers": services.providers.names,
        }
        _too_large(connection, given)
        _collected_before(connection, given)
        planned = connection.execute(_planned(connection, today, soonest), given).rowcount
        planned += plan_parts(connection, given, today, soonest)
        if planned:
            connection.execute(_begun(), {"now": now})
    return planned


def due() -> Select[Any]:
    """Unpaid instalments under an active mandate of the loan's own borrower that nothing stands against: no
    hold, no promise, no charge that is open or that came to nothing.
    """
    charges = select(charge_table.c.id).where(charge_table.c.instalment_id == instalment_table.c.id)
    came_to_nothing = (
        (charge_table.c.mandate_id == mandate_table.c.id)
        & charge_table.c.plan_instalment_id.is_(None)
        & (charge_table.c.status.in_(("returned", "reversed")) | charge_table.c.return_code.is_not(None))
    )
    attempts = (
        select(func.count())
        .select_from(charge_table)
        .where(
            charge_table.c.instalment_id == instalment_table.c.id,
            charge_table.c.plan_instalment_id.is_(None),
            charge_table.c.status != "cancelled",
        )
        .scalar_subquery()
    )
    return (
        select(instalment_table.c.id.label("instalment_id"))
        .select_from(
            mandate_table.join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
            .join(instalment_table, instalment_table.c.loan_id == mandate_table.c.loan_id)
            .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
        )
        .where(
            may_be_charged(),
            UNPAID > 0,
            instalment_table.c.due_date <= bindparam("last"),
            not_(covered_by_plan()),
            not_(charges.where(or_(literal_column(OPEN_CHARGE), came_to_nothing)).exists()),
            attempts < ATTEMPTS,
        )
        .order_by(instalment_table.c.loan_id, instalment_table.c.due_date, instalment_table.c.number)
    )


def _planned(connection: Connection, today: date, soonest: date) -> Any:
    attempt = next_attempt()
    rows = due().with_only_columns(
        mandate_table.c.id,
        mandate_table.c.loan_id,
        instalment_table.c.id,
        attempt,
        UNPAID,
        literal("planned"),
        instalment_table.c.due_date,
        charge_day(instalment_table.c.due_date, today, soonest),
        charge_key(attempt),
        mandate_table.c.provider,
        type_coerce(NOW, UtcDateTime),
    )
    chargeable = rows.where(mandate_table.c.max_amount >= UNPAID, not_(_COLLECTED.exists()))
    return insert_charges(connection, COLUMNS, chargeable)


def _too_large(connection: Connection, given: Mapping[str, Any]) -> None:
    """More is unpaid than the mandate allows in a billing period: a person looks, once."""
    key = (
        literal("charge_over_max:")
        + cast(mandate_table.c.id, String)
        + literal(":")
        + cast(instalment_table.c.number, String)
    )
    rows = due().with_only_columns(
        mandate_table.c.loan_id,
        literal({}, Json),
        key,
        type_coerce(NOW, UtcDateTime),
    )
    open_tasks_of(connection, "charge_over_max", rows.where(mandate_table.c.max_amount < UNPAID), given)


def _collected_before(connection: Connection, given: Mapping[str, Any]) -> None:
    """A debit of it was collected and stands, and it is owed again: nothing is charged twice without a
    person, who sees it once for each collection.
    """
    collected = (
        select(func.max(charge_table.c.id))
        .where(
            charge_table.c.instalment_id == instalment_table.c.id,
            charge_table.c.plan_instalment_id.is_(None),
            charge_table.c.status.in_(COLLECTED),
        )
        .scalar_subquery()
    )
    rows = due().with_only_columns(
        mandate_table.c.loan_id,
        literal({}, Json),
        literal("charge_again:") + cast(collected, String),
        type_coerce(NOW, UtcDateTime),
    )
    open_tasks_of(connection, "charge_again", rows.where(_COLLECTED.exists()), given)


def _begun() -> Any:
    """The first row of each one's history."""
    known = select(transition_table.c.id).where(
        transition_table.c.subject == "charge", transition_table.c.subject_id == charge_table.c.id
    )
    first = (
        literal("charge"),
        charge_table.c.id,
        literal(1),
        literal("planned"),
        type_coerce(NOW, UtcDateTime),
        literal(ACTOR),
        literal({"reason": "due"}, Json),
    )
    rows = select(*first).where(
        charge_table.c.status == "planned", charge_table.c.created_at == NOW, not_(known.exists())
    )
    return insert(transition_table).from_select(
        ["subject", "subject_id", "seq", "to_status", "at", "actor", "data"], rows
    )
