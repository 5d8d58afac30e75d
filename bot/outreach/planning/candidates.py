"""Whom a step of a strategy is for: one statement over all loans, asked by the planner and by the preview."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from bot.compliance import ContactRules
from bot.outreach.planning.arms import Arm
from bot.outreach.planning.segments import segment_of, stopped_by
from bot.outreach.planning.starts import Start, start_of
from bot.outreach.planning.strategy import Step, Strategy
from bot.reach import LEFT, LONGEST_WAIT, WEEK, best_first, held, may_be_written_to
from models import (
    agent_contact_table,
    borrower_table,
    charge_table,
    contact_point_table,
    conversation_table,
    event_table,
    loan_table,
    message_table,
    promise_table,
)
from models.base import word, words
from models.charge import ANNOUNCED_CHARGE
from models.plan import plan_in_force

EARLIER_VERSIONS = 5
PEOPLE = (
    loan_table.join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
    .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
    .join(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
)
_COLUMNS = (
    "loan_id",
    "borrower_id",
    "zone",
    "best_hour",
    "key",
    "contact_point_id",
    "conversation_id",
    "channel",
)


def candidates(
    arm: Arm,
    strategy: Strategy,
    now: datetime,
    today: date,
    rules: ContactRules,
    borrower: int | None = None,
) -> Select[Any]:
    """loan_id, borrower_id, zone, best_hour, key, contact_point_id, conversation_id, channel: of each
    borrower the most overdue loan, where the bot may write to it; of one borrower, where one is asked for.
    """
    wanted = _due(arm, strategy, now, today, rules)
    due = (wanted if borrower is None else wanted.where(borrower_table.c.id == borrower)).subquery("due")
    return select(*(due.c[name] for name in _COLUMNS)).where(due.c.rank == 1, due.c.handler == "bot")


def _key(strategy: str, version: int, step: Step, anchor: ColumnElement[Any]) -> ColumnElement[str]:
    """Of the event of a step, once for what it counts from."""
    prefix = literal(f"outreach:{strategy}@{version}:{step.name}:")
    return prefix + cast(loan_table.c.id, String) + literal(":") + cast(anchor, String)


def _due(arm: Arm, strategy: Strategy, now: datetime, today: date, rules: ContactRules) -> Select[Any]:
    """Loans in the step's window that may be chased, with each address of their borrower that may be written
    to: none that is promised or about to be charged, or whose borrower is to be written to already. A step
    that an earlier version of the strategy took is taken. `rank` 1: the most overdue loan, the best address.
    """
    step, start = arm.step, start_of(arm.step, now, today, leaving_day(now, today, rules))
    key = _key(strategy.name, strategy.version, step, start.anchor)
    order = (loan_table.c.overdue_since, loan_table.c.id, *best_first(step.channels))
    rank = func.row_number().over(partition_by=loan_table.c.borrower_id, order_by=order)
    return (
        select(
            loan_table.c.id.label("loan_id"),
            loan_table.c.borrower_id,
            borrower_table.c.zone,
            borrower_table.c.best_hour,
            key.label("key"),
            contact_point_table.c.id.label("contact_point_id"),
            contact_point_table.c.conversation_id,
            contact_point_table.c.channel,
            conversation_table.c.handler,
            rank.label("rank"),
        )
        .select_from(PEOPLE if start.at is None else PEOPLE.join(start.at, start.matches))
        .where(*stages(arm, strategy, start, now, today, rules).values())
    )


def leaving_day(now: datetime, today: date, rules: ContactRules) -> date:
    """The first day on which what is planned now may leave: a step that is over by then is not taken."""
    hours = rules.hours_on(today)
    local = now.astimezone(rules.fallback_zone)
    is_over = hours is None or (local.date() == today and local.time() >= hours.end)
    day = today + timedelta(days=is_over)
    while not rules.lawful_day(day):
        day += timedelta(days=1)
    return day


def stages(
    arm: Arm, strategy: Strategy, start: Start, now: datetime, today: date, rules: ContactRules
) -> dict[str, ColumnElement[bool]]:
    """What a loan and an address of its borrower's pass, over `PEOPLE` and the step's `start`: a filter of a
    segment by its place in the file, all else by a name.
    """
    step = arm.step
    versions = range(max(1, strategy.version - EARLIER_VERSIONS), strategy.version + 1)
    keys = [_key(strategy.name, version, step, start.anchor) for version in versions]
    taken = select(event_table.c.id).where(event_table.c.key.in_(keys))
    everybody, own = segment_of(strategy.segment, today), segment_of(step.segment, today)
    return {
        "owed": and_(loan_table.c.outstanding_centavos > 0, loan_table.c.status.in_(sorted(rules.claimable))),
        **{f"segment.{name}": condition for name, condition in everybody.items()},
        **{f"steps.{step.name}.segment.{name}": condition for name, condition in own.items()},
        "days": and_(start.anchor.is_not(None), *start.conditions),
        "opted_out": borrower_table.c.opted_out_at.is_(None),
        "address": may_be_written_to(step.channels),
        "arm": and_(true(), *arm.has()),
        **{f"steps.{step.name}.{name}": condition for name, condition in stopped_by(step, now).items()},
        **_nothing_against(now, rules.caps.contact_per_7_days),
        "taken": not_(taken.exists()),
    }


@lru_cache(maxsize=4)
def _nothing_against(now: datetime, most_in_7_days: int) -> Mapping[str, ColumnElement[bool]]:
    """The same for every step, and a third of what it takes to make its statement: made once for all."""
    promised = select(promise_table.c.id).where(
        promise_table.c.loan_id == loan_table.c.id, promise_table.c.status == word("open")
    )
    charged = select(charge_table.c.id).where(
        charge_table.c.loan_id == loan_table.c.id, literal_column(ANNOUNCED_CHARGE)
    )
    owner = loan_table.alias("owner")
    announcing = and_(event_table.c.kind == "charge.notified", owner.c.id == loan_table.c.id)
    waiting = (
        select(owner.c.id)
        .join(event_table, event_table.c.loan_id == owner.c.id)
        .where(
            owner.c.borrower_id == loan_table.c.borrower_id,
            event_table.c.done_at.is_(None),
            or_(event_table.c.kind == "outreach", announcing),
        )
    )
    recent = (
        select(func.count())
        .where(
            message_table.c.borrower_id == borrower_table.c.id,
            message_table.c.purpose == word("contact"),
            message_table.c.status.in_(words("queued", *LEFT)),
            message_table.c.created_at >= now - LONGEST_WAIT,
            func.coalesce(message_table.c.sent_at, message_table.c.created_at) >= now - WEEK,
        )
        .scalar_subquery()
    )
    called = (
        select(func.count())
        .where(
            agent_contact_table.c.borrower_id == borrower_table.c.id,
            agent_contact_table.c.at >= now - WEEK,
        )
        .scalar_subquery()
    )
    return {
        "held": not_(held(now)),
        "promised": not_(promised.exists()),
        "planned": not_(plan_in_force()),
        "charged": not_(charged.exists()),
        "waiting": not_(waiting.exists()),
        "often": recent + called < most_in_7_days,
    }
