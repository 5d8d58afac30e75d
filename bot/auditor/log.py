"""The raw log: what left, with what the records say was known at that moment."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, literal, null, or_, select, union_all

from models import (
    agent_contact_table,
    borrower_table,
    contact_point_table,
    delivery_attempt_table,
    hold_table,
    ledger_entry_table,
    loan_table,
    message_table,
    template_decision_table,
    template_table,
)
from models.base import AnyRow, word
from models.message import WITH_STANDING

LEFT = ("sending", "sent", "delivered", "read", "unknown", "failed")
"""States of what was handed to the provider; a failure counts where the provider had taken it."""
BATCH = 2_000
_NO_DIGIT = re.compile(r"\D")
WEEK = timedelta(days=7)
FACTS = (
    "optout.recorded",
    "optin.recorded",
    "contact_point.closed",
    "loan.settled",
    "payment.posted",
    "charge.collected",
    "payment.reversed",
    "handoff.requested",
    "handoff.taken",
    "handoff.released",
    "identity.confirmed",
    "preference.recorded",
    "hold.placed",
    "hold.lifted",
)
OF_A_LOAN = (
    "loan.settled",
    "payment.posted",
    "charge.collected",
    "payment.reversed",
    "hold.placed",
    "hold.lifted",
)
"""The other facts are about the person, whichever of their loans they were written to."""
HOLDS_OF_A_PERSON = ("deceased", "vulnerable", "opt_out")
"""On whichever of their loans they stand."""


@dataclass(frozen=True, slots=True)
class Fact:
    at: datetime
    kind: str
    loan: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that left."""

    row: AnyRow
    at: datetime
    """When it was handed over."""
    before: Sequence[AnyRow]
    """What left for the same person in the seven days before, and who called them, oldest first. What failed
    reached nobody and is not among it.
    """
    facts: Sequence[Fact]
    """Of its loan and of its person, oldest first, up to `at`."""
    holds: frozenset[str]
    """That stood at `at`, by their table or by the ledger."""
    points: Sequence[AnyRow]
    """The contact points of its borrower."""
    received_at: datetime | None
    """When somebody last wrote to us in this conversation."""
    window_opened_at: datetime | None
    """When they did so by WhatsApp."""
    first: bool
    """Whether nothing had left for this person before that did not fail."""
    template: AnyRow | None
    """That it was sent by."""
    decision: AnyRow | None
    """The status and category that stood for it then; null where nothing was decided yet."""
    paid_into: frozenset[str]
    """Accounts and references of the loans of its borrower, as digits: the lender's, for this person."""
    guarantors: frozenset[str]
    """Phones of those who stand surety for a loan of its borrower."""

    @property
    def person(self) -> int | None:
        """Whom it concerns: the reader, or the owner of its loan where no reader is known."""
        return _person(self.row)

    def last(self, *kinds: str) -> Fact | None:
        return next((fact for fact in reversed(self.facts) if fact.kind in kinds), None)


