"""What the guard needs to know of charges, read in a handful of statements however many they are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, and_, bindparam, case, cast, func, literal, or_, select

from bot.debit.charging.guard import OtherCharge, Snapshot
from models import (
    bank_account_table,
    borrower_table,
    charge_table,
    hold_table,
    instalment_table,
    loan_table,
    mandate_table,
    message_table,
    plan_instalment_table,
    plan_table,
    promise_table,
)
from models.base import AnyRow
from models.hold import stands as hold_stands
from models.instalment import COMPONENTS
from models.plan import covered_by_plan
from values import city_day

LEFT = ("sent", "delivered", "read")

_IDS: Any = bindparam("ids", expanding=True)
UNPAID: Any = sum(
    (instalment_table.c[f"unpaid_{part}"] for part in COMPONENTS[1:]),
    instalment_table.c[f"unpaid_{COMPONENTS[0]}"],
)
DUE = func.coalesce(plan_instalment_table.c.due_date, instalment_table.c.due_date).label("due_date")
"""Of a charge: when the part of a plan that it collects is due, or else its instalment."""
_COVERED = instalment_table.alias("covered")
_COVERED_SUM: Any = sum((_COVERED.c[f"unpaid_{part}"] for part in COMPONENTS), literal(0))
COVERED_UNPAID = (
    select(cast(func.coalesce(func.sum(_COVERED_SUM), 0), BigInteger))
    .where(_COVERED.c.loan_id == plan_table.c.loan_id, _COVERED.c.due_date <= plan_table.c.covers_until)
    .correlate(plan_table)
    .scalar_subquery()
)
_PART_LEFT = plan_instalment_table.c.amount - plan_instalment_table.c.paid
PART_UNPAID = case((_PART_LEFT < COVERED_UNPAID, _PART_LEFT), else_=COVERED_UNPAID)
"""Of a part of a plan: what is left of it, and no more than is owed of what the plan covers."""
_ROWS = (
    select(
        charge_table,
        instalment_table.c.number,
        DUE,
        case((plan_instalment_table.c.id.is_(None), UNPAID), else_=PART_UNPAID).label("unpaid"),
        mandate_table.c.frequency,
        plan_table.c.status.label("plan_status"),
        plan_table.c.by_debit,
        mandate_table.c.status.label("mandate_status"),
        mandate_table.c.valid_until,
        mandate_table.c.max_amount,
        mandate_table.c.provider_refs,
        loan_table.c.external_id,
        loan_table.c.status.label("loan_status"),
        loan_table.c.borrower_id,
        borrower_table.c.zone,
        bank_account_table.c.borrower_id.label("holder_id"),
        bank_account_table.c.bank_code,
        bank_account_table.c.last4,
        or_(
            select(promise_table.c.id)
            .where(promise_table.c.loan_id == charge_table.c.loan_id, promise_table.c.status == "open")
            .exists(),
            plan_instalment_table.c.id.is_(None) & covered_by_plan(),
        ).label("promised"),
    )
    .select_from(
        charge_table.join(instalment_table, instalment_table.c.id == charge_table.c.instalment_id)
        .join(mandate_table, mandate_table.c.id == charge_table.c.mandate_id)
        .join(loan_table, loan_table.c.id == charge_table.c.loan_id)
        .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
        .outerjoin(plan_instalment_table, plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
        .outerjoin(plan_table, plan_table.c.id == plan_instalment_table.c.plan_id)
    )
    .where(charge_table.c.id.in_(_IDS))
    .order_by(charge_table.c.id)
)
_HOLDS = select(hold_table.c.loan_id, hold_table.c.kind).where(
    hold_table.c.loan_id.in_(_IDS),
    hold_stands(bindparam("now")),
)
_DUES = (
    select(instalment_table.c.loan_id, instalment_table.c.due_date)
    .where(instalment_table.c.loan_id.in_(_IDS))
    .order_by(instalment_table.c.loan_id, instalment_table.c.due_date)
)
_OTHERS = (
    select(
        loan_table.c.borrower_id,
        charge_table.c.id,
        charge_table.c.mandate_id,
        charge_table.c.instalment_id,
        charge_table.c.status,
        charge_table.c.amount,
        charge_table.c.charge_on,
        charge_table.c.plan_instalment_id,
    )
    .select_from(charge_table.join(loan_table, loan_table.c.id == charge_table.c.loan_id))
    .where(loan_table.c.borrower_id.in_(_IDS), charge_table.c.status != "cancelled")
)
_COPY = message_table.alias("copy")


def notices_sent() -> Select[int, datetime]:
    """`(charge, when its notice left)`. A notice that was refused goes on as a copy, on another channel
    perhaps: one of them must have left.
    """
    same = and_(
        _COPY.c.conversation_id == message_table.c.conversation_id,
        _COPY.c.created_at == message_table.c.created_at,
        _COPY.c.purpose == "notice",
    )
    notice = charge_table.join(message_table, message_table.c.id == charge_table.c.notice_message_id).join(
        _COPY, same
    )
    return (
        select(charge_table.c.id, func.min(_COPY.c.sent_at))
        .select_from(notice)
        .where(_COPY.c.status.in_(LEFT))
        .group_by(charge_table.c.id)
    )


_NOTICES = notices_sent().where(charge_table.c.id.in_(_IDS))


@dataclass(frozen=True, slots=True)
class LoadedCharge:
    """A charge's row with its mandate, loan and instalment; `announced_on` is the day on which its notice
    left, in Mexico City.
    """

    row: AnyRow
    snapshot: Snapshot
    announced_on: date | None


def load_charges(connection: Connection, charges: Collection[int], now: datetime) -> list[LoadedCharge]:
    """In the order of their ids."""
    rows = connection.execute(_ROWS, {"ids": list(charges)}).all() if charges else []
    if not rows:
        return []
    loans, people = list({row.loan_id for row in rows}), list({row.borrower_id for row in rows})
    holds, dues, others = defaultdict(set), defaultdict(list), defaultdict(list)
    for loan, kind in connection.execute(_HOLDS, {"ids": loans, "now": now}):
        holds[loan].add(kind)
    for loan, due in connection.execute(_DUES, {"ids": loans}):
        dues[loan].append(due)
    for borrower, *other in connection.execute(_OTHERS, {"ids": people}):
        others[borrower].append(OtherCharge(*other))
    left: dict[int, datetime] = dict(connection.execute(_NOTICES, {"ids": list(charges)}).all())
    return [
        LoadedCharge(
            row,
            Snapshot(
                id=row.id,
                mandate_id=row.mandate_id,
                instalment_id=row.instalment_id,
                amount=row.amount,
                charge_on=row.charge_on,
                retry=row.retry,
                due_date=row.due_date,
                own_account=row.holder_id == row.borrower_id,
                unpaid=row.unpaid,
                max_amount=row.max_amount,
                mandate=row.mandate_status,
                valid_until=row.valid_until,
                loan=row.loan_status,
                holds=frozenset(holds[row.loan_id]),
                promised=bool(row.promised),
                due_dates=tuple(dues[row.loan_id]),
                others=tuple(other for other in others[row.borrower_id] if other.id != row.id),
                plan_part=row.plan_instalment_id,
                plan_over=row.plan_instalment_id is not None
                and (row.plan_status != "active" or not row.by_debit),
                frequency=row.frequency,
            ),
            city_day(left[row.id]) if row.id in left else None,
        )
        for row in rows
    ]
