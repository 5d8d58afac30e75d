"""Who is reached out to today: one set-based statement per step of each strategy in force, never a loop over
loans.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, literal, literal_column, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import Allowed, ContactRules, NotBefore, load_rules, may_contact
from bot.outreach.candidates import candidates
from bot.outreach.strategy import Step, Strategy
from bot.outreach.versions import strategies_in_force
from bot.reach import contact_request
from bot.services import Services
from models import borrower_table, event_table, read_tx, write_tx
from models.base import Json, UtcDateTime

Openings = Mapping[str | None, datetime]


def plan(services: Services) -> int:
    """Queues today's outreach; how many. Run twice, or by two at once, it plans nothing twice: the event's
    key is unique. The most overdue loan of a borrower comes first.
    """
    now = services.clock.now()
    today = services.day(now)
    rules = load_rules(services.lender.lender.contact_country)
    with read_tx(services.engine) as connection:
        strategies = [each for each in strategies_in_force(connection) if each.runs_on(today)]
        zones = list(connection.scalars(select(borrower_table.c.zone).distinct()))
    openings = {zone: _opening(services, now, zone, rules) for zone in zones}
    steps = [(step, strategy) for strategy in strategies for step in strategy.steps]
    planned = 0
    for step, strategy in sorted(steps, key=lambda each: -each[0].day):
        with write_tx(services.engine) as connection:
            planned += _plan_step(connection, step, strategy, now, today, openings, rules)
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
    step: Step,
    strategy: Strategy,
    now: datetime,
    today: date,
    openings: Openings,
    rules: ContactRules,
) -> int:
    known = {zone: literal(at, UtcDateTime) for zone, at in openings.items() if zone is not None}
    fallback = literal(openings.get(None, now), UtcDateTime)
    chosen = candidates(step, strategy, now, today, rules).subquery("chosen")
    not_before = case(known, value=chosen.c.zone, else_=fallback) if known else fallback
    rows = {
        "conversation_id": chosen.c.conversation_id,
        "loan_id": chosen.c.loan_id,
        "contact_point_id": chosen.c.contact_point_id,
        "kind": literal("outreach"),
        "data": literal(_data(step, strategy), Json),
        "key": chosen.c.key,
        "not_before": type_coerce(not_before, UtcDateTime),
        "attempts": literal(0),
        "created_at": literal(now, UtcDateTime),
    }
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(event_table)
    everyone: ColumnElement[bool] = literal_column(
        "true"
    )  # without a WHERE, SQLite takes ON CONFLICT for part of a join
    statement = insert.from_select(list(rows), select(*rows.values()).where(everyone))
    once = statement.on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(once.execution_options(preserve_rowcount=True)).rowcount


def _data(step: Step, strategy: Strategy) -> dict[str, str | int]:
    """Why the borrower is written to, and until when it may wait: days after what the step counts from."""
    by = f"{strategy.name}@{strategy.version}"
    data: dict[str, str | int] = {"flow": step.flow, "step": step.name, "tone": step.tone, "strategy": by}
    return data | ({"until": step.until} if step.counts_from == "due_date" else {})
