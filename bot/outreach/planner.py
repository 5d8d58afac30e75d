"""Who is reached out to today: one set-based statement for each step of the strategy, never a loop over
loans.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    not_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import (
    Allowed,
    ContactRules,
    NotBefore,
    load_rules,
    may_contact,
)
from bot.outreach.strategy import Step, Strategy, load_strategy
from bot.reach import best_contact_points, contact_request
from bot.services import Services
from models import (
    borrower_table,
    charge_table,
    conversation_table,
    event_table,
    hold_table,
    loan_table,
    message_table,
    promise_table,
    read_tx,
    write_tx,
)
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE
from models.hold import stands as hold_stands

EARLIER_VERSIONS = 5


def plan(services: Services) -> int:
    """Queues today's outreach; how many. Run twice, or by two at once, it plans nothing twice: the event's
    key is unique.
    """
    now = services.clock.now()
    rules, strategy = load_rules(services.lender.lender.contact_country), load_strategy()
    with read_tx(services.engine) as connection:
        zones = list(connection.scalars(select(borrower_table.c.zone).distinct()))
    openings = {zone: _opening(services, now, zone, rules) for zone in zones}
    planned = 0
    for step in sorted(
        strategy.steps, key=lambda step: -step.day
    ):  # the most overdue loan of a borrower first
        with write_tx(services.engine) as connection:
            planned += _plan_step(connection, services, step, strategy, now, openings, rules)
    return planned


def _opening(services: Services, now: datetime, zone: str | None, rules: ContactRules) -> datetime:
    """The first lawful moment in a zone; what differs from borrower to borrower is asked again at
    dispatch.
    """
    match may_contact(contact_request(services, now, "email", "contact", zone=zone), rules):
        case NotBefore(at=at):
            return at
        case Allowed():
            return now
        case _:
            return now + timedelta(days=1)


def _plan_step(
    connection: Connection,
    services: Services,
    step: Step,
    strategy: Strategy,
    now: datetime,
    openings: dict[str | None, datetime],
    rules: ContactRules,
) -> int:
    today = services.day(now)
    known = {zone: literal(at, UtcDateTime) for zone, at in openings.items() if zone is not None}
    fallback = literal(openings.get(None, now), UtcDateTime)
    due, reach = _due(step, strategy, now, rules).subquery("due"), best_contact_points().subquery("reach")
    not_before = case(known, value=due.c.zone, else_=fallback) if known else fallback
    data = {
        "flow": step.flow,
        "step": step.name,
        "tone": step.tone,
        "strategy": f"{strategy.name}@{strategy.version}",
        "until": step.until,
    }
    rows = (
        select(
            reach.c.conversation_id,
            due.c.loan_id,
            reach.c.id,
            literal("outreach"),
            literal(data, Json),
            due.c.key,
            type_coerce(not_before, UtcDateTime),
            literal(0),
            literal(now, UtcDateTime),
        )
        .select_from(
            due.join(reach, reach.c.borrower_id == due.c.borrower_id).join(
                conversation_table, conversation_table.c.id == reach.c.conversation_id
            )
        )
        .where(due.c.rank == 1, reach.c.rank == 1, conversation_table.c.handler == "bot")
    )
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(event_table)
    columns = ["conversation_id", "loan_id", "contact_point_id", "kind", "data", "key", "not_before"]
    columns += ["attempts", "created_at"]
    statement = insert.from_select(columns, rows).on_conflict_do_nothing(index_elements=["key"])
    window = {
        "first": today - timedelta(days=step.until),
        "last": today - timedelta(days=step.day),
        "since": now - timedelta(days=7),
    }
    return connection.execute(statement.execution_options(preserve_rowcount=True), window).rowcount


def _key(strategy: str, version: int, step: str) -> ColumnElement[str]:
    """Of the event of a step, once for a due date."""
    loan_and_date = cast(loan_table.c.id, String) + literal(":") + cast(loan_table.c.overdue_since, String)
    return literal(f"outreach:{strategy}@{version}:{step}:") + loan_and_date


def _due(step: Step, strategy: Strategy, now: datetime, rules: ContactRules) -> Select[Any]:
    """Loans in the step's window that may be chased, the most overdue first for each borrower: none that is
    promised or about to be charged, or whose borrower is to be written to already. A step that an earlier
    version of the strategy took is taken.
    """
    versions = range(max(1, strategy.version - EARLIER_VERSIONS), strategy.version + 1)
    keys = [_key(strategy.name, version, step.name) for version in versions]
    owner = loan_table.alias("owner")
    waiting = (
        select(owner.c.borrower_id)
        .join(event_table, event_table.c.loan_id == owner.c.id)
        .where(event_table.c.done_at.is_(None), event_table.c.kind == "outreach")
    )
    held = select(hold_table.c.id).where(
        hold_table.c.loan_id == loan_table.c.id,
        hold_stands(now),
    )
    promised = select(promise_table.c.id).where(
        promise_table.c.loan_id == loan_table.c.id, promise_table.c.status == "open"
    )
    charged = select(charge_table.c.id).where(
        charge_table.c.loan_id == loan_table.c.id, literal_column(f"charge.{OPEN_CHARGE}")
    )
    asked = select(event_table.c.id).where(event_table.c.key.in_(keys))
    recent = (
        select(func.count())
        .where(
            message_table.c.borrower_id == borrower_table.c.id,
            message_table.c.purpose == "contact",
            message_table.c.created_at >= bindparam("since", type_=UtcDateTime),
        )
        .scalar_subquery()
    )
    return (
        select(
            loan_table.c.id.label("loan_id"),
            loan_table.c.borrower_id,
            borrower_table.c.zone,
            keys[-1].label("key"),
            func.row_number()
            .over(
                partition_by=loan_table.c.borrower_id, order_by=(loan_table.c.overdue_since, loan_table.c.id)
            )
            .label("rank"),
        )
        .select_from(loan_table.join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id))
        .where(
            loan_table.c.overdue_since.between(bindparam("first"), bindparam("last")),
            loan_table.c.outstanding_centavos > 0,
            loan_table.c.status.in_(sorted(rules.claimable)),
            borrower_table.c.opted_out_at.is_(None),
            not_(held.exists()),
            not_(promised.exists()),
            not_(charged.exists()),
            not_(asked.exists()),
            loan_table.c.borrower_id.not_in(waiting),
            recent < rules.caps.contact_per_7_days,
        )
    )
