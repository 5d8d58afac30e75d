"""Money that came in and was not taken back, by its own day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from models.base import words
from models.ledger.books import MONEY_IN
from models.ledger_entry import ledger_entry_table, posting_table
from values import city_day, next_banking_day


@dataclass(frozen=True, slots=True)
class Standing:
    """`paid_at` is when the money was paid, `reported_at` when the ledger came to know of it."""

    entry_id: int
    kind: str
    amount: int
    paid_at: datetime
    reported_at: datetime
    account: str
    tape_known: bool
    """Whether a tape had counted it before it was reported."""
    settled_at: datetime | None = None
    """When it reached the bank, where a provider collected it."""

    def may_be_missing(self, at: datetime) -> bool:
        """Whether the lender's books may lack it at that moment: a provider had it, or its bank has it since
        this banking day or the one before.
        """
        if self.account == "bank":
            return False
        return self.settled_at is None or city_day(at) <= next_banking_day(city_day(self.settled_at))


def not_reversed() -> ColumnElement[bool]:
    undo = ledger_entry_table.alias("undo")
    return ~select(undo.c.id).where(undo.c.reverses_id == ledger_entry_table.c.id).exists()


_OF: Any = bindparam("loans", expanding=True)
_MONEY = ledger_entry_table.c.loan_id.in_(_OF) & ledger_entry_table.c.kind.in_(words(*MONEY_IN))
_STANDING = select(ledger_entry_table).where(_MONEY, not_reversed())
_UNDO = ledger_entry_table.alias("undo")
_TAKEN_BACK = (
    select(
        ledger_entry_table.c.loan_id,
        ledger_entry_table.c.data,
        _UNDO.c.at,
        _UNDO.c.data.label("undone"),
    )
    .join(_UNDO, _UNDO.c.reverses_id == ledger_entry_table.c.id)
    .where(_MONEY)
)
"""Made once: building them costs more than running them."""


def read_standing(connection: Connection, loans: Collection[int]) -> dict[int, list[Standing]]:
    """By loan, in the order in which it was paid."""
    rows = connection.execute(_STANDING, {"loans": sorted(loans)}).all()
    settled = _settled(connection, {row.loan_id for row in rows if "account" in row.data})
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        found[row.loan_id].append(
            Standing(
                row.id,
                row.kind,
                row.data["amount"],
                datetime.fromisoformat(row.data["paid_at"]),
                row.at,
                row.data.get("account", "bank"),
                bool(row.data.get("tape")),
                settled.get(row.id),
            )
        )
    return {
        loan: sorted(rows, key=lambda each: (each.paid_at, each.entry_id)) for loan, rows in found.items()
    }


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Money that was paid, and taken back since."""

    amount: int
    paid_at: datetime
    reversed_at: datetime
    tape_known: bool
    """Whether a tape had counted it as unpaid before its reversal was reported."""


def read_taken_back(connection: Connection, loans: Collection[int]) -> dict[int, list[TakenBack]]:
    """By loan."""
    found: dict[int, list[TakenBack]] = defaultdict(list)
    for loan, data, at, undone in connection.execute(_TAKEN_BACK, {"loans": sorted(loans)}):
        paid_at = datetime.fromisoformat(data["paid_at"])
        found[loan].append(TakenBack(data["amount"], paid_at, at, bool(undone.get("tape"))))
    return found


@dataclass(frozen=True, slots=True)
class Forgiven:
    """What the lender waived or wrote off."""

    amount: int
    at: datetime
    parts: Mapping[str, int]
    """By receivable account."""


def read_forgiven(connection: Connection, written_off: Mapping[int, int]) -> dict[int, list[Forgiven]]:
    """By loan, in the order in which it was written. `written_off`: what of it was not recovered, by loan."""
    query = (
        select(
            ledger_entry_table.c.loan_id,
            ledger_entry_table.c.id,
            ledger_entry_table.c.kind,
            ledger_entry_table.c.at,
            posting_table.c.account,
            posting_table.c.amount,
        )
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(
            ledger_entry_table.c.loan_id.in_(sorted(written_off)),
            ledger_entry_table.c.kind.in_(("waiver.granted", "write_off.posted")),
            posting_table.c.account.startswith("receivable:"),
            not_reversed(),
        )
        .order_by(ledger_entry_table.c.id)
    )
    left, found = dict(written_off), defaultdict[int, list[Forgiven]](list)
    for (loan, _, kind, at), legs in groupby(connection.execute(query), key=itemgetter(0, 1, 2, 3)):
        parts = {account: -amount for *_, account, amount in legs}
        amount = sum(parts.values())
        if kind == "write_off.posted":
            amount = min(amount, left[loan])
            left[loan] -= amount
        if amount:
            found[loan].append(Forgiven(amount, at, parts))
    return found


def read_left_over(connection: Connection, loans: Collection[int]) -> dict[int, int]:
    """By loan: centavos that paid no debt when they came, less what was paid out again."""
    query = (
        select(ledger_entry_table.c.loan_id, func.sum(posting_table.c.amount))
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(
            ledger_entry_table.c.loan_id.in_(sorted(loans)),
            ledger_entry_table.c.kind.in_((*MONEY_IN, "refund.posted")),
            posting_table.c.account == "unapplied",
            not_reversed(),
        )
        .group_by(ledger_entry_table.c.loan_id)
    )
    return {loan: max(0, -int(amount)) for loan, amount in connection.execute(query)}


def _settled(connection: Connection, loans: Collection[int]) -> dict[int, datetime]:
    """By the entry that posted the money: when the provider settled it."""
    if not loans:
        return {}
    query = select(ledger_entry_table.c.data, ledger_entry_table.c.at).where(
        ledger_entry_table.c.loan_id.in_(sorted(loans)), ledger_entry_table.c.kind == "charge.settled"
    )
    return {int(data["entry"]): at for data, at in connection.execute(query) if data.get("entry")}


def standing_money(connection: Connection) -> dict[int, int]:
    """By the entry that posted it: centavos of all loans that came in and were not taken back."""
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.data).where(
        ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()
    )
    return {int(entry): data["amount"] for entry, data in connection.execute(query)}
