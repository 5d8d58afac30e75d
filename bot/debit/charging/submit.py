"""Submission: the guard is asked in the transaction that marks charges `submitting`; then the provider, with
none open; then what it answered is recorded.
"""

import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, bindparam, literal_column, or_, select

from bot import drill
from bot.clock import system_now
from bot.debit.charging.calls import SECONDS, call_in_groups
from bot.debit.charging.guard import Drop, Go, Refuse, Wait, judge_submission
from bot.debit.charging.mandates import stop_mandate
from bot.debit.charging.postpone import postpone, refuse
from bot.debit.charging.reports import accept_many, apply_report, is_plain
from bot.debit.charging.snapshot import LoadedCharge, load_charges
from bot.debit.charging.transitions import (
    SYSTEM,
    cancel,
    fetch_locked,
    fetch_many,
    lock,
    open_case,
    record,
    transition,
)
from bot.debit.port import (
    AuthError,
    ChargeOrder,
    ChargeReport,
    DebitError,
    DebitProvider,
    InvalidRequest,
    MandateNotChargeable,
    RateLimited,
    TransientError,
    UnknownOutcome,
)
from bot.services import Services
from models import charge_table, loan_table, read_tx, write_tx
from models.base import AnyRow
from models.charge import OPEN_CHARGE
from models.transitions import Move, move_many
from values import Money, city_day

log = structlog.get_logger(__name__)

ME = f"{socket.gethostname()[:20]}:{os.getpid()}"
FRESH = timedelta(seconds=1)
"""A claim older than this is confirmed before the call: another worker may have released it meanwhile."""
AFTER_FAILURE = timedelta(minutes=2)
AFTER_REFUSED_KEYS = timedelta(minutes=10)

_DUE = (
    select(charge_table.c.id)
    .where(
        charge_table.c.status == "notified",
        charge_table.c.charge_on == bindparam("today"),
        charge_table.c.provider == bindparam("provider"),
        or_(charge_table.c.submit_after.is_(None), charge_table.c.submit_after <= bindparam("machine")),
    )
    .order_by(charge_table.c.submitted_at.is_not(None), charge_table.c.submitted_at, charge_table.c.id)
    .limit(bindparam("batch"))
)
"""Those that were tried before come last."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A charge marked `submitting`; `row` as it was before."""

    row: AnyRow
    amount: int
    at: datetime
    """Machine time: identifies the claim."""

    @property
    def order(self) -> ChargeOrder:
        row = self.row
        return ChargeOrder(
            row.key, Money(self.amount), row.provider_refs, row.external_id, row.number, row.due_date
        )

    def holds(self, row: AnyRow) -> bool:
        """Whether the charge, as it is now, still is ours to submit."""
        return row.status == "submitting" and (row.claimed_at, row.claimed_by) == (self.at, ME)


class Lost:
    """The claim was another's by the time of the call."""


class Failed:
    """What the call raised is in the log."""


Outcome = ChargeReport | DebitError | Lost | Failed


def submit(services: Services) -> int:
    """Submits what is due today, each charge to its own provider, in batches; how many were claimed."""
    return sum(_submit_to(services, provider) for provider in services.providers)


def _submit_to(services: Services, provider: DebitProvider) -> int:
    until, claimed = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        looked_at, claims = _claim(services, provider)
        claimed += len(claims)
        if not _send(services, provider, claims) or not looked_at:
            break
    return claimed


def _send(services: Services, provider: DebitProvider, claims: Sequence[Claim]) -> bool:
    """Calls several at the same time and records meanwhile what was answered, together what came together.
    Whether the next may be tried.
    """
    goes_on = True
    for group in call_in_groups(provider, claims, lambda claim: _call(services, provider, claim), _stops):
        answered = [(claim, outcome) for claim, outcome in group if outcome is not None]
        for claim, outcome in group:
            if outcome is None:
                _release(services, claim)
        goes_on &= not any(_stops(outcome) for _, outcome in answered) and len(answered) == len(group)
        left = _accept(services, provider, answered)
        for claim, outcome in left:
            goes_on &= _record(services, provider, claim, outcome)
    return goes_on


def _stops(outcome: Outcome) -> bool:
    """Whether the next call would fail alike."""
    return isinstance(outcome, TransientError | AuthError | Failed)


