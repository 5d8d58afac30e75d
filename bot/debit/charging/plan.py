"""The due list: what falls due under an active mandate becomes a planned charge, by one set-based statement."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, case, cast, func, insert, literal, literal_column, not_, or_, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from bot.compliance import load_rules
from bot.debit.charging.days import city_day, first_possible, next_contact_day
from bot.debit.charging.guard import ATTEMPTS, NO_CHARGE
from bot.debit.charging.standing import UNPAID
from bot.services import Services
from models import Charge, Hold, Instalment, Loan, Mandate, Promise, Task, Transition, writing
from models.base import Json, UtcDateTime
from models.charge import OPEN_CHARGE
from values import roll_forward

_K, _I, _M, _L, _H, _R, _T, _S = (m.__table__ for m in (Charge, Instalment, Mandate, Loan, Hold, Promise, Task, Transition))
AHEAD = timedelta(days=8)
"""Further than the longest run of days without a lawful contact reaches: every charge is planned before its notice day."""
ACTOR = "system:charging"
_NOW = bindparam("now", type_=UtcDateTime)


def plan(services: Services) -> int:
    """Plans what falls due in the days ahead, and what is overdue; how many. Two at once plan nothing twice: one charge is open per instalment."""
    now = services.clock.now()
    today = city_day(now)
    rules = load_rules(services.lender.lender.contact_country)
    soonest = first_possible(next_contact_day(today - timedelta(days=1), rules))
    with writing(services.engine) as connection:
        given = {"now": now, "today": today, "last": today + AHEAD}
        connection.execute(_too_large(connection), given)
        planned = connection.execute(_planned(connection, today, soonest), given).rowcount
        if planned:
            connection.execute(_begun(), {"now": now})
    return planned


def due() -> Select[Any]:
    """Unpaid instalments under an active mandate that nothing stands against: no hold, no promise, no charge that is open or that came to nothing."""
    held = select(_H.c.id).where(
        _H.c.loan_id == _M.c.loan_id, _H.c.kind.in_(sorted(NO_CHARGE)), _H.c.lifted_at.is_(None), or_(_H.c.until.is_(None), _H.c.until > _NOW)
    )
    promised = select(_R.c.id).where(_R.c.loan_id == _M.c.loan_id, _R.c.status == "open")
    charges = select(_K.c.id).where(_K.c.instalment_id == _I.c.id)
    came_to_nothing = (_K.c.mandate_id == _M.c.id) & (_K.c.status.in_(("returned", "reversed")) | _K.c.return_code.is_not(None))
    attempts = select(func.count()).select_from(_K).where(_K.c.instalment_id == _I.c.id, _K.c.status != "cancelled").scalar_subquery()
    return (
        select(_I.c.id.label("instalment_id"))
        .select_from(_M.join(_L, _L.c.id == _M.c.loan_id).join(_I, _I.c.loan_id == _M.c.loan_id))
        .where(
            _M.c.status == "active", or_(_M.c.valid_until.is_(None), _M.c.valid_until >= bindparam("today")), _L.c.status.in_(("current", "overdue")),
            UNPAID > 0, _I.c.due_date <= bindparam("last"), not_(held.exists()), not_(promised.exists()),
            not_(charges.where(or_(literal_column(OPEN_CHARGE), came_to_nothing)).exists()), attempts < ATTEMPTS,
        )
        .order_by(_I.c.loan_id, _I.c.due_date, _I.c.number)
    )  # fmt: skip


def _planned(connection: Connection, today: date, soonest: date) -> Any:
    """What is due from tomorrow on is charged that day, or the next banking day; what is due by today as soon as it can be announced."""
    ahead = {literal(day): literal(roll_forward(day)) for day in (today + timedelta(days=n) for n in range(1, AHEAD.days + 1))}
    attempt = select(func.coalesce(func.max(_K.c.attempt), 0) + 1).where(_K.c.instalment_id == _I.c.id).scalar_subquery()
    key = _M.c.folio + literal("-") + cast(_I.c.number, String) + literal("-") + cast(attempt, String)
    rows = due().with_only_columns(
        _M.c.id, _M.c.loan_id, _I.c.id, attempt, UNPAID, literal("planned"), case(ahead, value=_I.c.due_date, else_=literal(soonest)), key,
        _M.c.provider, literal({}, Json), type_coerce(_NOW, UtcDateTime),
    )  # fmt: skip
    columns = ["mandate_id", "loan_id", "instalment_id", "attempt", "amount", "status", "charge_on", "key", "provider", "data", "created_at"]
    return (
        _insert(connection, _K)
        .from_select(columns, rows.where(_M.c.max_amount >= UNPAID))
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )


def _too_large(connection: Connection) -> Any:
    """More is unpaid than the mandate allows in a billing period: a person looks, once."""
    key = literal("charge_over_max:") + cast(_M.c.id, String) + literal(":") + cast(_I.c.number, String)
    rows = due().with_only_columns(literal("charge_over_max"), _M.c.loan_id, literal({}, Json), key, type_coerce(_NOW, UtcDateTime))
    return (
        _insert(connection, _T)
        .from_select(["kind", "loan_id", "data", "key", "created_at"], rows.where(_M.c.max_amount < UNPAID))
        .on_conflict_do_nothing()
    )


def _begun() -> Any:
    """The first row of each one's history."""
    known = select(_S.c.id).where(_S.c.subject == "charge", _S.c.subject_id == _K.c.id)
    first = (
        literal("charge"),
        _K.c.id,
        literal(1),
        literal("planned"),
        type_coerce(_NOW, UtcDateTime),
        literal(ACTOR),
        literal({"reason": "due"}, Json),
    )
    rows = select(*first).where(_K.c.status == "planned", _K.c.created_at == _NOW, not_(known.exists()))
    return insert(_S).from_select(["subject", "subject_id", "seq", "to_status", "at", "actor", "data"], rows)


def _insert(connection: Connection, table: Any) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
