"""Who is reached out to today: one set-based statement per step of each strategy in force, never a loop over
loans.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, literal, literal_column, null, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import Allowed, ContactRules, NotBefore, load_rules, may_contact
from bot.outreach.candidates import candidates
from bot.outreach.strategy import Step, Strategy
from bot.outreach.versions import strategies_in_force
from bot.reach import contact_request
from bot.services import Services
from models import borrower_table, event_table, read_tx, write_tx
from models.base import Json, UtcDateTime

Openings = Mapping[str | None, dict[int | None, datetime]]
"""By zone and by the hour at which a borrower is best reached: when the day's contact may leave."""
USUAL_EVERY = 5
"""Of so many contacts of a borrower one leaves at the usual time: else no other hour could ever show."""


def plan(services: Services) -> int:
    """Queues today's outreach; how many. Run twice, or by two at once, it plans nothing twice: the event's
    key is unique. The most overdue loan of a borrower comes first.
    """
    now = services.clock.now()
    today = services.day(now)
    rules = load_rules(services.lender.lender.contact_country)
    with read_tx(services.engine) as connection:
        strategies = [each for each in strategies_in_force(connection) if each.runs_on(today)]
        hours = connection.execute(select(borrower_table.c.zone, borrower_table.c.best_hour).distinct())
        openings: dict[str | None, dict[int | None, datetime]] = {}
        for zone, hour in hours:
            times = openings.setdefault(zone, {None: _opening(services, now, zone, rules)})
            if hour is not None:
                times[hour] = _at_hour(services, now, zone, hour, rules) or times[None]
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


def _at_hour(
    services: Services, now: datetime, zone: str | None, hour: int, rules: ContactRules
) -> datetime | None:
    """Today at that hour by the borrower's clock; null where it is over, or not lawful."""
    local = now.astimezone(ZoneInfo(zone or services.settings.timezone))
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)
    if at <= now:
        return None
    verdict = may_contact(contact_request(services, at, "email", "contact", zone=zone), rules)
    return at if isinstance(verdict, Allowed) else None


def _not_before(openings: Openings, chosen: Any, day: date) -> ColumnElement[Any]:
    """The opening of the borrower's zone; most often at the hour at which they answer."""

    def of_zone(times: Mapping[int | None, datetime]) -> ColumnElement[Any]:
        usual = literal(times[None], UtcDateTime)
        hours = {hour: literal(at, UtcDateTime) for hour, at in times.items() if hour is not None}
        if not hours:
            return usual
        tried = (chosen.c.borrower_id + day.toordinal()) % USUAL_EVERY == 0
        return case((tried, usual), else_=case(hours, value=chosen.c.best_hour, else_=usual))

    unknown = of_zone(openings[None]) if None in openings else null()
    known = {zone: of_zone(times) for zone, times in openings.items() if zone is not None}
    return case(known, value=chosen.c.zone, else_=unknown) if known else unknown


def _plan_step(
    connection: Connection,
    step: Step,
    strategy: Strategy,
    now: datetime,
    today: date,
    openings: Openings,
    rules: ContactRules,
) -> int:
    chosen = candidates(step, strategy, now, today, rules).subquery("chosen")
    rows = {
        "conversation_id": chosen.c.conversation_id,
        "loan_id": chosen.c.loan_id,
        "contact_point_id": chosen.c.contact_point_id,
        "kind": literal("outreach"),
        "data": literal(_data(step, strategy), Json),
        "key": chosen.c.key,
        "not_before": type_coerce(_not_before(openings, chosen, today), UtcDateTime),
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
