"""Which reports speak of the same money: the one place that decides it, and pure.

Certain identity is a duplicate, possible identity is for a person, everything else is other money.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from values import CITY, city_day

Source = Literal["api", "file", "debit", "agent"]

NEAR = timedelta(days=3)
"""How far apart two reports of one payment date it."""
FAR = timedelta(days=10)
"""Beyond this a reference that comes again names the loan, not a payment."""
BANK_RAILS = frozenset({"spei", "transfer", "other"})
"""What a lender's bank statement calls money that reached its account, a debit's too."""


@dataclass(frozen=True, slots=True)
class DebitWindow:
    """A debit: our key of it, and the days between which the lender's bank may date its credit."""

    key: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reported:
    """What one source reports of a payment; `amount` in centavos."""

    source: Source
    rail: str
    reference: str
    amount: int
    paid_at: datetime
    actor: str
    repeated: int = 0
    """How many equal rows the same file holds before this one."""
    debit: DebitWindow | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Money that is known, by what was reported of it."""

    id: int
    amount: int
    reports: tuple[Reported, ...]
    debit: DebitWindow | None = None
    reversed_at: datetime | None = None
    """When it was taken back: a report that comes again of it is a person's to decide."""

    def was_there(self, at: datetime) -> bool:
        """What is paid after money was taken back is other money."""
        return self.reversed_at is None or at < self.reversed_at

    @property
    def explained(self) -> bool:
        """Whether the lender has reported this debit by its own records too."""
        return any(each.source != "debit" for each in self.reports)


@dataclass(frozen=True, slots=True)
class Same:
    held: int


@dataclass(frozen=True, slots=True)
class Doubt:
    held: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class New:
    pass


Verdict = Same | Doubt | New


def match(report: Reported, known: Sequence[Held], shared: Collection[str]) -> Verdict:
    """`shared`: references that the lender gives per loan, which identify no payment by themselves."""
    names_one = folded(report.reference) not in shared
    possible = [held for held in known if held.was_there(report.paid_at)]
    certain = [held for held in possible if _is_same(report, held, names_one=names_one)]
    if standing := [held for held in certain if held.reversed_at is None]:
        return Same(min(standing, key=lambda held: (_apart(report, held), held.id)).id)
    doubts = tuple(
        held.id for held in possible if held in certain or _may_be_same(report, held, names_one=names_one)
    )
    return Doubt(doubts) if doubts else New()


def shared_references(own: Collection[str | None], known: Sequence[Held]) -> frozenset[str]:
    """The loan's own references, and those under which two payments stand already."""
    seen: dict[str, set[int]] = {}
    for held in (each for each in known if each.reversed_at is None):
        for each in held.reports:
            seen.setdefault(folded(each.reference), set()).add(held.id)
    again = {reference for reference, payments in seen.items() if len(payments) > 1}
    return frozenset({folded(each) for each in own if each} | again)


def folded(reference: str) -> str:
    return "".join(reference.casefold().split())


def _apart(report: Reported, held: Held) -> timedelta:
    return min(abs(each.paid_at - report.paid_at) for each in held.reports)


def _is_same(report: Reported, held: Held, *, names_one: bool) -> bool:
    if held.amount != report.amount:
        return False
    if _names_debit(report, held) or _is_debit(report, held):
        return True
    return not report.repeated and any(
        (each.rail, folded(each.reference)) == (report.rail, folded(report.reference))
        and (each.paid_at == report.paid_at or (names_one and _dated_alike(report, each)))
        for each in held.reports
    )


def _dated_alike(report: Reported, other: Reported) -> bool:
    """Whether one reference and two dates are one payment's. A transfer's names it, and is dated days apart;
    with the reference of cash its borrower comes again the next day.
    """
    if report.rail == "cash":
        return report.source != other.source and city_day(report.paid_at) == city_day(other.paid_at)
    return abs(report.paid_at - other.paid_at) <= NEAR


def _names_debit(report: Reported, held: Held) -> bool:
    if held.debit is not None and report.source != "debit":
        return folded(report.reference) == folded(held.debit.key)
    own = report.debit
    return own is not None and any(folded(each.reference) == folded(own.key) for each in held.reports)


def _is_debit(report: Reported, held: Held) -> bool:
    """A debit that the lender and the provider both report, dated within the days that settling takes."""
    if report.debit is not None:
        return held.debit is None and any(
            each.rail == "debit" and _within(each, report.debit) for each in held.reports
        )
    return (
        report.rail == "debit"
        and held.debit is not None
        and not held.explained
        and _within(report, held.debit)
    )


def _within(report: Reported, window: DebitWindow) -> bool:
    return window.first <= city_day(report.paid_at) <= window.last


def _may_be_same(report: Reported, held: Held, *, names_one: bool) -> bool:
    if held.amount != report.amount:
        return _is_corrected(report, held, names_one=names_one)
    if _may_be_debit(report, held):
        return True
    if held.debit is not None or report.debit is not None:
        return False
    return any(_alike(report, each, names_one=names_one) for each in held.reports)


def _is_corrected(report: Reported, held: Held, *, names_one: bool) -> bool:
    """One reference of one payment with two sums: a correction, or a slip. What was taken back is corrected
    by what comes after it.
    """
    return (
        names_one
        and held.reversed_at is None
        and any(
            (each.rail, folded(each.reference)) == (report.rail, folded(report.reference))
            and abs(each.paid_at - report.paid_at) <= FAR
            for each in held.reports
        )
    )


def _may_be_debit(report: Reported, held: Held) -> bool:
    """The lender's bank shows money of a debit's sum on a day on which the debit may have reached it."""
    if report.debit is not None:
        window = report.debit
        return held.debit is None and any(
            each.rail in BANK_RAILS and _within(each, window) for each in held.reports
        )
    if held.debit is None or not _within(report, held.debit):
        return False
    return report.rail == "debit" or (report.rail in BANK_RAILS and not held.explained)


def _alike(report: Reported, other: Reported, *, names_one: bool) -> bool:
    apart = abs(report.paid_at - other.paid_at)
    if report.rail == other.rail and folded(report.reference) == folded(other.reference):
        return _again(report, other, apart, names_one=names_one)
    one_rail = report.rail == other.rail or {report.rail, other.rail} <= BANK_RAILS
    return report.source != other.source and one_rail and apart <= NEAR


def _again(report: Reported, other: Reported, apart: timedelta, *, names_one: bool) -> bool:
    """The same sum under the same reference, not certainly the same payment."""
    if report.repeated:
        return True
    if names_one:
        return apart <= FAR
    same_day = city_day(report.paid_at) == city_day(other.paid_at)
    return same_day and (report.source != other.source or _is_day(report) or _is_day(other))


def _is_day(report: Reported) -> bool:
    """Whether it names a day without a time."""
    return report.paid_at.astimezone(CITY).time() == time()
