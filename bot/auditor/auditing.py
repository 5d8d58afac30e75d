"""The audit of a span of days: every message that left, tried by every check."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.auditor.checking import CHECKS, OF_CALLS, Terms
from bot.auditor.ledger import LOG_DIFFERS, read_differences
from bot.auditor.log import LEFT, Sent, read_called, read_sent
from models import ledger_entry_table, message_table
from models.base import word

NEAR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Violation:
    check: str
    message: int | None
    loan: int | None
    at: str
    detail: str
    contact: int | None = None
    """The call or the visit of an agent, where it was one and no message."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Paid, then quiet: for how long demands went on after the last payment was known, in seconds."""

    payments: int
    p50: int
    p99: int


@dataclass(frozen=True, slots=True)
class Report:
    first: str
    last: str
    messages: int
    """That left and that nobody had asked for."""
    calls: int
    """And visits, of agents."""
    violations: tuple[Violation, ...]
    near_misses: int
    """Left within a quarter of an hour of the end of the lawful hours."""
    held_back: Mapping[str, int]
    """By rule: messages that were put off or dropped."""
    quiet: Mapping[str, Quiet]
    """By rail."""

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        return {**found, "violations": [asdict(each) for each in self.violations]}


def audit(connection: Connection, terms: Terms, first: date, last: date) -> Report:
    """From the first day to the last, both whole, by the country's own clock."""
    since, until = _midnight(first, terms.law.zone), _midnight(last + timedelta(days=1), terms.law.zone)
    messages = near = 0
    found: list[Violation] = []
    for sent in read_sent(connection, since, until):
        if sent.row.purpose != "reply":
            messages += 1
            near += _is_near(sent, terms)
        found += [
            Violation(name, sent.row.id, sent.row.loan_id, sent.at.isoformat(), detail)
            for name, check in CHECKS.items()
            if (detail := check(sent, terms)) is not None
        ]
    calls = 0
    for sent in read_called(connection, since, until):
        calls += 1
        found += [
            Violation(name, None, sent.row.loan_id, sent.at.isoformat(), detail, -sent.row.id)
            for name in OF_CALLS
            if (detail := CHECKS[name](sent, terms)) is not None
        ]
    found += [
        Violation(LOG_DIFFERS, each.message, each.loan, each.at.isoformat(), each.detail)
        for each in read_differences(connection, since, until)
    ]
    return Report(
        first.isoformat(),
        last.isoformat(),
        messages,
        calls,
        tuple(found),
        near,
        _held_back(connection, since, until),
        _quiet(connection, since, until),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _is_near(sent: Sent, terms: Terms) -> bool:
    zone = ZoneInfo(sent.row.zone) if sent.row.zone else terms.law.zone
    local = sent.at.astimezone(zone)
    span = terms.law.hours(local.date(), zone_known=bool(sent.row.zone), channel=sent.row.channel)
    if span is None:
        return False
    end = datetime.combine(local.date(), span[1], zone)
    return timedelta() < end - local <= NEAR


def _held_back(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    query = select(message_table.c.reason).where(
        message_table.c.direction == "out",
        message_table.c.status == word("suppressed"),
        message_table.c.created_at >= since,
        message_table.c.created_at < until,
    )
    return dict(sorted(Counter(rule or "" for rule in connection.scalars(query)).items()))


def _quiet(connection: Connection, since: datetime, until: datetime) -> dict[str, Quiet]:
    """Of each loan that was paid off in the span."""
    entries = select(ledger_entry_table).where(
        ledger_entry_table.c.kind.in_(("loan.settled", "payment.posted", "charge.collected")),
        ledger_entry_table.c.at >= since,
        ledger_entry_table.c.at < until,
    )
    settled: dict[int, datetime] = {}
    rails: dict[int, str] = {}
    order = (ledger_entry_table.c.loan_id, ledger_entry_table.c.seq)
    for entry in connection.execute(entries.order_by(*order)):
        if entry.kind == "loan.settled":
            settled[entry.loan_id] = entry.at
        else:
            rails[entry.loan_id] = str(entry.data.get("rail", "other"))
    last = _last_demands(connection, settled)
    seconds: dict[str, list[int]] = defaultdict(list)
    for loan, at in settled.items():
        seconds[rails.get(loan, "other")].append(max(0, int((last.get(loan, at) - at).total_seconds())))
    return {rail: _summary(each) for rail, each in sorted(seconds.items())}


def _last_demands(connection: Connection, settled: Mapping[int, datetime]) -> dict[int, datetime]:
    if not settled:
        return {}
    query = select(message_table.c.loan_id, message_table.c.sent_at).where(
        message_table.c.loan_id.in_(list(settled)),
        message_table.c.purpose == "contact",
        message_table.c.status.in_(LEFT),
        message_table.c.sent_at >= min(settled.values()),
    )
    sent = connection.execute(query.order_by(message_table.c.sent_at))
    return {loan: at for loan, at in sent if at >= settled[loan]}


def _summary(seconds: Sequence[int]) -> Quiet:
    ordered = sorted(seconds)
    return Quiet(len(ordered), _percentile(ordered, 50), _percentile(ordered, 99))


def _percentile(ordered: Sequence[int], percent: int) -> int:
    """The nearest rank."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