def _claim(services: Services, provider: DebitProvider) -> tuple[int, list[Claim]]:
    """How many were looked at, and those that may be charged at this moment, marked `submitting`; the others
    are postponed, dropped or shown to a person.
    """
    now, machine = services.clock.now(), system_now()
    due = {
        "today": city_day(now),
        "provider": provider.name,
        "machine": machine,
        "batch": provider.capabilities.batch,
    }
    with read_tx(services.engine) as connection:
        if connection.scalar(_DUE, due) is None:
            return 0, []
    with write_tx(services.engine) as connection:
        ids = list(connection.scalars(_DUE, due))
        _lock_borrowers(connection, ids)
        found = _one_per_borrower(load_charges(connection, ids, now))
        claims = [_judged(connection, services, provider, loaded, now, machine) for loaded in found]
        mine = [claim for claim in claims if claim is not None]
        _mark(connection, mine, now)
    return len(ids), mine


def _one_per_borrower(found: Sequence[LoadedCharge]) -> list[LoadedCharge]:
    """Each counts against the next of the same borrower: that one comes with the next batch."""
    due = [loaded for loaded in found if loaded.row.status == "notified"]
    return list({loaded.row.borrower_id: loaded for loaded in reversed(due)}.values())


def _judged(
    connection: Connection,
    services: Services,
    provider: DebitProvider,
    loaded: LoadedCharge,
    now: datetime,
    machine: datetime,
) -> Claim | None:
    row = loaded.row
    match judge_submission(loaded.snapshot, loaded.announced_on, now, provider.capabilities.submit_until):
        case Go(amount=amount):
            return Claim(row, amount, machine)
        case Wait(reason=reason, until=until):
            postpone(connection, services, loaded, reason, now, until)
        case Drop(reason=reason):
            cancel(connection, row, reason, now)
        case Refuse(reason=reason):
            refuse(connection, row, reason, now)
    return None


def _lock_borrowers(connection: Connection, charges: Sequence[int]) -> None:
    """All open charges of their borrowers: what may be charged in a week is counted behind these locks."""
    borrowers = (
        select(loan_table.c.borrower_id)
        .join(charge_table, charge_table.c.loan_id == loan_table.c.id)
        .where(charge_table.c.id.in_(charges))
        .scalar_subquery()
    )
    theirs = (
        select(charge_table.c.id)
        .join(loan_table, loan_table.c.id == charge_table.c.loan_id)
        .where(loan_table.c.borrower_id.in_(borrowers), literal_column(f"charge.{OPEN_CHARGE}"))
    )
    lock(connection, list(connection.scalars(theirs)))


def _mark(connection: Connection, claims: Sequence[Claim], now: datetime) -> None:
    """`submitting`, all together."""
    moves = [
        Move(
            claim.row.id,
            {"amount": claim.amount},
            {
                "amount": claim.amount,
                "announced_amount": claim.row.amount
                if claim.amount < claim.row.amount
                else claim.row.announced_amount,
                "submitted_at": now,
                "claimed_at": claim.at,
                "claimed_by": ME,
                "submit_after": None,
            },
        )
        for claim in claims
    ]
    move_many(connection, "charge", moves, "submitting", at=now, actor=SYSTEM)


def _call(services: Services, provider: DebitProvider, claim: Claim) -> Outcome:
    """No transaction is open while the provider is called."""
    try:
        if system_now() - claim.at > FRESH and not _still_mine(services, claim):
            return Lost()
        drill.passing("before_charge")
        outcome = _outcome(provider, claim)
        drill.passing("after_charge")
    except Exception:  # the claim stays and is released later: the provider will be asked whether it has it
        log.exception("submitting raised", charge=claim.row.id, loan=claim.row.loan_id)
        return Failed()
    return outcome


def _record(services: Services, provider: DebitProvider, claim: Claim, outcome: Outcome) -> bool:
    """Whether the next one may be tried."""
    if isinstance(outcome, Lost | Failed):
        return isinstance(outcome, Lost)
    try:
        return record_outcome(services, provider, claim, outcome)
    except Exception:
        log.exception("recording raised", charge=claim.row.id, loan=claim.row.loan_id)
        return False


