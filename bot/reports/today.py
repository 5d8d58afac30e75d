"""The day so far, as a manager looks at it: counted from the records themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, case, func, select

from bot.reports.kpis.promises import judged
from bot.reports.money import received
from bot.reports.sql import count_of, total
from models import (
    charge_table,
    conversation_table,
    ledger_entry_table,
    message_table,
    promise_table,
    task_table,
)
from models.base import word, words
from values import CITY, city_day

Counts = Sequence[Mapping[str, Any]]
SOON = timedelta(days=7)
COUNTED_KINDS = ("optout.recorded", "complaint.opened", "wrong_party.reported", "dispute.opened")
OPEN_CHARGES = ("planned", "notified", "submitting", "submitted", "processing", "unknown", "collected")
ENDED_CHARGES = ("settled", "returned", "reversed", "cancelled")


@dataclass(frozen=True, slots=True)
class Spans:
    """Today, this month so far, and the month before as far and as a whole."""

    today: date
    month: date
    last_month: date
    last_month_so_far: date
    """The day after the same day of the month before, or after its last."""

    @classmethod
    def at(cls, now: datetime) -> "Spans":
        today = city_day(now)
        month = today.replace(day=1)
        last_month = (month - timedelta(days=1)).replace(day=1)
        return cls(today, month, last_month, min(last_month + (today - month) + timedelta(days=1), month))


@dataclass(frozen=True, slots=True)
class Today:
    spans: Spans
    counted_at: datetime
    recovered: Counts
    """By rail: `rail, today, month, last_so_far, last_month, payments`, in centavos."""
    promises: Mapping[str, Any]
    waiting: Mapping[str, Any]
    messages: Counts
    """Those that left today: `status, number`."""
    replied: int
    held_back: Counts
    """`rule, number`"""
    events: dict[str, int]
    """Loans today, by ledger kind."""
    charges: Counts
    """`status, number, amount`: the open ones, and those that ended today."""


def today(connection: Connection, now: datetime) -> Today:
    spans = Spans.at(now)
    begins = _start(spans.today)
    return Today(
        spans,
        now,
        recovered=_recovered(connection, spans),
        promises=_promises(connection, spans, begins),
        waiting=_waiting(connection, now),
        messages=_messages(connection, begins),
        replied=_replied(connection, begins),
        held_back=_held_back(connection, begins),
        events=_events(connection, begins),
        charges=_charges(connection, spans.today),
    )


def _rows(connection: Connection, query: Executable) -> Counts:
    return [{str(name): row[name] for name in row} for row in connection.execute(query).mappings()]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CITY)


def _recovered(connection: Connection, spans: Spans) -> Counts:
    money = received()
    this_month = money.c.paid_at >= _start(spans.month)

    def within(first: date, until: date | None = None) -> ColumnElement[int]:
        inside = money.c.paid_at >= _start(first)
        if until is not None:
            inside &= money.c.paid_at < _start(until)
        return total(case((inside, money.c.amount), else_=0))

    return _rows(
        connection,
        select(
            money.c.rail,
            within(spans.today).label("today"),
            within(spans.month).label("month"),
            within(spans.last_month, spans.last_month_so_far).label("last_so_far"),
            within(spans.last_month, spans.month).label("last_month"),
            func.sum(count_of(this_month & (money.c.amount > 0))).label("payments"),
        )
        .where(money.c.paid_at >= _start(spans.last_month))
        .group_by(money.c.rail)
        .order_by(within(spans.month).desc(), money.c.rail),
    )


def _promises(connection: Connection, spans: Spans, begins: datetime) -> Mapping[str, Any]:
    promise = promise_table.c
    is_open, ended = promise.status == word("open"), judged()
    due_today = promise.due_date == spans.today
    this_month = select(func.count()).where(
        ended.c.due_date >= spans.month, ended.c.day.between(spans.month, spans.today)
    )

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(count_of(condition)), 0)

    (row,) = _rows(
        connection,
        select(
            counted(promise.made_at >= begins).label("made"),
            counted(is_open & due_today).label("due_today"),
            total(case((is_open & due_today, promise.amount), else_=0)).label("due_today_centavos"),
            counted(is_open & promise.due_date.between(spans.today, spans.today + SOON)).label("due_soon"),
            this_month.where(ended.c.status == word("kept")).scalar_subquery().label("kept"),
            this_month.scalar_subquery().label("judged"),
        ).where(is_open | (promise.made_at >= begins)),
    )
    return row


def _waiting(connection: Connection, now: datetime) -> Mapping[str, Any]:
    at = conversation_table.c
    queued = at.handler == word("queue")
    overdue = select(func.count()).where(task_table.c.done_at.is_(None), task_table.c.due_at < now)
    tasks = select(func.count()).where(task_table.c.done_at.is_(None))
    (row,) = _rows(
        connection,
        select(
            func.count().filter(queued).label("waiting"),
            func.count().filter(at.handler == word("agent")).label("with_agents"),
            func.min(case((queued, at.queued_at))).label("longest_since"),
            tasks.scalar_subquery().label("tasks"),
            overdue.scalar_subquery().label("tasks_overdue"),
        ).where(at.handler != word("bot")),
    )
    return row


def _messages(connection: Connection, begins: datetime) -> Counts:
    return _rows(
        connection,
        select(message_table.c.status, func.count().label("number"))
        .where(message_table.c.sent_at >= begins)
        .group_by(message_table.c.status)
        .order_by(func.count().desc()),
    )


def _replied(connection: Connection, begins: datetime) -> int:
    return (
        connection.scalar(
            select(func.count()).where(
                ledger_entry_table.c.kind == word("contact.replied"), ledger_entry_table.c.at >= begins
            )
        )
        or 0
    )


def _held_back(connection: Connection, begins: datetime) -> Counts:
    """Among the messages made since the last one that left before today."""
    before = (
        select(message_table.c.id)
        .where(message_table.c.sent_at < begins)
        .order_by(message_table.c.sent_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _rows(
        connection,
        select(message_table.c.reason.label("rule"), func.count().label("number"))
        .where(
            message_table.c.id > func.coalesce(before, 0),
            message_table.c.status == word("suppressed"),
            message_table.c.created_at >= begins,
        )
        .group_by(message_table.c.reason)
        .order_by(func.count().desc()),
    )


def _events(connection: Connection, begins: datetime) -> dict[str, int]:
    entry = ledger_entry_table.c
    found = connection.execute(
        select(entry.kind, func.count(entry.loan_id.distinct()).label("loans"))
        .where(entry.kind.in_(words(*COUNTED_KINDS)), entry.at >= begins)
        .group_by(entry.kind)
    )
    return dict.fromkeys(COUNTED_KINDS, 0) | {row.kind: row.loans for row in found}


def _charges(connection: Connection, day: date) -> Counts:
    charge = charge_table.c
    ended = charge.status.in_(words(*ENDED_CHARGES)) & (charge.charge_on == day)
    return _rows(
        connection,
        select(charge.status, func.count().label("number"), total(charge.amount).label("amount"))
        .where(charge.status.in_(words(*OPEN_CHARGES)) | ended)
        .group_by(charge.status)
        .order_by(charge.status),
    )
