"""The money that counts towards agreements: reported, or counted by tapes, by the day of its payment."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.base import AnyRow
from models.charge import charge_table
from models.ledger.books import MONEY_IN
from models.ledger.by_tape import CountedByTape, read_by_tape
from models.ledger.standing import not_reversed
from models.ledger_entry import ledger_entry_table

ValueDay = Callable[[datetime], date]
"""The day of a moment where the lender is."""


def plan_money(
    connection: Connection, plans: Sequence[AnyRow], value_day: ValueDay
) -> dict[int, list[tuple[date, int]]]:
    """By agreement: what came in since it was agreed, by value date, reported or counted by tapes. Money that
    was known before is part of what was agreed on.
    """
    loans = {plan.loan_id for plan in plans}
    entries = select(
        ledger_entry_table.c.id,
        ledger_entry_table.c.loan_id,
        ledger_entry_table.c.at,
        ledger_entry_table.c.data,
    ).where(
        ledger_entry_table.c.loan_id.in_(loans),
        ledger_entry_table.c.kind.in_(MONEY_IN),
    )
    standing = connection.execute(entries.where(not_reversed())).all()
    charged = _charge_days(connection, {plan.loan_id for plan in plans if plan.by_debit})
    tapes = read_by_tape(connection, loans)
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for plan in plans:
        twice: list[tuple[date, int]] = []
        for entry in standing:
            day = charged.get(entry.id) or value_day(datetime.fromisoformat(entry.data["paid_at"]))
            since = entry.at >= plan.agreed_at and day >= value_day(plan.agreed_at)
            if entry.loan_id != plan.loan_id:
                continue
            if since:
                found[plan.id].append((day, entry.data["amount"]))
            if entry.data.get("tape"):
                twice.append((day, entry.data["amount"]))
        found[plan.id] += _counted_by_tapes(plan, tapes.get(plan.loan_id, ()), twice, value_day)
    return found


def _counted_by_tapes(
    plan: AnyRow, tapes: Sequence[CountedByTape], twice: Sequence[tuple[date, int]], value_day: ValueDay
) -> list[tuple[date, int]]:
    """By the first day on which it may have been paid. `twice`: what was reported once a tape had counted it,
    which is the first that could. A tape that counts less takes from what the ones before it counted.
    """
    agreed = value_day(plan.agreed_at)
    reported: dict[CountedByTape | None, int] = defaultdict(int)
    for day, amount in twice:
        reported[next((tape for tape in tapes if day <= tape.as_of), None)] += amount
    found: list[tuple[date, int]] = []
    for tape in tapes:
        if tape.at < plan.agreed_at or tape.as_of < agreed:
            continue
        left = tape.paid - reported[tape]
        if left > 0:
            found.append((max(tape.since + timedelta(days=1), agreed), left))
        while found and left < 0:
            day, amount = found.pop()
            left += amount
            if left > 0:
                found.append((day, left))
    return found


def _charge_days(connection: Connection, loans: set[int]) -> dict[int, date]:
    """By the entry of a debit: the day on which it was charged. Its result, a day later, is no delay of the
    borrower's.
    """
    if not loans:
        return {}
    query = select(charge_table.c.entry_id, charge_table.c.charge_on).where(
        charge_table.c.loan_id.in_(loans), charge_table.c.entry_id.is_not(None)
    )
    return {row.entry_id: row.charge_on for row in connection.execute(query)}
