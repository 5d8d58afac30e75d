"""Submission: the guard is asked in the transaction that marks a charge `submitting`; then the provider, with
none open; then what came of it.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, literal_column, select

from bot import drill
from bot.clock import system_now
from bot.debit.charging.days import city_day
from bot.debit.charging.guard import Drop, Go, Refuse, Wait, judge_submission
from bot.debit.charging.mandates import stop
from bot.debit.charging.moves import SYSTEM, cancel, change, lock, locked, to_a_person, write
from bot.debit.charging.notice import put_off, refuse
from bot.debit.charging.provider import provider_of
from bot.debit.charging.reports import take
from bot.debit.charging.standing import read
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
from values import Money

log = structlog.get_logger(__name__)

ME = f"{socket.gethostname()[:20]}:{os.getpid()}"
BATCH = 25
FRESH = timedelta(seconds=1)
"""A claim older than this is confirmed before the call: it may have been taken up by another worker
meanwhile.
"""
AGAIN = timedelta(minutes=2)
MENDED = timedelta(minutes=10)
"""How long nothing is submitted after the provider refused our keys."""

_DUE = (
    select(charge_table.c.id)
    .where(charge_table.c.status == "notified", charge_table.c.charge_on == bindparam("today"))
    .order_by(charge_table.c.submitted_at.is_not(None), charge_table.c.submitted_at, charge_table.c.id)
    .limit(BATCH)
)
"""Those that were tried before come last."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A charge marked `submitting`, as it stood before; `data` as it is now."""

    row: AnyRow
    amount: int
    data: dict[str, Any]

    @property
    def order(self) -> ChargeOrder:
        row = self.row
        return ChargeOrder(
            row.key, Money(self.amount), row.provider_refs, row.external_id, row.number, row.due_date
        )


