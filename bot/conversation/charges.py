"""What a turn must know of a loan's debits: those that wait, with the days they may be moved to, and those
that left.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import Connection, bindparam, func, literal_column, select

from bot.debit.charging import move_window
from flows.types.facts import ChargeFacts
from models import charge_table, instalment_table, plan_instalment_table
from models.base import AnyRow
from models.charge import OPEN_CHARGE
from values import Money, roll_forward

_INSTALMENT_DUE = (
    select(instalment_table.c.due_date)
    .where(instalment_table.c.id == charge_table.c.instalment_id)
    .scalar_subquery()
)
_PART_DUE = (
    select(plan_instalment_table.c.due_date)
    .where(plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
    .scalar_subquery()
)
_OPEN_CHARGES = (
    select(
        charge_table.c.id,
        charge_table.c.mandate_id,
        charge_table.c.status,
        charge_table.c.charge_on,
        charge_table.c.amount,
        func.coalesce(_PART_DUE, _INSTALMENT_DUE).label("due_date"),
    )
    .where(
        charge_table.c.mandate_id.in_(bindparam("mandates", expanding=True)),
        literal_column(OPEN_CHARGE),
    )
    .order_by(charge_table.c.charge_on, charge_table.c.id)
)
_WAITING = ("planned", "notified")


def open_charges(connection: Connection, mandates: list[int]) -> dict[int, list[AnyRow]]:
    """By mandate, its open charges in the order of their days."""
    found: dict[int, list[AnyRow]] = {}
    for charge in connection.execute(_OPEN_CHARGES, {"mandates": mandates}) if mandates else ():
        found.setdefault(charge.mandate_id, []).append(charge)
    return found


def next_charge(
    rows: Sequence[AnyRow], charges: Mapping[int, Sequence[AnyRow]], now: datetime, submit_until: time
) -> ChargeFacts | None:
    """The first of those that have not left, with the days that it may be moved to."""
    mandates = {row.mandate_id for row in rows}
    waiting = (
        charge for mandate in mandates for charge in charges.get(mandate, ()) if charge.status in _WAITING
    )
    charge = min(waiting, key=lambda charge: charge.charge_on, default=None)
    if charge is None:
        return None
    window = move_window(charge.charge_on, now, submit_until)
    days = (max(window[0], roll_forward(charge.due_date)), window[1]) if window else (None, None)
    return ChargeFacts(charge.id, charge.charge_on, Money(charge.amount), *days)


def in_flight(charges: Sequence[AnyRow]) -> tuple[tuple[date, Money], ...]:
    """Those that are with the provider: their days and amounts."""
    return tuple(
        (charge.charge_on, Money(charge.amount)) for charge in charges if charge.status not in _WAITING
    )
