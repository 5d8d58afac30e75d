"""Payments: posted once, spread over debts by the loan's rule, settled, taken back once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.base import AnyRow
from models.ledger.append import append
from models.ledger.books import (
    MONEY_IN,
    TAPE,
    read_allocated,
    read_books,
    spread_again,
    within_what_falls_due,
)
from models.ledger.entry import Leg, NewEntry
from models.ledger.explaining import explain_again
from models.ledger.promises import JudgedPromise, judge_promises
from models.ledger.standing import not_reversed
from models.ledger.statuses import refresh_statuses
from models.ledger_entry import ledger_entry_table, posting_table
from values import Money, city_day


class AlreadyReversed(Exception):
    """The payment was undone before; it is undone once."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"entry {entry_id} was reversed before: nothing was posted")


class NotAPayment(Exception):
    def __init__(self, entry_id: int) -> None:
        super().__init__(f"entry {entry_id} of this loan is not a payment that can be reversed")


@dataclass(frozen=True, slots=True)
class Payment:
    """`once` makes posting it twice harmless; by default it is the rail and the reference."""

    amount: Money
    paid_at: datetime
    rail: str
    reference: str
    actor: str
    kind: str = "payment.posted"
    account: str = "bank"
    """Where the money is: `bank`, or `transit:PROVIDER` until the provider has settled it."""
    once: str | None = None

    def key(self, loan_id: int) -> str:
        return self.once or f"payment:{loan_id}:{self.rail}:{self.reference}"

    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {
            "amount": self.amount.centavos,
            "currency": self.amount.currency,
            "paid_at": self.paid_at.isoformat(),
            "rail": self.rail,
            "reference": self.reference,
            **({"account": self.account} if self.account != "bank" else {}),
        }


@dataclass(frozen=True, slots=True)
class Posted:
    entry_id: int
    duplicate: bool
    promises: tuple[JudgedPromise, ...] = ()
    """What this decided about the loan's promises."""

    @property
    def kept(self) -> bool:
        return any(promise.outcome == "kept" for promise in self.promises)


@dataclass(frozen=True, slots=True)
class Reversed:
    entry_id: int
    promises: tuple[JudgedPromise, ...] = ()


def post_payment(connection: Connection, loan_id: int, payment: Payment, at: datetime, today: date) -> Posted:
    """Posts money that was received, to debts as the loan's rule says; the rest waits in `unapplied`. A
    released rule spreads a sum alike however it is cut into payments: the order of arrival does not matter.

    What a tape of a later moment has counted already pays nothing a second time.
    """
    books = read_books(connection, [loan_id])[loan_id]
    key = payment.key(loan_id)
    query = select(ledger_entry_table.c.id).where(ledger_entry_table.c.key == key)
    if (known := connection.scalar(query)) is not None:
        return Posted(known, duplicate=True)
    amount, data = payment.amount.centavos, payment.facts()
    if counted := books.counted_by_tape(payment.paid_at, amount):
        legs, data = [Leg(payment.account, amount), Leg(counted, -amount)], {**data, "tape": True}
    else:
        legs, data = books.legs(amount, payment.account), {**data, "rule": books.loan.allocation_rule}
    entry = append(connection, loan_id, at, NewEntry(payment.kind, data, payment.actor, legs, key=key))[0]
    if books.before_tape(payment.paid_at):
        explain_again(connection, loan_id, at, payment.actor)
        reallocate(connection, loan_id, at, payment.actor)
    refresh_statuses(connection, today, at, [loan_id])
    return Posted(entry, duplicate=False, promises=judge_promises(connection, [loan_id], at, today))


