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


def stopped_by(step: Step, now: datetime) -> dict[str, ColumnElement[bool]]:
    """Beyond what stops every step, by the name of what asks for it; over `conversation` too."""
    found = dict[str, ColumnElement[bool]]()
    if step.unless_answered_days is not None:
        wrote = conversation_table.c.last_in_at
        since = now - timedelta(days=step.unless_answered_days)
        found["unless_answered_days"] = or_(wrote.is_(None), wrote < since)
    if step.unless_paid_days is not None:
        paid = select(ledger_entry_table.c.id).where(
            ledger_entry_table.c.loan_id == loan_table.c.id,
            ledger_entry_table.c.kind.in_(words(*PAID)),
            ledger_entry_table.c.at >= now - timedelta(days=step.unless_paid_days),
        )
        found["unless_paid_days"] = not_(paid.exists())
    return found


def segment_of(segment: Segment, today: date) -> dict[str, ColumnElement[bool]]:
    """Its filters as conditions, by their names."""
    owed, found = loan_table.c.outstanding_centavos, dict[str, ColumnElement[bool]]()
    for name, column in (
        ("products", loan_table.c.product),
        ("brands", loan_table.c.lender),
        ("states", borrower_table.c.state),
        ("languages", borrower_table.c.language),
    ):
        if wanted := getattr(segment, name):
            found[name] = column.in_(wanted)
    if segment.dpd_from:
        found["dpd_from"] = loan_table.c.overdue_since <= today - timedelta(days=segment.dpd_from)
    if segment.dpd_to is not None:
        found["dpd_to"] = loan_table.c.overdue_since >= today - timedelta(days=segment.dpd_to)
    if segment.owed_from_pesos is not None:
        found["owed_from_pesos"] = owed >= Money.parse_pesos(segment.owed_from_pesos).centavos
    if segment.owed_to_pesos is not None:
        found["owed_to_pesos"] = owed <= Money.parse_pesos(segment.owed_to_pesos).centavos
    if segment.channels:
        point = contact_point_table.alias("point")
        reached = select(point.c.borrower_id).where(
            point.c.channel.in_(segment.channels), point.c.status.in_(USABLE)
        )
        found["channels"] = loan_table.c.borrower_id.in_(reached)
    if segment.has_mandate is not None:
        active = select(mandate_table.c.id).where(
            mandate_table.c.loan_id == loan_table.c.id, mandate_table.c.status == word("active")
        )
        found["has_mandate"] = active.exists() if segment.has_mandate else not_(active.exists())
    if segment.channel_health:
        point = contact_point_table.alias("healthy")
        doing_so = or_(*(_is(point, health) for health in segment.channel_health))
        found["channel_health"] = loan_table.c.borrower_id.in_(select(point.c.borrower_id).where(doing_so))
    return found | _of_tags(segment) | _of_promises(segment)


def _of_tags(segment: Segment) -> dict[str, ColumnElement[bool]]:
    def has(tag: str) -> ColumnElement[bool]:
        return func.coalesce(loan_table.c.tags, "").contains(join_tags([tag]), autoescape=True)

    found = {"tags": or_(*map(has, segment.tags))} if segment.tags else {}
    if segment.without_tags:
        found["without_tags"] = and_(*(not_(has(tag)) for tag in segment.without_tags))
    return found


def _of_promises(segment: Segment) -> dict[str, ColumnElement[bool]]:
    if segment.broken_promises_from is None and segment.broken_promises_to is None:
        return {}
    broken = (
        select(func.count())
        .where(promise_table.c.loan_id == loan_table.c.id, promise_table.c.status.in_(BROKEN))
        .scalar_subquery()
    )
    found = dict[str, ColumnElement[bool]]()
    if segment.broken_promises_from is not None:
        found["broken_promises_from"] = broken >= segment.broken_promises_from
    if segment.broken_promises_to is not None:
        found["broken_promises_to"] = broken <= segment.broken_promises_to
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
