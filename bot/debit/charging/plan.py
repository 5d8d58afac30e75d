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
    case,
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
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import load_rules
from bot.debit.charging.banking_days import city_day, first_possible, next_contact_day
from bot.debit.charging.guard import ATTEMPTS, COLLECTED, NO_CHARGE
from bot.debit.charging.snapshot import UNPAID
from bot.reach import open_tasks_of
from bot.services import Services
from models import (
    bank_account_table,
    charge_table,
    hold_table,
    instalment_table,
    loan_table,
    mandate_table,
    promise_table,
    transition_table,
    write_tx,
)
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE
from models.hold import stands as hold_stands
from models.plan import covered_by_plan
from values import roll_forward

AHEAD = timedelta(days=8)
"""Further than the longest run of days without a lawful contact reaches: every charge is planned before its
notice day.
"""
ACTOR = "system:charging"
_NOW = bindparam("now", type_=UtcDateTime)


_COLLECTED = select(charge_table.c.id).where(
    charge_table.c.instalment_id == instalment_table.c.id, charge_table.c.status.in_(COLLECTED)
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
        if planned:
            connection.execute(_begun(), {"now": now})
    return planned


def due() -> Select[Any]:
    """Unpaid instalments under an active mandate of the loan's own borrower that nothing stands against: no
    hold, no promise, no charge that is open or that came to nothing.
    """
    held = select(hold_table.c.id).where(
        hold_table.c.loan_id == mandate_table.c.loan_id,
        hold_table.c.kind.in_(sorted(NO_CHARGE)),
        hold_stands(_NOW),
    )
    promised = select(promise_table.c.id).where(
        promise_table.c.loan_id == mandate_table.c.loan_id, promise_table.c.status == "open"
    )
    charges = select(charge_table.c.id).where(charge_table.c.instalment_id == instalment_table.c.id)
    came_to_nothing = (charge_table.c.mandate_id == mandate_table.c.id) & (
        charge_table.c.status.in_(("returned", "reversed")) | charge_table.c.return_code.is_not(None)
    )
    attempts = (
        select(func.count())
        .select_from(charge_table)
        .where(charge_table.c.instalment_id == instalment_table.c.id, charge_table.c.status != "cancelled")
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
            mandate_table.c.status == "active",
            mandate_table.c.provider.in_(bindparam("providers", expanding=True)),
            or_(mandate_table.c.valid_until.is_(None), mandate_table.c.valid_until >= bindparam("today")),
            loan_table.c.status.in_(("current", "overdue")),
            bank_account_table.c.borrower_id == loan_table.c.borrower_id,
            UNPAID > 0,
            instalment_table.c.due_date <= bindparam("last"),
            not_(held.exists()),
            not_(promised.exists()),
            not_(covered_by_plan()),
            not_(charges.where(or_(literal_column(OPEN_CHARGE), came_to_nothing)).exists()),
            attempts < ATTEMPTS,
        )
        .order_by(instalment_table.c.loan_id, instalment_table.c.due_date, instalment_table.c.number)
    )


def _planned(connection: Connection, today: date, soonest: date) -> Any:
    """What is due from tomorrow on is charged that day, or the next banking day; what is due by today as soon
    as it can be announced.
    """
    ahead = {
        literal(day): literal(roll_forward(day))
        for day in (today + timedelta(days=n) for n in range(1, AHEAD.days + 1))
    }
    attempt = (
        select(func.coalesce(func.max(charge_table.c.attempt), 0) + 1)
        .where(charge_table.c.instalment_id == instalment_table.c.id)
        .scalar_subquery()
    )
    key = (
        mandate_table.c.folio
        + literal("-")
        + cast(instalment_table.c.number, String)
        + literal("-")
        + cast(attempt, String)
    )
    rows = due().with_only_columns(
        mandate_table.c.id,
        mandate_table.c.loan_id,
        instalment_table.c.id,
        attempt,
        UNPAID,
        literal("planned"),
        instalment_table.c.due_date,
        case(ahead, value=instalment_table.c.due_date, else_=literal(soonest)),
        key,
        mandate_table.c.provider,
        type_coerce(_NOW, UtcDateTime),
    )
    columns = [
        "mandate_id",
        "loan_id",
        "instalment_id",
        "attempt",
        "amount",
        "status",
        "planned_due_date",
        "charge_on",
        "key",
        "provider",
        "created_at",
    ]
    return (
        _insert(connection, charge_table)
        .from_select(columns, rows.where(mandate_table.c.max_amount >= UNPAID, not_(_COLLECTED.exists())))
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )


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
        type_coerce(_NOW, UtcDateTime),
    )
    open_tasks_of(connection, "charge_over_max", rows.where(mandate_table.c.max_amount < UNPAID), given)


def _collected_before(connection: Connection, given: Mapping[str, Any]) -> None:
    """A debit of it was collected and stands, and it is owed again: nothing is charged twice without a
    person, who sees it once for each collection.
    """
    collected = (
        select(func.max(charge_table.c.id))
        .where(charge_table.c.instalment_id == instalment_table.c.id, charge_table.c.status.in_(COLLECTED))
        .scalar_subquery()
    )
    rows = due().with_only_columns(
        mandate_table.c.loan_id,
        literal({}, Json),
        literal("charge_again:") + cast(collected, String),
        type_coerce(_NOW, UtcDateTime),
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
        type_coerce(_NOW, UtcDateTime),
        literal(ACTOR),
        literal({"reason": "due"}, Json),
    )
    rows = select(*first).where(
        charge_table.c.status == "planned", charge_table.c.created_at == _NOW, not_(known.exists())
    )
    return insert(transition_table).from_select(
        ["subject", "subject_id", "seq", "to_status", "at", "actor", "data"], rows
    )


def _insert(connection: Connection, table: Any) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