@dataclass(slots=True)
class _Around:
    """What a batch of messages needs to be judged."""

    before: dict[int, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    """By loan; `facts_of` by borrower, and so of holds."""
    facts_of: dict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    holds: dict[int, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    holds_of: dict[int, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    points: dict[int, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    received: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    by_whatsapp: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    firsts: dict[int, int] = field(default_factory=dict)
    templates: dict[str, AnyRow] = field(default_factory=dict)
    decisions: dict[int, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    """By template, oldest first."""
    paid_into: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    guarantors: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def _person(row: AnyRow) -> int | None:
    person: int | None = row.loan_owner if row.borrower_id is None else row.borrower_id
    return person


_MESSAGES = (
    select(
        message_table,
        delivery_attempt_table.c.template,
        delivery_attempt_table.c.provider_sid.label("sid"),
        borrower_table.c.zone,
        borrower_table.c.name.label("person"),
        loan_table.c.status.label("loan_status"),
        loan_table.c.lender.label("brand"),
        loan_table.c.borrower_id.label("loan_owner"),
    )
    .select_from(
        WITH_STANDING.outerjoin(borrower_table, borrower_table.c.id == message_table.c.borrower_id).outerjoin(
            loan_table, loan_table.c.id == message_table.c.loan_id
        )
    )
    .where(
        message_table.c.direction == "out",
        message_table.c.status.in_(LEFT),
        message_table.c.sent_at.is_not(None),
    )
)


def read_sent(connection: Connection, since: datetime, until: datetime) -> Iterator[Sent]:
    """What left in `[since, until)`, oldest first, a batch at a time."""
    last: tuple[datetime, int] = (since, 0)
    while True:
        page = _MESSAGES.where(
            message_table.c.sent_at.between(last[0], until),
            message_table.c.sent_at < until,
            (message_table.c.sent_at > last[0])
            | ((message_table.c.sent_at == last[0]) & (message_table.c.id > last[1])),
        )
        rows = connection.execute(
            page.order_by(message_table.c.sent_at, message_table.c.id).limit(BATCH)
        ).all()
        if not rows:
            return
        around = _around(connection, rows)
        for row in rows:
            if row.status != "failed" or row.sid is not None:
                yield _sent(row, around)
        last = (rows[-1].sent_at, rows[-1].id)


def _called() -> Select[Any]:
    """Calls and visits of agents as rows like those of messages; their ids are below zero."""
    loan = select(func.max(loan_table.c.id)).where(
        loan_table.c.borrower_id == agent_contact_table.c.borrower_id
    )
    return select(
        (-agent_contact_table.c.id).label("id"),
        agent_contact_table.c.borrower_id,
        loan.scalar_subquery().label("loan_id"),
        agent_contact_table.c.borrower_id.label("loan_owner"),
        null().label("conversation_id"),
        agent_contact_table.c.channel,
        agent_contact_table.c.at.label("sent_at"),
        literal("contact").label("purpose"),
        literal("agent").label("author"),
        literal("sent").label("status"),
        literal("").label("body"),
        func.coalesce(agent_contact_table.c.phone, "").label("address"),
        null().label("template"),
        borrower_table.c.zone,
    ).join(borrower_table, borrower_table.c.id == agent_contact_table.c.borrower_id)


def read_called(connection: Connection, since: datetime, until: datetime) -> Iterator[Sent]:
    """Calls and visits made in `[since, until)`, oldest first."""
    calls = _called().where(agent_contact_table.c.at >= since, agent_contact_table.c.at < until)
    rows = connection.execute(calls.order_by(agent_contact_table.c.at, agent_contact_table.c.id)).all()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        around = _around(connection, batch)
        for row in batch:
            yield _sent(row, around)


def _sent(row: AnyRow, around: _Around) -> Sent:
    at: datetime = row.sent_at
    person = _person(row)
    mine = around.before[row.borrower_id] if row.borrower_id is not None else ()
    facts = [fact for fact in _facts_about(row, around) if fact.at <= at]
    return Sent(
        row=row,
        at=at,
        before=[other for other in mine if at - WEEK <= other.sent_at <= at and other.id != row.id],
        facts=facts,
        holds=_holds_by_ledger(at, facts) | _holds_by_table(at, row, around),
        points=around.points[person] if person is not None else (),
        received_at=_last(around.received[row.conversation_id], at),
        window_opened_at=_last(around.by_whatsapp[row.conversation_id], at),
        first=around.firsts.get(row.borrower_id) == row.id,
        template=(template := around.templates.get(row.template)),
        decision=_standing(around.decisions[template.id], at) if template is not None else None,
        paid_into=frozenset(around.paid_into[row.borrower_id]),
        guarantors=frozenset(around.guarantors[person] if person is not None else ()),
    )


def _facts_about(row: AnyRow, around: _Around) -> list[Fact]:
    """Of its loan alone where nobody is known."""
    if row.borrower_id is None:
        return around.facts[row.loan_id]
    return [
        fact
        for fact in around.facts_of[row.borrower_id]
        if fact.kind not in OF_A_LOAN
        or fact.loan == row.loan_id
        or fact.data.get("hold") in HOLDS_OF_A_PERSON
    ]


def _holds_by_ledger(at: datetime, facts: Sequence[Fact]) -> frozenset[str]:
    """From which none can be taken."""
    until: dict[tuple[int, str], str | None] = {}
    for fact in facts:
        if fact.kind == "hold.placed":
            until[fact.loan, fact.data["hold"]] = fact.data.get("until")
        elif fact.kind == "hold.lifted":
            until.pop((fact.loan, fact.data["hold"]), None)
    standing = (kind for (_, kind), end in until.items() if end is None or datetime.fromisoformat(end) > at)
    return frozenset(standing)


def _holds_by_table(at: datetime, row: AnyRow, around: _Around) -> set[str]:
    theirs = around.holds_of[row.borrower_id] if row.borrower_id is not None else ()
    return {
        hold.kind
        for hold in (*around.holds[row.loan_id], *(each for each in theirs if each.kind in HOLDS_OF_A_PERSON))
        if hold.placed_at <= at
        and (hold.lifted_at is None or hold.lifted_at > at)
        and (hold.until is None or hold.until > at)
    }


def _standing(decisions: Sequence[AnyRow], at: datetime) -> AnyRow | None:
    return next((each for each in reversed(decisions) if each.at <= at), None)


def _last(times: Sequence[datetime], at: datetime) -> datetime | None:
    seen = bisect_right(times, at)
    return times[seen - 1] if seen else None


def _around(connection: Connection, rows: Sequence[AnyRow]) -> _Around:
    around = _Around()
    people = {person for row in rows if (person := _person(row)) is not None}
    loans = {row.loan_id for row in rows if row.loan_id is not None}
    since = min(row.sent_at for row in rows) - WEEK
    _read_before(connection, around, people, since)
    _read_standing(connection, around, people, loans)
    points = select(contact_point_table).where(contact_point_table.c.borrower_id.in_(people))
    for point in connection.execute(points):
        around.points[point.borrower_id].append(point)
    loan = loan_table.c
    ways = select(
        loan.borrower_id, loan.guarantor_phone, loan.pay_clabe, loan.pay_reference, loan.cash_reference
    )
    for borrower, guarantor, *numbers in connection.execute(ways.where(loan.borrower_id.in_(people))):
        if guarantor:
            around.guarantors[borrower].add(guarantor)
        around.paid_into[borrower] |= {_NO_DIGIT.sub("", number) for number in numbers if number}
    _read_received(connection, around, {row.conversation_id for row in rows}, since)
    _read_templates(connection, around)
    return around


def _read_templates(connection: Connection, around: _Around) -> None:
    """What is decided now stands in the template itself."""
    own, past = template_table.c, template_decision_table.c
    templates = select(template_table).where(own.content_sid.is_not(None))
    around.templates = {row.content_sid: row for row in connection.execute(templates)}
    since = func.coalesce(own.checked_at, own.created_at).label("at")
    now = select(own.id.label("template_id"), own.status, own.category, since)
    before = select(past.template_id, past.status, past.category, past.at)
    for row in connection.execute(union_all(before, now).order_by("at")):
        around.decisions[row.template_id].append(row)


def _read_standing(connection: Connection, around: _Around, people: set[int], loans: set[int]) -> None:
    loan = loan_table.c
    wanted = or_(loan.id.in_(loans), loan.borrower_id.in_(people))
    entries = (
        select(ledger_entry_table, loan.borrower_id)
        .join(loan_table, loan.id == ledger_entry_table.c.loan_id)
        .where(wanted, ledger_entry_table.c.kind.in_(FACTS))
        .order_by(ledger_entry_table.c.at, ledger_entry_table.c.id)
    )
    for entry in connection.execute(entries):
        fact = Fact(entry.at, entry.kind, entry.loan_id, entry.data)
        around.facts[entry.loan_id].append(fact)
        around.facts_of[entry.borrower_id].append(fact)
    holds = select(hold_table, loan.borrower_id).join(loan_table, loan.id == hold_table.c.loan_id)
    for hold in connection.execute(holds.where(wanted)):
        around.holds[hold.loan_id].append(hold)
        around.holds_of[hold.borrower_id].append(hold)


def _read_before(connection: Connection, around: _Around, people: set[int], since: datetime) -> None:
    theirs = (message_table.c.borrower_id.in_(people)) & (message_table.c.direction == "out")
    arrived = message_table.c.status.in_(LEFT) & (message_table.c.status != word("failed"))
    left = theirs & arrived & message_table.c.sent_at.is_not(None)
    unasked = left & (message_table.c.purpose != "reply")
    query = select(message_table).where(unasked, message_table.c.sent_at >= since)
    for row in connection.execute(query.order_by(message_table.c.sent_at, message_table.c.id)):
        around.before[row.borrower_id].append(row)
    called = _called().where(agent_contact_table.c.borrower_id.in_(people), agent_contact_table.c.at >= since)
    for row in connection.execute(called):
        around.before[row.borrower_id].append(row)
    for rows in around.before.values():
        rows.sort(key=lambda each: (each.sent_at, each.id))
    first = select(message_table.c.borrower_id, message_table.c.id).where(unasked)
    for person, message in connection.execute(first.order_by(message_table.c.sent_at, message_table.c.id)):
        around.firsts.setdefault(person, message)


def _read_received(connection: Connection, around: _Around, conversations: set[int], since: datetime) -> None:
    query = (
        select(message_table.c.conversation_id, message_table.c.channel, message_table.c.created_at)
        .where(
            message_table.c.conversation_id.in_(conversations),
            message_table.c.direction == "in",
            message_table.c.created_at >= since,
        )
        .order_by(message_table.c.created_at)
    )
    for conversation, channel, at in connection.execute(query):
        around.received[conversation].append(at)
        if channel == "whatsapp":
            around.by_whatsapp[conversation].append(at)
