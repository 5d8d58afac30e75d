"""What is true of charges at this moment, read in a handful of statements however many they are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from bot.debit.charging.days import city_day
from bot.debit.charging.guard import Other, Standing
from models import BankAccount, Borrower, Charge, Hold, Instalment, Loan, Mandate, Message, Promise
from models.base import AnyRow
from models.instalment import COMPONENTS

_K, _I, _M, _L, _B, _A, _H, _R, _N = (m.__table__ for m in (Charge, Instalment, Mandate, Loan, Borrower, BankAccount, Hold, Promise, Message))
LEFT = ("sent", "delivered", "read")

_IDS: Any = bindparam("ids", expanding=True)
UNPAID: Any = sum((_I.c[f"unpaid_{part}"] for part in COMPONENTS[1:]), _I.c[f"unpaid_{COMPONENTS[0]}"])
_ROWS = (
    select(
        _K, _I.c.number, _I.c.due_date, UNPAID.label("unpaid"), _M.c.status.label("mandate_status"), _M.c.valid_until, _M.c.max_amount,
        _M.c.provider_refs, _L.c.external_id, _L.c.status.label("loan_status"), _L.c.borrower_id, _B.c.zone, _A.c.bank_code, _A.c.last4,
        select(_R.c.id).where(_R.c.loan_id == _K.c.loan_id, _R.c.status == "open").exists().label("promised"),
    )
    .select_from(
        _K.join(_I, _I.c.id == _K.c.instalment_id).join(_M, _M.c.id == _K.c.mandate_id).join(_L, _L.c.id == _K.c.loan_id)
        .join(_B, _B.c.id == _L.c.borrower_id).join(_A, _A.c.id == _M.c.bank_account_id)
    )
    .where(_K.c.id.in_(_IDS))
    .order_by(_K.c.id)
)  # fmt: skip
_HOLDS = select(_H.c.loan_id, _H.c.kind).where(
    _H.c.loan_id.in_(_IDS), _H.c.lifted_at.is_(None), or_(_H.c.until.is_(None), _H.c.until > bindparam("now"))
)
_DUES = select(_I.c.loan_id, _I.c.due_date).where(_I.c.loan_id.in_(_IDS)).order_by(_I.c.loan_id, _I.c.due_date)
_OTHERS = (
    select(_L.c.borrower_id, _K.c.id, _K.c.mandate_id, _K.c.instalment_id, _K.c.status, _K.c.amount, _K.c.charge_on)
    .select_from(_K.join(_L, _L.c.id == _K.c.loan_id))
    .where(_L.c.borrower_id.in_(_IDS), _K.c.status != "cancelled")
)
_COPY = _N.alias("copy")


def told() -> Select[int, datetime]:
    """`(charge, when its notice left)`. A notice that was refused goes on as a copy, on another channel perhaps: one of them must have left."""
    same = and_(_COPY.c.conversation_id == _N.c.conversation_id, _COPY.c.created_at == _N.c.created_at, _COPY.c.purpose == "notice")
    notice = _K.join(_N, _N.c.id == _K.c.notice_message_id).join(_COPY, same)
    return select(_K.c.id, func.min(_COPY.c.sent_at)).select_from(notice).where(_COPY.c.status.in_(LEFT)).group_by(_K.c.id)


_TOLD = told().where(_K.c.id.in_(_IDS))


@dataclass(frozen=True, slots=True)
class Known:
    """A charge's row beside its mandate, loan and instalment; `told_on` is the day on which its notice left, in Mexico City."""

    row: AnyRow
    standing: Standing
    told_on: date | None


def read(connection: Connection, charges: Collection[int], now: datetime) -> list[Known]:
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
        others[borrower].append(Other(*other))
    left: dict[int, datetime] = dict(connection.execute(_TOLD, {"ids": list(charges)}).all())
    return [
        Known(
            row,
            Standing(
                id=row.id, mandate_id=row.mandate_id, instalment_id=row.instalment_id, amount=row.amount, charge_on=row.charge_on,
                retry=row.data.get("retry"), unpaid=row.unpaid, max_amount=row.max_amount, mandate=row.mandate_status, valid_until=row.valid_until,
                loan=row.loan_status, holds=frozenset(holds[row.loan_id]), promised=bool(row.promised), due_dates=tuple(dues[row.loan_id]),
                others=tuple(other for other in others[row.borrower_id] if other.id != row.id),
            ),
            city_day(left[row.id]) if row.id in left else None,
        )
        for row in rows
    ]  # fmt: skip
