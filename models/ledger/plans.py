"""Agreements are judged by the ledger: their parts, and their outcome, follow from the money by its value
date, in both directions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, literal_column, or_, select, update

from models.base import AnyRow, words
from models.charge import OPEN_CHARGE, charge_table
from models.instalment import COMPONENTS, UNPAID_SUM, instalment_table
from models.ledger.append import append
from models.ledger.entry import Leg, NewEntry
from models.ledger.plan_money import ValueDay, plan_money
from models.ledger.plan_outcome import CountedPart, PlanOutcome, PlanPart, plan_outcome
from models.ledger.standing import not_reversed
from models.ledger.statuses import refresh_statuses
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from models.plan import plan_instalment_table, plan_table
from models.transitions import move
from values import city_day

ACTOR = "system:plans"
BATCH = 200

_PART = plan_instalment_table
_COUNT = (
    update(_PART)
    .where(_PART.c.id == bindparam("part"))
    .values(
        paid=bindparam("new_paid"),
        status=bindparam("new_status"),
        due_date=bindparam("new_due"),
        moved_from=bindparam("new_from"),
    )
)
_JUDGED = (
    update(plan_table)
    .where(plan_table.c.id == bindparam("plan"))
    .values(
        judged_on=bindparam("today"),
        judged_seq=select(loan_table.c.ledger_seq)
        .where(loan_table.c.id == plan_table.c.loan_id)
        .scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """What changed: the caller notifies the borrower, or a person."""

    loan_id: int
    kind: Literal["plan.kept", "plan.broken", "plan.missed", "settlement.kept", "settlement.late"]
    key: str
    data: Mapping[str, Any]


def due_plans(today: date) -> Select[Any]:
    """Those whose loan's ledger has moved, or whose day has, since they were last judged."""
    stale = plan_table.c.judged_seq != loan_table.c.ledger_seq
    passed = (plan_table.c.status == "active") & or_(
        plan_table.c.judged_on.is_(None), plan_table.c.judged_on < today
    )
    return (
        select(plan_table, loan_table.c.outstanding_centavos, loan_table.c.status.label("loan_status"))
        .join(loan_table, loan_table.c.id == plan_table.c.loan_id)
        .where(plan_table.c.status.in_(words("active", "kept", "broken")), or_(stale, passed))
        .order_by(plan_table.c.loan_id)
        .limit(BATCH)
        .with_for_update(of=loan_table)
    )


def judge_plans(
    connection: Connection, today: date, at: datetime, value_day: ValueDay, loan: int | None = None
) -> tuple[JudgedPlan, ...]:
    """Counts the money of a batch of agreements, or of those of one loan, towards their parts and moves those
    whose outcome has changed.
    """
    due = due_plans(today) if loan is None else due_plans(today).where(plan_table.c.loan_id == loan)
    plans = connection.execute(due).all()
    if not plans:
        return ()
    parts = _parts(connection, [plan.id for plan in plans])
    charged = _charged(connection, [plan.id for plan in plans if plan.by_debit])
    money = plan_money(connection, plans, value_day)
    judged: list[JudgedPlan] = []
    for plan in plans:
        if plan.loan_status == "written_off":
            _end(connection, plan, at)
            continue
        mine = parts[plan.id]
        schedule = [
            PlanPart(row.number, row.moved_from or row.due_date, row.amount, row.id in charged)
            for row in mine
        ]
        left = plan.total - sum(amount for _, amount in money[plan.id])
        forgiven = max(0, left - plan.outstanding_centavos)
        outcome = plan_outcome(plan.kind, plan.frequency, schedule, money[plan.id], today, forgiven)
        _write_parts(connection, mine, outcome, today)
        judged += _missed(plan, mine, outcome, today)
        judged += _decide(connection, plan, outcome, at)
    connection.execute(_JUDGED, [{"plan": plan.id, "today": today} for plan in plans])
    return tuple(judged)