def reverse_payment(
    connection: Connection,
    loan_id: int,
    entry_id: int,
    at: datetime,
    actor: str,
    kind: str = "payment.reversed",
    **data: Any,
) -> Reversed:
    """Takes a payment back from where it is; what other money then pays is spread anew by one entry more.

    Raises AlreadyReversed, NotAPayment.
    """
    books = read_books(connection, [loan_id])[loan_id]
    row = _standing(connection, loan_id, entry_id)
    counted = books.tape_took_back(datetime.fromisoformat(row.data["paid_at"]), row.data["amount"])
    legs = _taken_back(connection, row, counted=counted)
    facts = {**data, "entry": entry_id, "amount": row.data["amount"], **({"tape": True} if counted else {})}
    undo = NewEntry(kind, facts, actor, legs, reverses=entry_id)
    reversal = append(connection, loan_id, at, undo)[0]
    if books.before_tape(datetime.fromisoformat(row.data["paid_at"])):
        explain_again(connection, loan_id, at, actor)
    reallocate(connection, loan_id, at, actor)
    today = city_day(at)
    refresh_statuses(connection, today, at, [loan_id])
    return Reversed(reversal, judge_promises(connection, [loan_id], at, today))


def reallocate(connection: Connection, loan_id: int, at: datetime, actor: str) -> None:
    """Spreads standing money over what is owed now, by one entry, none where it lies as the rule says; and
    what an instalment then owes beyond what falls due on it, over others by another one.
    """
    books = read_books(connection, [loan_id])[loan_id]
    paid = read_allocated(connection, [loan_id]).get(loan_id, {})
    legs = spread_again(books.loan.allocation_rule, books.unpaid, paid, books.credit - books.missing)
    if legs:
        data = {"rule": books.loan.allocation_rule}
        append(connection, loan_id, at, NewEntry("payment.reallocated", data, actor, legs))
        books = read_books(connection, [loan_id])[loan_id]
    if legs := within_what_falls_due(books):
        data = {"as_of": books.loan.as_of.isoformat(), "amount": 0, "billed": 0, "paid": 0}
        append(connection, loan_id, at, NewEntry("loan.adjusted", data, actor, legs))


def settle_transit(connection: Connection, loan_id: int, entry_id: int, fee_centavos: int = 0) -> list[Leg]:
    """The legs by which money that a provider collected reaches the bank, less what the provider keeps; none
    where this payment stands at the bank already.

    Raises NotAPayment, AlreadyReversed.
    """
    data = _standing(connection, loan_id, entry_id).data
    account, amount = data.get("account", "bank"), data["amount"]
    if account == "bank":
        return []
    provider = account.removeprefix("transit:")
    legs = [Leg(account, -amount), Leg("bank", amount - fee_centavos)]
    return [*legs, Leg(f"fees:{provider}", fee_centavos)] if fee_centavos else legs


def _standing(connection: Connection, loan_id: int, entry_id: int) -> AnyRow:
    query = select(ledger_entry_table).where(
        ledger_entry_table.c.id == entry_id,
        ledger_entry_table.c.loan_id == loan_id,
        ledger_entry_table.c.kind.in_(MONEY_IN),
    )
    if connection.execute(query).first() is None:
        raise NotAPayment(entry_id)
    if (row := connection.execute(query.where(not_reversed())).first()) is None:
        raise AlreadyReversed(entry_id)
    return row


def _taken_back(connection: Connection, row: AnyRow, *, counted: bool) -> list[Leg]:
    """The payment's legs turned round; what was settled since is taken from the bank. `counted`: a tape has
    it as unpaid already, and no debt is opened a second time.
    """
    account, amount = row.data.get("account", "bank"), row.data["amount"]
    settled = select(ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == row.loan_id, ledger_entry_table.c.kind == "charge.settled"
    )
    place = account
    if account != "bank" and row.id in [data["entry"] for data in connection.scalars(settled)]:
        place = "bank"
    if counted:
        return [Leg(place, -amount), Leg(TAPE, amount)]
    postings = select(posting_table.c.account, posting_table.c.amount).where(
        posting_table.c.entry_id == row.id
    )
    return [
        Leg(place if posted == account else posted, -centavos)
        for posted, centavos in connection.execute(postings)
    ]
