"""What a borrower may ask of the next charge in time: another day, or that it is not made. The day is judged
by the guard, as every other; the new one is announced afresh.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import Connection, Select, bindparam, select, update

from bot.compliance import load_rules
from bot.debit.charging.guard import WAITING, first_allowed_day
from bot.debit.charging.postpone import move_to, opens_at, postpone
from bot.debit.charging.snapshot import LoadedCharge, load_charges
from bot.debit.charging.transitions import facts, lock, transition
from bot.debit.notices import take_back_notice
from bot.services import Services
from models import charge_table, instalment_table, plan_instalment_table
from models.base import words
from models.ledger import NewEntry
from values import CITY, city_day, is_banking_day, roll_back, roll_forward

FIRST, LAST = timedelta(days=2), timedelta(days=15)
"""From today: time for a notice, and how long a debit may be put off by asking; later is a matter of a
promise.
"""

CancelReason = Literal["borrower", "payment_reported"]
_WAITING_OF_LOAN = select(charge_table.c.id).where(
    charge_table.c.loan_id == bindparam("loan"), charge_table.c.status.in_(words(*sorted(WAITING)))
)


class ChargeTooLate(Exception):
    """It is on its way, or it is none that waits."""

    def __init__(self, charge: int) -> None:
        super().__init__(f"charge {charge} is on its way: it can be neither moved nor cancelled here")


class ChargeDayRefused(Exception):
    """The guard does not allow that day."""

    def __init__(self, charge: int, day: date) -> None:
        super().__init__(f"charge {charge} cannot be made on {day}: ask for another day of its window")


def move_window(charge_on: date, now: datetime, submit_until: time) -> tuple[date, date] | None:
    """The first and the last banking day that a waiting charge may be moved to; null once it is too late."""
    local = now.astimezone(CITY)
    if charge_on < local.date() or (charge_on == local.date() and local.time() >= submit_until):
        return None
    return roll_forward(local.date() + FIRST), roll_back(local.date() + LAST)


def move_charge(
    connection: Connection, services: Services, charge: int, to: date, now: datetime, actor: str
) -> tuple[int, NewEntry]:
    """Planned for `to`. Its loan, and the entry for it. Raises ChargeTooLate, ChargeDayRefused."""
    loaded = _waiting(connection, services, charge, now)
    row = loaded.row
    rules = load_rules(services.lender.lender.contact_country)
    opens = opens_at(services, row.zone, "whatsapp", rules, now)
    soonest = city_day(opens) + timedelta(days=1) if opens else date.max
    latest = city_day(now) + LAST
    snapshot = replace(loaded.snapshot, charge_on=to)
    if not (is_banking_day(to) and soonest <= to <= latest) or first_allowed_day(snapshot) != to:
        raise ChargeDayRefused(charge, to)
    take_back_notice(connection, row, now)
    move_to(connection, loaded, to, "borrower", now)
    connection.execute(update(charge_table).where(charge_table.c.id == charge).values(expected_on=to))
    days = {"was": row.charge_on.isoformat(), "reason": "borrower"}
    data = {**facts(row), **days, "charge_on": to.isoformat()}
    return row.loan_id, NewEntry("charge.moved", data, actor)


def cancel_charge(
    connection: Connection,
    services: Services,
    charge: int,
    now: datetime,
    actor: str,
    asked: CancelReason = "borrower",
) -> tuple[int, NewEntry]:
    """Not made; the mandate stands. What the borrower does not want is not planned again by itself, what they
    report as paid is, once the hold has ended without the payment. Its loan, and the entry to be written
    there. Raises ChargeTooLate.
    """
    row = _waiting(connection, services, charge, now).row
    take_back_notice(connection, row, now)
    reason = {"reason": asked}
    final = {"return_code": asked} if asked == "borrower" else {}
    transition(connection, row, "cancelled", now, actor=actor, because=reason, **final)
    return row.loan_id, NewEntry("charge.cancelled", {**facts(row), **reason}, actor)


def hold_for_promise(
    connection: Connection, services: Services, loan: int, named: int | None, now: datetime, actor: str
) -> NewEntry | None:
    """Puts off what waits to be charged of a loan that was just promised, and withdraws its notices. `named`
    is the charge that the promise's own words are about: no other message follows for it. Its entry, where it
    had been announced. Raises ChargeTooLate where it has left.
    """
    waiting = list(connection.scalars(_WAITING_OF_LOAN, {"loan": loan}))
    if named is not None and named not in waiting:
        raise ChargeTooLate(named)
    if not waiting:
        return None
    lock(connection, waiting)
    before = {loaded.row.id: loaded.row for loaded in load_charges(connection, waiting, now)}
    if named is not None:
        if before[named].status not in WAITING:  # it left while its lock was waited for
            raise ChargeTooLate(named)
        connection.execute(update(charge_table).where(charge_table.c.id == named).values(expected_on=None))
    for loaded in load_charges(connection, waiting, now):
        if loaded.row.status in WAITING:
            postpone(connection, services, loaded, "promise", now)
    if named is None or before[named].expected_on is None:
        return None
    row = before[named]
    data = {"was": row.expected_on.isoformat(), "reason": "promise"}
    return NewEntry("charge.moved", {**facts(row), **data}, actor)


def drop_covered(connection: Connection, loan: int, until: date, now: datetime, actor: str) -> list[NewEntry]:
    """Cancels what waits to be charged of the instalments due up to `until`: an agreement says how they are
    paid. Planned again where it ends without the money. Their entries.
    """
    waiting = (
        select(charge_table.c.id)
        .join(instalment_table, instalment_table.c.id == charge_table.c.instalment_id)
        .where(
            charge_table.c.loan_id == loan,
            charge_table.c.status.in_(sorted(WAITING)),
            instalment_table.c.due_date <= until,
        )
    )
    return _drop(connection, waiting, now, actor)


def drop_parts(connection: Connection, plan: int, now: datetime, actor: str) -> list[NewEntry]:
    """Cancels what waits to be charged of the parts of a plan that ended. Their entries."""
    waiting = (
        select(charge_table.c.id)
        .join(plan_instalment_table, plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
        .where(plan_instalment_table.c.plan_id == plan, charge_table.c.status.in_(sorted(WAITING)))
    )
    return _drop(connection, waiting, now, actor)


def _drop(connection: Connection, waiting: Select[int], now: datetime, actor: str) -> list[NewEntry]:
    ids = list(connection.scalars(waiting))
    if not ids:
        return []
    lock(connection, ids)
    rows = [each.row for each in load_charges(connection, ids, now) if each.row.status in WAITING]
    for row in rows:
        take_back_notice(connection, row, now)
        transition(connection, row, "cancelled", now, actor=actor, because={"reason": "plan"})
    return [NewEntry("charge.cancelled", facts(row, reason="plan"), actor) for row in rows]


def _waiting(connection: Connection, services: Services, charge: int, now: datetime) -> LoadedCharge:
    """Behind its locks, as long as it has not left."""
    lock(connection, [charge])
    found = load_charges(connection, [charge], now)
    submit_until = services.settings.debit_submit_until
    if not found or found[0].row.status not in WAITING:
        raise ChargeTooLate(charge)
    if move_window(found[0].row.charge_on, now, submit_until) is None:
        raise ChargeTooLate(charge)
    return found[0]