def _parts(connection: Connection, plans: Sequence[int]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    query = select(_PART).where(_PART.c.plan_id.in_(plans)).order_by(_PART.c.plan_id, _PART.c.number)
    for row in connection.execute(query):
        found[row.plan_id].append(row)
    return found


def _charged(connection: Connection, plans: Sequence[int]) -> set[int]:
    """The parts of which a debit is under way."""
    if not plans:
        return set()
    query = (
        select(charge_table.c.plan_instalment_id)
        .join(_PART, _PART.c.id == charge_table.c.plan_instalment_id)
        .where(_PART.c.plan_id.in_(plans), literal_column(f"charge.{OPEN_CHARGE}"))
    )
    return set(connection.scalars(query))


def _write_parts(connection: Connection, rows: Sequence[AnyRow], outcome: PlanOutcome, today: date) -> None:
    counted = {part.number: part for part in outcome.parts}
    changed = [_as_counted(row, counted[row.number], today) for row in rows]
    before = [(row.paid, row.status, row.due_date, row.moved_from) for row in rows]
    wanted = [
        values
        for values, old in zip(changed, before, strict=True)
        if (values["new_paid"], values["new_status"], values["new_due"], values["new_from"]) != old
    ]
    if wanted:
        connection.execute(_COUNT, wanted)


def _as_counted(row: AnyRow, part: CountedPart, today: date) -> dict[str, Any]:
    return {
        "part": row.id,
        "new_paid": part.paid + part.forgiven,
        "new_status": part.status(today),
        "new_due": part.due_date,
        "new_from": part.moved_from,
    }


def _missed(plan: AnyRow, rows: Sequence[AnyRow], outcome: PlanOutcome, today: date) -> list[JudgedPlan]:
    """Parts that have just been missed; the friendly question is asked once for each."""
    if plan.status != "active" or outcome.status != "active":
        return []
    seen = {row.number for row in rows if row.status == "missed" or row.moved_from is not None}
    new = [
        part
        for part in outcome.parts
        if part.number not in seen and (part.moved_from is not None or part.status(today) == "missed")
    ]
    return [
        JudgedPlan(
            plan.loan_id,
            "plan.missed",
            f"plan:{plan.id}:missed:{part.number}",
            {
                "plan": plan.id,
                "folio": plan.folio,
                "amount": part.lacking,
                "due_date": (part.moved_from or part.due_date).isoformat(),
                "date": part.due_date.isoformat() if part.moved_from else None,
            },
        )
        for part in new
    ]


def _decide(connection: Connection, plan: AnyRow, outcome: PlanOutcome, at: datetime) -> list[JudgedPlan]:
    paid = sum(part.paid for part in outcome.parts)
    data = {"plan": plan.id, "folio": plan.folio, "total": plan.total, "paid": paid}
    if outcome.late and plan.kind == "settlement":
        return [JudgedPlan(plan.loan_id, "settlement.late", f"plan:{plan.id}:late", data)]
    if outcome.status == plan.status:
        return []
    key = f"plan:{plan.id}:{outcome.status}:{plan.judged_seq}"
    move(connection, "plan", plan.id, outcome.status, at=at, actor=ACTOR, data=data)
    if outcome.status == "active":
        _take_waiver_back(connection, plan, at)
        return []
    append(connection, plan.loan_id, at, NewEntry(f"plan.{outcome.status}", data, ACTOR, key=key))
    if outcome.status == "broken":
        _take_waiver_back(connection, plan, at)
        return [JudgedPlan(plan.loan_id, "plan.broken", key, data)]
    _waive(connection, plan, at, key)
    kind: Literal["settlement.kept", "plan.kept"] = (
        "settlement.kept" if plan.kind == "settlement" else "plan.kept"
    )
    return [JudgedPlan(plan.loan_id, kind, key, {**data, "waived": plan.discount})]


def _end(connection: Connection, plan: AnyRow, at: datetime) -> None:
    """With its loan, which was written off: nothing more is asked of its borrower."""
    if plan.status == "active":
        data = {"plan": plan.id, "folio": plan.folio, "reason": "written_off"}
        move(connection, "plan", plan.id, "cancelled", at=at, actor=ACTOR, data=data)
        append(connection, plan.loan_id, at, NewEntry("plan.cancelled", data, ACTOR))


def _waive(connection: Connection, plan: AnyRow, at: datetime, key: str) -> None:
    """What was agreed to be waived, once it is earned: all that a settlement leaves of the loan, and of a
    plan at most its discount.
    """
    unpaid = (
        select(instalment_table)
        .where(instalment_table.c.loan_id == plan.loan_id, UNPAID_SUM > 0)
        .order_by(instalment_table.c.due_date, instalment_table.c.number)
    )
    left = plan.discount if plan.kind != "settlement" else None
    legs: list[Leg] = []
    for row in connection.execute(unpaid):
        for part in ("late_fees", "interest", "tax", "principal"):
            assert part in COMPONENTS
            owed = getattr(row, f"unpaid_{part}")
            amount = owed if left is None else min(owed, left)
            left = None if left is None else left - amount
            if amount:
                legs.append(Leg(f"receivable:{row.number}:{part}", -amount))
    if not plan.discount or not legs:
        return
    waived = -sum(leg.centavos for leg in legs)
    data = {"plan": plan.id, "folio": plan.folio, "amount": waived, "rule": plan.rule}
    entry = NewEntry("waiver.granted", data, ACTOR, [Leg("waived", waived), *legs], key=f"{key}:waiver")
    append(connection, plan.loan_id, at, entry)
    refresh_statuses(connection, city_day(at), at, [plan.loan_id])


def _take_waiver_back(connection: Connection, plan: AnyRow, at: datetime) -> None:
    """The money that earned it was taken back."""
    granted = select(ledger_entry_table.c.id, ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == plan.loan_id,
        ledger_entry_table.c.kind == "waiver.granted",
        not_reversed(),
    )
    mine = [row for row in connection.execute(granted) if row.data.get("plan") == plan.id]
    for row in mine:
        legs = connection.execute(
            select(posting_table.c.account, posting_table.c.amount).where(posting_table.c.entry_id == row.id)
        )
        undone = [Leg(account, -amount) for account, amount in legs]
        data = {"plan": plan.id, "entry": row.id, "amount": row.data["amount"], "reason": "not_earned"}
        append(connection, plan.loan_id, at, NewEntry("loan.adjusted", data, ACTOR, undone, reverses=row.id))
    if mine:
        refresh_statuses(connection, city_day(at), at, [plan.loan_id])