def _accept(
    services: Services, provider: DebitProvider, answered: Sequence[tuple[Claim, Outcome]]
) -> list[tuple[Claim, Outcome]]:
    """Records in a few statements what was simply taken; answers what is left to be recorded one by one."""
    taken = [
        (claim, outcome)
        for claim, outcome in answered
        if isinstance(outcome, ChargeReport) and is_plain(claim.order, outcome)
    ]
    if len(taken) < 2:
        return list(answered)
    now = services.clock.now()
    reports = {claim.row.id: report for claim, report in taken}
    try:
        with write_tx(services.engine) as connection:
            rows = fetch_many(connection, list(reports))
            mine = [
                (rows[claim.row.id], reports[claim.row.id])
                for claim, _ in taken
                if claim.holds(rows[claim.row.id])
            ]
            accept_many(connection, provider, mine, now)
    except Exception:  # one of them may be at fault: each by itself
        log.exception("recording together raised", charges=sorted(reports))
        return list(answered)
    return [(claim, outcome) for claim, outcome in answered if claim.row.id not in reports]


def _release(services: Services, claim: Claim) -> None:
    """It was not sent: it is due again at once."""
    with write_tx(services.engine) as connection:
        row = fetch_locked(connection, claim.row.id)
        if claim.holds(row):
            reason = {"reason": "not_sent"}
            transition(
                connection,
                row,
                "notified",
                services.clock.now(),
                because=reason,
                submitted_at=claim.row.submitted_at,
            )


def _outcome(provider: DebitProvider, claim: Claim) -> ChargeReport | DebitError:
    """One that was sent before is looked up first: the provider forgets a key after a day."""
    try:
        found = provider.find_charge(claim.order.key) if claim.row.submitted_at is not None else None
    except DebitError as error:
        return error if isinstance(error, AuthError | RateLimited) else TransientError(error.code)
    try:
        return found or provider.create_charge(claim.order)
    except DebitError as error:
        return error


def _still_mine(services: Services, claim: Claim) -> bool:
    columns = (charge_table.c.status, charge_table.c.claimed_at, charge_table.c.claimed_by)
    with read_tx(services.engine) as connection:
        return claim.holds(
            connection.execute(select(*columns).where(charge_table.c.id == claim.row.id)).one()
        )


def record_outcome(
    services: Services, provider: DebitProvider, claim: Claim, outcome: ChargeReport | DebitError
) -> bool:
    """Records the answer to a call. Whoever released an old claim may have been faster: then the provider is
    asked. Whether the next may be tried.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = fetch_locked(connection, claim.row.id)
        if not claim.holds(row):
            return True
        match outcome:
            case ChargeReport():
                apply_report(connection, provider, row, outcome, now)
            case UnknownOutcome():
                transition(connection, row, "unknown", now, because={"error": outcome.code})
                record(connection, row, "charge.unknown", now, once=row.claimed_at.isoformat())
            case TransientError() | AuthError():
                _submit_later(connection, row, outcome, now)
                return False
            case InvalidRequest():
                _invalid(connection, row, outcome, now)
            case _:
                raise outcome
    return True


def _submit_later(connection: Connection, row: AnyRow, error: DebitError, now: datetime) -> None:
    """Nothing was done: the same charge is submitted again, today."""
    match error:
        case AuthError():
            wait = AFTER_REFUSED_KEYS
        case RateLimited(seconds=seconds):
            wait = timedelta(seconds=seconds)
        case _:
            wait = AFTER_FAILURE
    transition(
        connection, row, "notified", now, because={"error": error.code}, submit_after=system_now() + wait
    )
    if not isinstance(error, RateLimited):
        day = city_day(now).isoformat()
        open_case(connection, "debit_provider", f"{error.code}:{day}", now, error=error.code)


def _invalid(connection: Connection, row: AnyRow, error: InvalidRequest, now: datetime) -> None:
    """Refused as it stands: it is not made under this mandate before a person has decided."""
    cancel(connection, row, error.code, now, return_code=error.code[:16])
    open_case(connection, "charge_invalid", str(row.id), now, row.loan_id, charge=row.id, error=error.code)
    if isinstance(error, MandateNotChargeable):
        stop_mandate(connection, row.mandate_id, "suspended", error.code, now, SYSTEM)
