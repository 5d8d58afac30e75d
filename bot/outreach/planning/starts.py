"""What a step counts its days from, as SQL over `loan`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Subquery,
    cast,
    extract,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from bot.outreach.planning.strategy import Step
from bot.reach import LEFT
from models import agent_contact_table, ledger_entry_table, loan_table, message_table, promise_table
from models.base import words

BROKEN = ("broken", "partial")
"""States of a promise whose days are over."""
_RECORDED = {"broken_plan": ("plan.broken",), "cured": ("promise.kept", "plan.kept")}


@dataclass(frozen=True, slots=True)
class Start:
    """`anchor` names it in the event's key: a step is taken once for each."""

    anchor: ColumnElement[Any]
    conditions: Sequence[ColumnElement[bool]]
    at: Subquery | None = None
    """Joined with `loan` where the loan itself does not know it: by `loan_id`, or `borrower_id`."""

    @property
    def matches(self) -> ColumnElement[bool]:
        assert self.at is not None
        if "loan_id" in self.at.c:
            return self.at.c.loan_id == loan_table.c.id
        return self.at.c.borrower_id == loan_table.c.borrower_id


def start_of(step: Step, now: datetime, today: date, leaves: date) -> Start:
    """What is planned `today` may leave on the day `leaves`."""
    first, last = leaves - timedelta(days=step.until), today - timedelta(days=step.day)
    since = now - timedelta(days=step.until + 1) + (leaves - today)
    if step.counts_from == "due_date":
        return Start(loan_table.c.overdue_since, [loan_table.c.overdue_since.between(first, last)])
    if step.counts_from == "month":
        within = step.day <= today.day - 1 and leaves.day - 1 <= step.until and leaves.month == today.month
        return Start(literal(f"{today:%Y-%m}"), [] if within else [false()])
    if step.counts_from == "broken_promise":
        broken = _broken_promises()
        return Start(broken.c.promise_id, [broken.c.expires_on.between(first, last)], broken)
    if step.counts_from == "last_contact":
        contact = _last_contacts(step, now, since)
        late = loan_table.c.overdue_since <= today
        return Start(cast(extract("epoch", contact.c.at), BigInteger), [late], contact)
    recorded = _recorded(_RECORDED[step.counts_from], step, now, since)
    nothing_late = or_(loan_table.c.overdue_since.is_(None), loan_table.c.overdue_since >= today)
    return Start(recorded.c.entry_id, [nothing_late] if step.counts_from == "cured" else [], recorded)


def days_of(connection: Connection, counts_from: str, person: int, today: date, zone: ZoneInfo) -> set[date]:
    """From which days a step may count for a borrower, the newest ones."""
    theirs = loan_table.c.borrower_id == person
    if counts_from == "due_date":
        owed = select(loan_table.c.overdue_since).where(theirs, loan_table.c.outstanding_centavos > 0)
        return {day for day in connection.scalars(owed) if day is not None}
    if counts_from == "month":
        first = today.replace(day=1)
        return {first, (first + timedelta(days=31)).replace(day=1)}
    if counts_from == "broken_promise":
        promises = promise_table.join(loan_table, loan_table.c.id == promise_table.c.loan_id)
        broken = select(promise_table.c.expires_on).select_from(promises)
        return set(connection.scalars(broken.where(theirs, promise_table.c.status.in_(BROKEN))))
    if counts_from == "last_contact":
        contact = _contacts(datetime.min.replace(tzinfo=UTC)).subquery("contact")
        newest = select(func.max(contact.c.at)).where(contact.c.borrower_id == person)
        moments = [at for at in connection.scalars(newest) if at is not None]
    else:
        entries = ledger_entry_table.join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
        kinds = ledger_entry_table.c.kind.in_(words(*_RECORDED[counts_from]))
        recorded = select(ledger_entry_table.c.at).select_from(entries)
        moments = list(connection.scalars(recorded.where(theirs, kinds)))
    return {at.astimezone(zone).date() for at in moments}


def _broken_promises() -> Subquery:
    """The newest broken promise of each loan."""
    return (
        select(
            promise_table.c.loan_id,
            func.max(promise_table.c.id).label("promise_id"),
            func.max(promise_table.c.expires_on).label("expires_on"),
        )
        .where(promise_table.c.status.in_(BROKEN))
        .group_by(promise_table.c.loan_id)
        .subquery("promise_broken")
    )


def _recorded(kinds: Sequence[str], step: Step, now: datetime, since: datetime) -> Subquery:
    """Of each loan the newest entry of these kinds since then that is `day` days old."""
    at = ledger_entry_table.c.at
    return (
        select(ledger_entry_table.c.loan_id, func.max(ledger_entry_table.c.id).label("entry_id"))
        .where(
            ledger_entry_table.c.kind.in_(words(*kinds)),
            at > since,
            at <= now - timedelta(days=step.day),
        )
        .group_by(ledger_entry_table.c.loan_id)
        .subquery("recorded")
    )


def _last_contacts(step: Step, now: datetime, since: datetime) -> Subquery:
    """Of each borrower the newest contact since then, where it is `day` days old."""
    contact = _contacts(since).subquery("contact")
    newest = func.max(contact.c.at)
    return (
        select(contact.c.borrower_id, newest.label("at"))
        .group_by(contact.c.borrower_id)
        .having(newest <= now - timedelta(days=step.day))
        .subquery("last_contact")
    )


def _contacts(since: datetime) -> CompoundSelect[Any]:
    """`borrower_id` and `at` of what was sent unasked, of calls and of visits."""
    sent = select(message_table.c.borrower_id, message_table.c.sent_at.label("at")).where(
        message_table.c.purpose == "contact",
        message_table.c.status.in_(words(*LEFT)),
        message_table.c.sent_at > since,
    )
    by_agents = select(agent_contact_table.c.borrower_id, agent_contact_table.c.at)
    return union_all(sent, by_agents.where(agent_contact_table.c.at > since))
