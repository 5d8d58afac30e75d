"""May this charge be announced, or made, now? One pure decision, asked when a day is named to the borrower,
when the charge is announced, and again in the transaction that submits it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.debit.charging.banking_days import APART, first_possible, week_of
from values import CITY, billing_window, is_banking_day

ATTEMPTS, A_WEEK = 3, 2
"""At most so many of one instalment, and of one borrower in a week."""
DAYS_TRIED = 20
NO_CHARGE = frozenset(
    {"dispute", "deceased", "vulnerable", "legal", "hardship", "complaint", "payment_reported", "missing"}
)
"""Holds that stop charges; `opt_out` is about messages, and a notice is no reminder."""
ENDED = frozenset({"cancelled", "rejected", "expired"})
CLOSED = frozenset({"settled", "written_off"})
COLLECTED = frozenset({"collected", "settled"})
TOOK_NOTHING = frozenset({"returned", "reversed"})
WAITING = frozenset({"planned", "notified"})


@dataclass(frozen=True, slots=True)
class OtherCharge:
    """Another charge of the same borrower; cancelled ones are left out."""

    id: int
    mandate_id: int
    instalment_id: int
    status: str
    amount: int
    charge_on: date
    plan_part: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is true of a charge at this moment; amounts in centavos."""

    id: int
    mandate_id: int
    instalment_id: int
    amount: int
    charge_on: date
    retry: str | None
    """`payday` or `technical`, where it is another attempt."""
    due_date: date
    own_account: bool
    """Whether the account is of the borrower who owes the loan."""
    unpaid: int
    max_amount: int
    mandate: str
    valid_until: date | None
    loan: str
    holds: frozenset[str]
    promised: bool
    due_dates: tuple[date, ...]
    """Of all the loan's instalments, in order: a billing period runs from one to the next."""
    others: tuple[OtherCharge, ...]
    plan_part: int | None = None
    """The part of a plan that it collects; what is `unpaid`, and when it is due, are then the part's."""
    plan_over: bool = False
    """Whether that plan is no longer in force."""
    frequency: str = "instalment"
    """Of the mandate: its billing period, by which the parts of a plan are held to its maximum."""

    def is_same(self, other: OtherCharge) -> bool:
        """Whether another charge is an attempt at the very same money."""
        if self.plan_part is not None:
            return other.plan_part == self.plan_part
        return other.plan_part is None and other.instalment_id == self.instalment_id


@dataclass(frozen=True, slots=True)
class Go:
    amount: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: it is announced again for a later day, not before `until` where given."""

    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Never: there is nothing to charge any more, or nobody may."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not by us: a person must look."""

    reason: str


Verdict = Go | Wait | Drop | Refuse


def judge(charge: Snapshot) -> Verdict:
    """Whether it may be announced for its day; the amount is what is unpaid now."""
    return _judge(charge, charge.unpaid)


def judge_submission(charge: Snapshot, announced_on: date | None, now: datetime, until: time) -> Verdict:
    """Whether it leaves now. `announced_on` is when its notice left. The notice named an amount: less may be
    charged, never more.
    """
    local = now.astimezone(CITY)
    if charge.charge_on != local.date() or local.time() >= until or not is_banking_day(local.date()):
        return Wait("missed")
    if announced_on is None or announced_on >= charge.charge_on:
        return Wait("not_announced")
    return _judge(charge, min(charge.amount, charge.unpaid))


def _judge(charge: Snapshot, amount: int) -> Verdict:
    if charge.mandate in ENDED or (charge.valid_until is not None and charge.charge_on > charge.valid_until):
        return Drop("mandate_ended")
    if charge.loan in CLOSED or amount <= 0:
        return Drop("paid")
    if charge.plan_over:
        return Drop("plan_over")
    if not charge.own_account:
        return Refuse("owner")
    same = [other for other in charge.others if charge.is_same(other)]
    if any(other.status in COLLECTED for other in same):
        return Refuse("again")
    if len(same) >= ATTEMPTS:
        return Drop("attempts")
    if reason := blocked_by(charge):
        return Wait(reason)
    if charge.charge_on < charge.due_date:
        return Wait("not_due", charge.due_date)
    return Refuse("over_max") if amount > charge.max_amount else _crowded(charge, amount) or Go(amount)


def blocked_by(charge: Snapshot) -> str | None:
    """What pauses all charges of the loan for now."""
    if charge.mandate != "active":
        return f"mandate_{charge.mandate}"
    if stopped := charge.holds & NO_CHARGE:
        return f"hold_{min(stopped)}"
    if charge.loan == "disputed":
        return "hold_dispute"
    return "promise" if charge.promised else None


def _crowded(charge: Snapshot, amount: int) -> Wait | None:
    """Too soon after another attempt, too many in the week, or more than the mandate allows in one billing
    period.
    """
    same = [other.charge_on for other in charge.others if charge.is_same(other)]
    if same and charge.retry != "technical" and charge.charge_on < max(same) + APART:
        return Wait("too_soon", max(same) + APART)
    week = week_of(charge.charge_on)
    if sum(1 for other in _before(charge) if week_of(other.charge_on) == week) >= A_WEEK:
        return Wait("too_many", week + timedelta(days=7))
    start, end = _period(charge)
    taken = sum(
        other.amount
        for other in _before(charge)
        if other.mandate_id == charge.mandate_id
        and other.status not in TOOK_NOTHING
        and start <= other.charge_on < end
    )
    return (
        Wait("over_period", end if end < date.max else None) if taken + amount > charge.max_amount else None
    )


def _before(charge: Snapshot) -> Iterator[OtherCharge]:
    """Those that were submitted, and those waiting that were planned before this one."""
    return (other for other in charge.others if other.status not in WAITING or other.id < charge.id)


def first_allowed_day(charge: Snapshot) -> date | None:
    """The first day, from the planned one on, on which the guard allows it as things stand: the day that is
    named to its borrower. Null where something stands against it whose end nobody knows, or where it may not
    be made at all.
    """
    for _ in range(DAYS_TRIED):
        match judge(charge):
            case Go():
                return charge.charge_on
            case Wait(until=date() as until):
                charge = replace(charge, charge_on=first_possible(charge.charge_on, until, charge.retry))
            case _:
                return None
    return None


def _period(charge: Snapshot) -> tuple[date, date]:
    if charge.plan_part is not None:
        return billing_window(charge.frequency, charge.charge_on)
    return billing_period(charge.due_dates, charge.charge_on)


def billing_period(due_dates: tuple[date, ...], day: date) -> tuple[date, date]:
    """`[start, end)`: from the last due date on or before `day` to the next after it."""
    start = max((due for due in due_dates if due <= day), default=date.min)
    return start, min((due for due in due_dates if due > day), default=date.max)
