"""Who is reached out to today: one set-based statement per step of each strategy in force, never a loop over
loans.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, literal, null, select, type_coerce

from bot.channels import refused_templates
from bot.compliance import Allowed, ContactRules, NotBefore, load_rules, may_contact
from bot.outreach.planning.arms import Arm, arms
from bot.outreach.planning.candidates import candidates
from bot.outreach.planning.refusals import report_stopped
from bot.outreach.planning.results import UTILITY, paid_for_each, spent
from bot.outreach.planning.strategy import Step, Strategy
from bot.outreach.planning.versions import strategies_in_force
from bot.outreach.planning.watching import stopped_variants
from bot.reach import NewTask, channels_of, contact_request, enqueue_events_of, open_task
from bot.services import Services
from models import borrower_table, read_tx, write_tx
from models.base import Json, UtcDateTime
from models.contact_point import CHANNELS

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
        refused = refused_templates(connection, services.wording)
        hours = connection.execute(select(borrower_table.c.zone, borrower_table.c.best_hour).distinct())
        openings: dict[str | None, dict[int | None, datetime]] = {}
        for zone, hour in hours:
            times = openings.setdefault(zone, {None: _opening(services, now, zone, rules)})
            if hour is not None:
                times[hour] = _at_hour(services, now, zone, hour, rules) or times[None]
    report_stopped(services, strategies, refused, now)
    held_out = services.lender.policy.held_out_percent
    planned = 0
    for step, strategy in sorted(_steps(strategies), key=lambda each: -each[0].day):
        with write_tx(services.engine) as connection:
            room = _affordable(connection, services, strategy, now, today)
            stopped = stopped_variants(connection, strategy.name) if step.variants else ()
            left = room
            for arm in arms(step, strategy, held_out, stopped, channels_of(services), refused):
                most = None if room is None or left is None else min(left, arm.share_of(room))
                count = _plan_arm(connection, arm, strategy, now, today, openings, rules, most)
                if not arm.is_held_out:
                    planned += count
                    left = None if left is None else left - count
    return planned


def _steps(strategies: Iterable[Strategy]) -> Iterator[tuple[Step, Strategy]]:
    for strategy in strategies:
        for step in strategy.steps:
            yield step, strategy


def _affordable(
    connection: Connection, services: Services, strategy: Strategy, now: datetime, today: date
) -> int | None:
    """How many more messages its month's budget allows, at the price of the dearest channel; null where it
    has none. A person is notified once it is spent.
    """
    if strategy.budget_usd is None:
        return None
    prices = services.lender.prices
    month = datetime.combine(today.replace(day=1), time(), ZoneInfo(services.settings.timezone))
    left = Decimal(strategy.budget_usd) - spent(connection, strategy.name, month, today, prices)
    each = paid_for_each(connection, strategy.name, month)
    dearest = max(each(channel) * prices.usd(channel, UTILITY, today) for channel in CHANNELS)
    room = max(0, int(left / dearest)) if dearest else None
    if room == 0:
        data = {"strategy": strategy.name, "owner": strategy.owner, "budget_usd": strategy.budget_usd}
        key = f"budget:{strategy.name}:{today:%Y-%m}"
        open_task(connection, NewTask("budget_spent", now, key=key, data=data))
    return room


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


def _plan_arm(
    connection: Connection,
    arm: Arm,
    strategy: Strategy,
    now: datetime,
    today: date,
    openings: Openings,
    rules: ContactRules,
    room: int | None,
) -> int:
    """Those who are held out on purpose get an event that is done: they are counted and never written to."""
    wanted = candidates(arm, strategy, now, today, rules)
    if room is not None:
        wanted = wanted.limit(room)
    chosen = wanted.subquery("chosen")
    columns = {
        "conversation_id": chosen.c.conversation_id,
        "loan_id": chosen.c.loan_id,
        "contact_point_id": chosen.c.contact_point_id,
        "kind": literal("held_out" if arm.is_held_out else "outreach"),
        "data": literal(_data(arm, strategy), Json),
        "key": chosen.c.key,
        "not_before": type_coerce(_not_before(openings, chosen, today), UtcDateTime),
        "done_at": literal(now if arm.is_held_out else None, UtcDateTime),
    }
    return enqueue_events_of(connection, columns, now)


def _data(arm: Arm, strategy: Strategy) -> dict[str, str | int]:
    """Why the borrower is written to, and until when it may wait: days after what the step counts from."""
    step = arm.step
    by = f"{strategy.name}@{strategy.version}"
    data: dict[str, str | int] = {"flow": step.flow, "step": step.name, "tone": step.tone, "strategy": by}
    if arm.variant:
        data["variant"] = arm.variant
    return data | ({"until": step.until} if step.counts_from == "due_date" else {})
