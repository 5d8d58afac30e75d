"""Whom a segment keeps and what stops a step, as SQL over `loan` and `borrower`."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, func, not_, or_, select

from bot.outreach.planning.results import PAID
from bot.outreach.planning.starts import BROKEN
from bot.outreach.planning.strategy import Segment, Step
from bot.reach import USABLE, Health
from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    promise_table,
)
from models.base import word, words
from values import Money, join_tags


def stopped_by(step: Step, now: datetime) -> list[ColumnElement[bool]]:
    """Beyond what stops every step; over `conversation` too."""
    found: list[ColumnElement[bool]] = []
    if step.unless_answered_days is not None:
        wrote = conversation_table.c.last_in_at
        found.append(or_(wrote.is_(None), wrote < now - timedelta(days=step.unless_answered_days)))
    if step.unless_paid_days is not None:
        paid = select(ledger_entry_table.c.id).where(
            ledger_entry_table.c.loan_id == loan_table.c.id,
            ledger_entry_table.c.kind.in_(words(*PAID)),
            ledger_entry_table.c.at >= now - timedelta(days=step.unless_paid_days),
        )
        found.append(not_(paid.exists()))
    return found


def segment_of(segment: Segment, today: date) -> list[ColumnElement[bool]]:
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
    if segment.dpd_from:
        found.append(loan_table.c.overdue_since <= today - timedelta(days=segment.dpd_from))
    if segment.dpd_to is not None:
        found.append(loan_table.c.overdue_since >= today - timedelta(days=segment.dpd_to))
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
        active = select(mandate_table.c.id).where(
            mandate_table.c.loan_id == loan_table.c.id, mandate_table.c.status == word("active")
        )
        found.append(active.exists() if segment.has_mandate else not_(active.exists()))
    if segment.channel_health:
        point = contact_point_table.alias("healthy")
        doing_so = or_(*(_is(point, health) for health in segment.channel_health))
        found.append(loan_table.c.borrower_id.in_(select(point.c.borrower_id).where(doing_so)))
    return found + _of_tags(segment) + _of_promises(segment)


def _of_tags(segment: Segment) -> list[ColumnElement[bool]]:
    def has(tag: str) -> ColumnElement[bool]:
        return func.coalesce(loan_table.c.tags, "").contains(join_tags([tag]), autoescape=True)

    found = [or_(*map(has, segment.tags))] if segment.tags else []
    return found + [not_(has(tag)) for tag in segment.without_tags]


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


def _is(point: FromClause, health: Health) -> ColumnElement[bool]:
    """As `bot.reach.health` reads a contact point."""
    status, worked_at = point.c.status, point.c.worked_at
    blocked = func.coalesce(point.c.closed_reason, "").startswith("blocked")
    conditions: dict[Health, ColumnElement[bool]] = {
        "right_party": and_(status == "confirmed"),
        "dead": and_(status == "invalid"),
        "blocked": and_(status == "closed", blocked),
        "wrong": and_(status == "closed", not_(blocked)),
        "read": and_(status == "unverified", worked_at.is_not(None)),
        "delivered": and_(status == "unverified", worked_at.is_(None), point.c.delivered_at.is_not(None)),
        "unverified": and_(status == "unverified", worked_at.is_(None), point.c.delivered_at.is_(None)),
    }
    return conditions[health]
