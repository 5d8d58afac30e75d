"""Whom a step of a strategy is for: one statement over all loans, asked by the planner and by the preview."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    literal_column,
    not_,
    select,
)

from bot.compliance import ContactRules
from bot.outreach.arms import Arm
from bot.outreach.strategy import Segment, Step, Strategy
from bot.reach import USABLE, best_first, may_be_written_to
from models import (
    agent_contact_table,
    borrower_table,
    charge_table,
    contact_point_table,
    conversation_table,
    event_table,
    hold_table,
    loan_table,
    mandate_table,
    message_table,
    promise_table,
)
from models.charge import ANNOUNCED_CHARGE
from models.hold import stands as hold_stands
from models.plan import plan_in_force
from values import Money

EARLIER_VERSIONS = 5
BROKEN = ("broken", "partial")
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
_WEEK = timedelta(days=7)


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
    step = arm.step
    promise = _broken_promises().subquery("promise_broken")
    by_promise = step.counts_from == "broken_promise"
    anchor = promise.c.promise_id if by_promise else loan_table.c.overdue_since
    day = promise.c.expires_on if by_promise else loan_table.c.overdue_since
    people = (
        loan_table.join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .join(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
    )
    versions = range(max(1, strategy.version - EARLIER_VERSIONS), strategy.version + 1)
    keys = [_key(strategy.name, version, step, anchor) for version in versions]
    first, last = today - timedelta(days=step.until), today - timedelta(days=step.day)
    order = (loan_table.c.overdue_since, loan_table.c.id, *best_first(step.channels))
    rank = func.row_number().over(partition_by=loan_table.c.borrower_id, order_by=order)
    return (
        select(
            loan_table.c.id.label("loan_id"),
            loan_table.c.borrower_id,
            borrower_table.c.zone,
            borrower_table.c.best_hour,
            keys[-1].label("key"),
            contact_point_table.c.id.label("contact_point_id"),
            contact_point_table.c.conversation_id,
            contact_point_table.c.channel,
            conversation_table.c.handler,
            rank.label("rank"),
        )
        .select_from(people.join(promise, promise.c.loan_id == loan_table.c.id) if by_promise else people)
        .where(
            day.between(first, last),
            loan_table.c.outstanding_centavos > 0,
            loan_table.c.status.in_(sorted(rules.claimable)),
            borrower_table.c.opted_out_at.is_(None),
            may_be_written_to(step.channels),
            *_nothing_against(now, rules),
            not_(select(event_table.c.id).where(event_table.c.key.in_(keys)).exists()),
            *_of(strategy.segment),
            *_of(step.segment),
            *arm.has(),
        )
    )


def _nothing_against(now: datetime, rules: ContactRules) -> list[ColumnElement[bool]]:
    held = select(hold_table.c.id).where(hold_table.c.loan_id == loan_table.c.id, hold_stands(now))
    promised = select(promise_table.c.id).where(
        promise_table.c.loan_id == loan_table.c.id, promise_table.c.status == "open"
    )
    charged = select(charge_table.c.id).where(
        charge_table.c.loan_id == loan_table.c.id, literal_column(ANNOUNCED_CHARGE)
    )
    announcing = select(event_table.c.loan_id).where(  # read once: there is no index of events by loan
        event_table.c.loan_id.is_not(None),
        event_table.c.kind == "charge.notified",
        event_table.c.done_at.is_(None),
    )
    owner = loan_table.alias("owner")
    waiting = (
        select(owner.c.borrower_id)
        .join(event_table, event_table.c.loan_id == owner.c.id)
        .where(event_table.c.done_at.is_(None), event_table.c.kind == "outreach")
    )
    recent = (
        select(func.count())
        .where(
            message_table.c.borrower_id == borrower_table.c.id,
            message_table.c.purpose == "contact",
            message_table.c.created_at >= now - _WEEK,
        )
        .scalar_subquery()
    )
    called = (
        select(func.count())
        .where(
            agent_contact_table.c.borrower_id == borrower_table.c.id,
            agent_contact_table.c.at >= now - _WEEK,
        )
        .scalar_subquery()
    )
    return [
        not_(held.exists()),
        not_(promised.exists()),
        not_(plan_in_force()),
        not_(charged.exists()),
        loan_table.c.id.not_in(announcing),
        loan_table.c.borrower_id.not_in(waiting),
        recent + called < rules.caps.contact_per_7_days,
    ]


def _broken_promises() -> Select[Any]:
    """The newest broken promise of each loan."""
    return (
        select(
            promise_table.c.loan_id,
            func.max(promise_table.c.id).label("promise_id"),
            func.max(promise_table.c.expires_on).label("expires_on"),
        )
        .where(promise_table.c.status.in_(BROKEN))
        .group_by(promise_table.c.loan_id)
    )


def _of(segment: Segment) -> list[ColumnElement[bool]]:
    """Its filters as conditions."""
    owed, found = loan_table.c.outstanding_centavos, list[ColumnElement[bool]]()
    for names, column in (
        (segment.products, loan_table.c.product),
        (segment.brands, loan_table.c.lender),
        (segment.states, borrower_table.c.state),
        (segment.languages, borrower_table.c.language),
    ):
        if names:
            found.append(column.in_(names))
    if segment.owed_from_pesos is not None:
        found.append(owed >= Money.parse_pesos(segment.owed_from_pesos).centavos)
    if segment.owed_to_pesos is not None:
        found.append(owed <= Money.parse_pesos(segment.owed_to_pesos).centavos)
    if segment.channels:
        point = contact_point_table.alias("point")
        reached = select(point.c.borrower_id).where(
            point.c.channel.in_(segment.channels), point.c.status.in_(USABLE)
        )
        found.append(loan_table.c.borrower_id.in_(reached))
    if segment.has_mandate is not None:
        active = select(mandate_table.c.loan_id).where(mandate_table.c.status == "active")
        having = loan_table.c.id.in_(active)
        found.append(having if segment.has_mandate else not_(having))
    return found + _of_promises(segment)


def _of_promises(segment: Segment) -> list[ColumnElement[bool]]:
    broken = (
        select(func.count())
        .where(promise_table.c.loan_id == loan_table.c.id, promise_table.c.status.in_(BROKEN))
        .scalar_subquery()
    )
    found: list[ColumnElement[bool]] = []
    if segment.broken_promises_from is not None:
        found.append(broken >= segment.broken_promises_from)
    if segment.broken_promises_to is not None:
        found.append(broken <= segment.broken_promises_to)
    return found
