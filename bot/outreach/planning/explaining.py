"""Why a borrower got each message, what held others back, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.channels import RefusedTemplate, refused_templates
from bot.compliance import ContactRules, load_rules
from bot.outreach.planning.arms import HELD_OUT, Arm, arms, part
from bot.outreach.planning.candidates import candidates
from bot.outreach.planning.request import UnknownBorrower
from bot.outreach.planning.starts import days_of
from bot.outreach.planning.strategy import Step, Strategy
from bot.outreach.planning.versions import strategies_in_force
from bot.outreach.planning.watching import stopped_variants
from bot.reach import channels_of
from bot.services import Services
from models import (
    borrower_table,
    event_table,
    loan_table,
    message_table,
    read_tx,
)

MOST = 50
MIDMORNING = time(10)


@dataclass(frozen=True, slots=True)
class Written:
    """A message that nobody had asked for, or the plan of one."""

    message: int | None
    at: datetime
    channel: str | None
    status: str
    """Of the message; `waiting` for what is planned."""
    reason: str | None
    """The rule that held it back, or why it failed."""
    loan: str | None
    because: Mapping[str, Any]
    """Strategy with its version, step, variant, flow, tone; `event`, where something else caused it."""


@dataclass(frozen=True, slots=True)
class Next:
    """The step that is due first if nothing changes; the contact rules are asked again when it leaves."""

    day: date
    loan: str
    strategy: str
    step: str
    variant: str
    flow: str
    tone: str
    channel: str


@dataclass(frozen=True, slots=True)
class Explained:
    held_out: bool
    """Whether they are among those whom no strategy writes to."""
    best_hour: int | None
    written: tuple[Written, ...]
    next: Next | None
    stopped: Next | None
    """What would come next, had WhatsApp not refused its template."""


def explain(services: Services, borrower: str) -> Explained:
    """Newest first. Raises UnknownBorrower."""
    now = services.clock.now()
    rules = load_rules(services.lender.lender.contact_country)
    with read_tx(services.engine) as connection:
        person = connection.execute(
            select(borrower_table).where(borrower_table.c.external_id == borrower)
        ).first()
        if person is None:
            raise UnknownBorrower(borrower)
        refused = refused_templates(connection, services.wording)
        coming = next(_coming(connection, services, person.id, now, rules, refused), None)
        stopped = next(_coming(connection, services, person.id, now, rules), None) if refused else coming
        return Explained(
            part(person.id, HELD_OUT) < services.lender.policy.held_out_percent,
            person.best_hour,
            tuple(_written(connection, person.id)),
            coming,
            stopped if stopped != coming else None,
        )


def _written(connection: Connection, person: int) -> Iterator[Written]:
    """What waits to be sent, then what was written with its cause."""
    waiting = (
        select(event_table.c.not_before, event_table.c.data, loan_table.c.external_id.label("loan"))
        .join(loan_table, loan_table.c.id == event_table.c.loan_id)
        .where(
            event_table.c.done_at.is_(None),
            event_table.c.kind == "outreach",
            loan_table.c.borrower_id == person,
        )
    )
    for not_before, data, loan in connection.execute(waiting):
        yield Written(None, not_before, None, "waiting", None, loan, _cause(data))
    messages = (
        select(
            message_table.c.id,
            message_table.c.created_at,
            message_table.c.sent_at,
            message_table.c.channel,
            message_table.c.status,
            message_table.c.reason,
            event_table.c.kind,
            event_table.c.data,
            loan_table.c.external_id.label("loan"),
        )
        .outerjoin(event_table, event_table.c.id == message_table.c.event_id)
        .outerjoin(loan_table, loan_table.c.id == message_table.c.loan_id)
        .where(
            message_table.c.borrower_id == person,
            message_table.c.direction == "out",
            message_table.c.purpose != "reply",
        )
    )
    for row in connection.execute(messages.order_by(message_table.c.id.desc()).limit(MOST)):
        at, because = row.sent_at or row.created_at, {"event": row.kind, **_cause(row.data or {})}
        yield Written(row.id, at, row.channel, row.status, row.reason, row.loan, because)


def _cause(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("strategy", "step", "variant", "flow", "tone") if name in data}


def _coming(
    connection: Connection,
    services: Services,
    person: int,
    now: datetime,
    rules: ContactRules,
    refused: Sequence[RefusedTemplate] = (),
) -> Iterator[Next]:
    """The soonest first."""
    today, zone = services.day(now), ZoneInfo(services.settings.timezone)
    counted = cache(lambda counts_from: days_of(connection, counts_from, person, today, zone))
    tries: list[tuple[date, Strategy, Arm]] = []
    for strategy in strategies_in_force(connection):
        for arm in _arms(connection, services, strategy, refused):
            days = {day for start in counted(arm.step.counts_from) for day in _ahead(arm.step, start, today)}
            tries += [(day, strategy, arm) for day in days if strategy.runs_on(day)]
    for day, strategy, arm in sorted(tries, key=lambda each: each[0]):
        at = max(now, datetime.combine(day, MIDMORNING, zone))
        yield from _on(connection, arm, strategy, at, day, rules, person)


def _ahead(step: Step, start: date, today: date) -> Iterator[date]:
    """The first day of the step's window that is still ahead, and the one after it: what counts from a moment
    may not have come round yet in the morning.
    """
    late = timedelta(days=0 if step.counts_from == "due_date" else 1)
    first, last = max(today, start + timedelta(days=step.day)), start + timedelta(days=step.until) + late
    for day in dict.fromkeys((first, first + late)):
        if day <= last:
            yield day


def _arms(
    connection: Connection, services: Services, strategy: Strategy, refused: Sequence[RefusedTemplate]
) -> Iterator[Arm]:
    varied = any(step.variants for step in strategy.steps)
    stopped = stopped_variants(connection, strategy.name) if varied else ()
    held_out, channels = services.lender.policy.held_out_percent, channels_of(services)
    for step in strategy.steps:
        found = arms(step, strategy, held_out, stopped, channels, refused)
        yield from (arm for arm in found if not arm.is_held_out)


def _on(
    connection: Connection,
    arm: Arm,
    strategy: Strategy,
    at: datetime,
    day: date,
    rules: ContactRules,
    person: int,
) -> Iterator[Next]:
    step = arm.step
    for row in connection.execute(candidates(arm, strategy, at, day, rules, person)):
        loan = connection.scalar(select(loan_table.c.external_id).where(loan_table.c.id == row.loan_id))
        yield Next(
            day,
            loan or "",
            f"{strategy.name}@{strategy.version}",
            step.name,
            arm.variant,
            step.flow,
            step.tone,
            row.channel,
        )