def submit(services: Services, provider: DebitProvider | None = None) -> int:
    """Submits a batch of what is due today; how many were claimed."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        ids = list(connection.scalars(_DUE, {"today": city_day(now)}))
    provider = (provider or provider_of(services)) if ids else None
    if provider is None:
        return 0
    claimed = 0
    for charge in ids:
        if (claim := _claim(services, charge)) is None:
            continue
        claimed += 1
        if not _call(services, provider, claim):
            break
    return claimed


def _claim(services: Services, charge: int) -> Claim | None:
    """Marks it `submitting` if all that allows it stands at this moment; else it is put off, dropped or shown
    to a person.
    """
    now, machine = services.clock.now(), system_now()
    with write_tx(services.engine) as connection:
        _lock_borrower(connection, charge)
        (known,) = read(connection, [charge], now)
        row = known.row
        if row.status != "notified" or _not_yet(row, machine):
            return None
        match judge_submission(known.standing, known.told_on, now, services.settings.debit_submit_until):
            case Go(amount=amount):
                return _marked(connection, row, amount, now, machine)
            case Wait(reason=reason, until=until):
                put_off(connection, services, row, reason, now, until)
            case Drop(reason=reason):
                cancel(connection, row, reason, now)
            case Refuse(reason=reason):
                refuse(connection, row, reason, now)
    return None


def _lock_borrower(connection: Connection, charge: int) -> None:
    """All open charges of the borrower: what may be charged in a week is counted behind this lock."""
    borrower = (
        select(loan_table.c.borrower_id)
        .join(charge_table, charge_table.c.loan_id == loan_table.c.id)
        .where(charge_table.c.id == charge)
        .scalar_subquery()
    )
    theirs = (
        select(charge_table.c.id)
        .join(loan_table, loan_table.c.id == charge_table.c.loan_id)
        .where(loan_table.c.borrower_id == borrower, literal_column(f"charge.{OPEN_CHARGE}"))
    )
    lock(connection, list(connection.scalars(theirs)))


def _not_yet(row: AnyRow, machine: datetime) -> bool:
    return "not_before" in row.data and machine < datetime.fromisoformat(row.data["not_before"])


def _marked(connection: Connection, row: AnyRow, amount: int, now: datetime, machine: datetime) -> Claim:
    data = (
        row.data
        | {"claimed_at": machine.isoformat(), "claimed_by": ME}
        | ({"noticed": row.amount} if amount < row.amount else {})
    )
    change(
        connection,
        row,
        "submitting",
        now,
        because={"amount": amount},
        amount=amount,
        submitted_at=now,
        data=data,
    )
    return Claim(row, amount, data)


def _call(services: Services, provider: DebitProvider, claim: Claim) -> bool:
    """No transaction is open while the provider is called. Whether the next one may be tried."""
    try:
        if system_now() - datetime.fromisoformat(claim.data["claimed_at"]) > FRESH and not _still_mine(
            services, claim
        ):
            return True
        drill.passing("before_charge")
        outcome = _outcome(provider, claim)
        drill.passing("after_charge")
        return record(services, provider, claim, outcome)
    except Exception:  # the claim stays and is taken up: the provider will be asked what it knows
        log.exception("submitting raised", charge=claim.row.id, loan=claim.row.loan_id)
        return False


def _outcome(provider: DebitProvider, claim: Claim) -> ChargeReport | DebitError:
    """One that was sent before is looked up first: the provider forgets a key after a day, we never do."""
    try:
        found = provider.find_charge(claim.order.key) if claim.row.submitted_at is not None else None
    except DebitError as error:
        return error if isinstance(error, AuthError | RateLimited) else TransientError(error.code)
    try:
        return found or provider.create_charge(claim.order)
    except DebitError as error:
        return error


def _still_mine(services: Services, claim: Claim) -> bool:
    with read_tx(services.engine) as connection:
        standing = connection.execute(
            select(charge_table.c.status, charge_table.c.data).where(charge_table.c.id == claim.row.id)
        ).one()
    return standing.status == "submitting" and _claimed_alike(standing.data, claim.data)


def _claimed_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("claimed_at", "claimed_by"))


def record(
    services: Services, provider: DebitProvider, claim: Claim, outcome: ChargeReport | DebitError
) -> bool:
    """Writes what came of a call. Whoever took an old claim up may have been faster: then the provider is
    asked. Whether the next may be tried.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = locked(connection, claim.row.id)
        if row.status != "submitting" or not _claimed_alike(row.data, claim.data):
            return True
        match outcome:
            case ChargeReport():
                take(connection, provider, row, outcome, now)
            case UnknownOutcome():
                change(connection, row, "unknown", now, because={"error": outcome.code})
                write(connection, row, "charge.unknown", now, once=row.data["claimed_at"])
            case TransientError() | AuthError():
                _later(connection, row, outcome, now)
                return False
            case InvalidRequest():
                _invalid(connection, row, outcome, now)
            case _:
                raise outcome
    return True


def _later(connection: Connection, row: AnyRow, error: DebitError, now: datetime) -> None:
    """Nothing was done: the same charge is submitted again, today."""
    wait = (
        MENDED
        if isinstance(error, AuthError)
        else timedelta(seconds=error.seconds)
        if isinstance(error, RateLimited)
        else AGAIN
    )
    data = row.data | {"not_before": (system_now() + wait).isoformat()}
    change(connection, row, "notified", now, because={"error": error.code}, data=data)
    if not isinstance(error, RateLimited):
        to_a_person(
            connection, "debit_provider", f"{error.code}:{city_day(now).isoformat()}", now, error=error.code
        )


def _invalid(connection: Connection, row: AnyRow, error: InvalidRequest, now: datetime) -> None:
    """Refused as it stands: it is not made under this mandate before a person has looked."""
    cancel(connection, row, error.code, now, return_code=error.code[:16])
    to_a_person(connection, "charge_invalid", str(row.id), now, row.loan_id, charge=row.id, error=error.code)
    if isinstance(error, MandateNotChargeable):
        stop(connection, row.mandate_id, "suspended", error.code, now, SYSTEM)
