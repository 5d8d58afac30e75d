"""What a loan's ledger stands at, read for deciding: what is owed, what is allocated, what is left over."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from models.balance import balance_table
from models.base import AnyRow, words
from models.instalment import COMPONENTS, instalment_table
from models.ledger.allocation import ORDER, Unpaid, allocate
from models.ledger.entry import Leg
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from values import CITY, city_day

MONEY_IN = ("payment.posted", "charge.collected", "recovery.posted")
MONEY_MOVED = (*MONEY_IN, "payment.reversed", "charge.reversed", "payment.reallocated")
"""Entries by which money reaches debts, or leaves them again."""
PAID_BEFORE = "paid_before"
"""What the first tape counted as paid: a report of it, dated before that tape, pays nothing again."""
TAPE = "tape"
"""Money that only a tape knows of: positive where it counts more as paid than was reported, negative where it
counts less. A report dated before the tape, or a reversal, is matched with it first.
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the first tape counted as paid, of all payments before `until`."""

    paid: int
    until: datetime
    all_paid: bool


@dataclass(slots=True)
class Books:
    """One loan, locked. Amounts in centavos, receivables by `(instalment, component)`."""

    loan: AnyRow
    instalments: dict[int, AnyRow] = field(default_factory=dict)
    """In the order in which they fall due."""
    accounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    opened: Opened | None = None
    """Where the first tape counted anything as paid."""

    @property
    def unpaid(self) -> list[Unpaid]:
        return [
            Unpaid(number, {part: getattr(row, f"unpaid_{part}") for part in COMPONENTS})
            for number, row in self.instalments.items()
        ]

    @property
    def credit(self) -> int:
        return max(0, -self.accounts["unapplied"])

    @property
    def missing(self) -> int:
        """What was refunded of money that was taken back since: the next that comes in makes up for it before
        it pays a debt. No tape knows of it.
        """
        return max(0, self.accounts["unapplied"])

    @property
    def written_off(self) -> int:
        return self.accounts["written_off"]

    def counted_by_tape(self, paid_at: datetime, amount: int) -> str | None:
        """The account of what a tape of a later moment counted as paid and nobody reported, where this money
        is among it.
        """
        before = self.opened is not None and paid_at < self.opened.until
        if before and self.accounts[PAID_BEFORE] >= amount:
            return PAID_BEFORE
        return TAPE if self.before_tape(paid_at) and self.accounts[TAPE] >= amount else None

    def tape_took_back(self, paid_at: datetime, amount: int) -> bool:
        """Whether a tape has counted this money as not paid already."""
        return self.before_tape(paid_at) and -self.accounts[TAPE] >= amount

    def before_tape(self, paid_at: datetime) -> bool:
        """Whether the newest tape could know of money of that moment."""
        return self.loan.known_until is not None and paid_at <= self.loan.known_until

    def legs(self, amount: int, account: str) -> list[Leg]:
        """Money in at `account`, to debts as the loan's rule says, then to what was written off; the rest
        waits unapplied.
        """
        missing = min(amount, self.missing)
        spread = allocate(self.loan.allocation_rule, amount - missing, self.unpaid)
        recovered = min(spread.unapplied, self.written_off)
        left = [Leg("written_off", -recovered), Leg("unapplied", recovered - spread.unapplied - missing)]
        return [
            Leg(account, amount),
            *(Leg(f"receivable:{number}:{part}", -paid) for number, part, paid in spread.parts),
            *(leg for leg in left if leg.centavos),
        ]


_OF: Any = bindparam("loans", expanding=True)
_LOANS = select(loan_table).where(loan_table.c.id.in_(_OF)).order_by(loan_table.c.id).with_for_update()
_INSTALMENTS = (
    select(instalment_table)
    .where(instalment_table.c.loan_id.in_(_OF))
    .order_by(instalment_table.c.due_date, instalment_table.c.number)
)
_BALANCES = select(balance_table.c.loan_id, balance_table.c.account, balance_table.c.amount).where(
    balance_table.c.loan_id.in_(_OF), balance_table.c.account.not_like("receivable:%")
)
_LEGS = posting_table.join(ledger_entry_table, posting_table.c.entry_id == ledger_entry_table.c.id)
_OPENINGS = (
    select(
        ledger_entry_table.c.loan_id,
        ledger_entry_table.c.data,
        ledger_entry_table.c.at,
        posting_table.c.amount,
    )
    .select_from(_LEGS)
    .where(
        ledger_entry_table.c.loan_id.in_(_OF),
        ledger_entry_table.c.kind == "loan.opened",
        posting_table.c.account == PAID_BEFORE,
    )
)
_ALLOCATED = (
    select(ledger_entry_table.c.loan_id, posting_table.c.account, func.sum(posting_table.c.amount))
    .select_from(_LEGS)
    .where(
        ledger_entry_table.c.loan_id.in_(_OF),
        ledger_entry_table.c.kind.in_(words(*MONEY_MOVED)),
        posting_table.c.account.startswith("receivable:"),
    )
    .group_by(ledger_entry_table.c.loan_id, posting_table.c.account)
)
"""Made once: building them costs more than running them."""


def read_books(connection: Connection, loans: Collection[int]) -> dict[int, Books]:
    """By loan id; the loans are locked in the order of their ids."""
    rows = connection.execute(_LOANS, {"loans": sorted(loans)})
    books = {row.id: Books(row) for row in rows}
    given = {"loans": list(books)}
    for row in connection.execute(_INSTALMENTS, given):
        books[row.loan_id].instalments[row.number] = row
    for loan_id, account, amount in connection.execute(_BALANCES, given):
        books[loan_id].accounts[account] = amount
    for loan_id, opened in _opened(connection, books).items():
        books[loan_id].opened = opened
    return books


def _opened(connection: Connection, books: Mapping[int, Books]) -> dict[int, Opened]:
    """Of a day that was not over when it was loaded, the tape knows what was paid on the days before."""
    counted = [loan for loan, each in books.items() if PAID_BEFORE in each.accounts]
    if not counted:
        return {}
    found = {}
    for loan, data, at, paid in connection.execute(_OPENINGS, {"loans": counted}):
        day = date.fromisoformat(data["as_of"])
        end = day + timedelta(days=1) if city_day(at) > day else day
        found[loan] = Opened(paid, datetime.combine(end, time(), CITY), all_paid=data["amount"] == 0)
    return found


def read_allocated(connection: Connection, loans: Collection[int]) -> dict[int, dict[str, int]]:
    """By loan and receivable account: how much of it is paid by money that stands."""
    allocated: dict[int, dict[str, int]] = defaultdict(dict)
    for loan_id, account, amount in connection.execute(_ALLOCATED, {"loans": sorted(loans)}):
        allocated[loan_id][account] = -int(amount)
    return allocated


def moves(before: Mapping[str, int], after: Mapping[str, int]) -> list[Leg]:
    """The legs on receivables by which `before` becomes `after`, both amounts that are paid."""
    return [
        Leg(account, difference)
        for account in sorted({*before, *after})
        if (difference := before.get(account, 0) - after.get(account, 0))
    ]


def spread_again(rule: str, unpaid: Sequence[Unpaid], paid: Mapping[str, int], credit: int) -> list[Leg]:
    """The legs by which all standing money pays debts as the rule says, after some of it was taken back.

    `unpaid` as it stands, `paid` by account, `credit` what pays nothing yet; below zero what is missing.
    """
    owed = [
        Unpaid(
            each.number,
            {
                part: amount + paid.get(f"receivable:{each.number}:{part}", 0)
                for part, amount in each.parts.items()
            },
        )
        for each in unpaid
    ]
    pool = sum(paid.values()) + credit
    spread = allocate(rule, max(0, pool), owed)
    after = {f"receivable:{number}:{part}": amount for number, part, amount in spread.parts}
    left = spread.unapplied + min(0, pool)
    legs = moves(paid, after)
    return [*legs, Leg("unapplied", credit - left)] if credit != left else legs


def within_what_falls_due(books: Books) -> list[Leg]:
    """The legs by which no instalment owes more than falls due: what is beyond is owed on the youngest ones
    that have room. A tape had moved a debt to where money paid, and that money was taken back.
    """
    beyond = {
        each.number: sum(each.parts.values()) - books.instalments[each.number].amount_centavos
        for each in books.unpaid
    }
    room = sum(max(0, -each) for each in beyond.values())
    moved = min(room, sum(max(0, each) for each in beyond.values()))
    legs, left = list[Leg](), moved
    for each in books.unpaid if moved else ():
        for part in ORDER:
            taken = min(left, max(0, beyond[each.number]), each.parts[part])
            beyond[each.number] -= taken
            left -= taken
            legs += [Leg(f"receivable:{each.number}:{part}", -taken)] if taken else []
    left = moved
    for number in reversed(beyond):
        opened = min(left, max(0, -beyond[number]))
        left -= opened
        legs += [Leg(f"receivable:{number}:principal", opened)] if opened else []
    return legs
