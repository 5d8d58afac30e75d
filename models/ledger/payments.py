"""Payments: posted once, allocated by the loan's rule as of the day they were paid, reversed once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models.base import AnyRow
from models.charge import charge_table
from models.instalment import COMPONENTS, instalment_table
from models.ledger.allocation import Unpaid, allocate
from models.ledger.append import append
from models.ledger.entry import Leg, NewEntry
from models.ledger.promises import JudgedPromise, judge_promises
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from values import Money

MONEY_IN = ("payment.posted", "charge.collected")
SAME_MONEY_DAYS = 3


class AlreadyReversed(Exception):
    """The payment was undone before; it is undone once."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"entry {entry_id} was reversed before: nothing was posted")


class NotAPayment(Exception):
    def __init__(self, entry_id: int) -> None:
        super().__init__(f"entry {entry_id} of this loan is not a payment that can be reversed")


@dataclass(frozen=True, slots=True)
class Payment:
    """`key` makes posting it twice harmless; by default it is the rail and the reference."""

    amount: Money
    paid_at: datetime
    rail: str
    reference: str
    actor: str
    kind: str = "payment.posted"
    since: datetime | None = None
    """When the day of a debit began: what was paid before it is other money."""
    account: str = "bank"
    """Where the money is: `bank`, or `transit:PROVIDER` until the provider has settled it."""

    def key(self, loan_id: int) -> str:
        return f"payment:{loan_id}:{self.rail}:{self.reference}"

    def is_same(self, data: Mapping[str, Any]) -> bool:
        """Whether what was posted under this key can be this payment: the same sum, on about the same day."""
        apart = abs(datetime.fromisoformat(data["paid_at"]) - self.paid_at)
        return bool(data["amount"] == self.amount.centavos and apart <= timedelta(days=SAME_MONEY_DAYS))


@dataclass(frozen=True, slots=True)
class Posted:
    entry_id: int
    duplicate: bool
    settled: bool
    promises: tuple[JudgedPromise, ...] = ()
    """What it meant for the open promise."""

    @property
    def kept(self) -> bool:
        """Whether it kept the open promise."""
        return any(promise.outcome == "kept" for promise in self.promises)


def find_same_money(connection: Connection, loan_id: int, payment: Payment) -> int | None:
    """The entry that already holds this money, reported by another road: the same reference, or a debit of
    the same sum within three days that no other report has explained. The loan is locked before: two reports
    of one sum must not both be the first.
    """
    explained = _explained(connection, loan_id)
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()
    )
    for entry_id, data in connection.execute(query):
        if data["amount"] != payment.amount.centavos:
            continue
        paid_at = datetime.fromisoformat(data["paid_at"])
        apart = abs(paid_at - payment.paid_at)
        other_road = "debit" in (data["rail"], payment.rail) and data["rail"] != payment.rail
        older = (payment.since and paid_at < payment.since) or (
            "since" in data and payment.paid_at < datetime.fromisoformat(data["since"])
        )
        other_road &= explained.get(data["reference"]) in (None, payment.key(loan_id))
        if data["reference"] == payment.reference or (
            other_road and not older and apart <= timedelta(days=SAME_MONEY_DAYS)
        ):
            return int(entry_id)
    return None


def explain(connection: Connection, loan_id: int, entry_id: int, payment: Payment) -> None:
    """Notes which report told of a charge's money again: the next one of the same sum is other money."""
    reference = connection.execute(
        select(ledger_entry_table.c.data).where(ledger_entry_table.c.id == entry_id)
    ).scalar_one()["reference"]
    if payment.reference != reference:
        connection.execute(
            update(charge_table)
            .where(charge_table.c.loan_id == loan_id, charge_table.c.key == reference)
            .values(reported_by=payment.key(loan_id))
        )


def _explained(connection: Connection, loan_id: int) -> dict[str, str]:
    """By the key of a charge: the report that told of its money again."""
    charges = select(charge_table.c.key, charge_table.c.reported_by).where(
        charge_table.c.loan_id == loan_id, charge_table.c.reported_by.is_not(None)
    )
    return dict(connection.execute(charges).all())


def posted_under(connection: Connection, keys: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """By key: the data of the payments that were posted under these."""
    return dict(
        connection.execute(
            select(ledger_entry_table.c.key, ledger_entry_table.c.data).where(
                ledger_entry_table.c.key.in_(keys)
            )
        ).all()
    )


def not_reversed() -> Any:
    undo = ledger_entry_table.alias("undo")
    return ~select(undo.c.id).where(undo.c.reverses_id == ledger_entry_table.c.id).exists()


def standing_money(connection: Connection) -> dict[int, int]:
    """By the entry that first posted it: centavos that came in and were not taken back."""
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.data).where(
        ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()
    )
    return {int(data.get("origin", entry)): data["amount"] for entry, data in connection.execute(query)}


def post_payment(connection: Connection, loan_id: int, payment: Payment, at: datetime, today: date) -> Posted:
    """Posts money that was received. One dated before others that are posted is allocated as if it had come
    in its turn: the later ones are reversed and allocated again, by new entries. The rest after all debts
    goes to `unapplied`.
    """
    loan = _locked(connection, loan_id)
    key = payment.key(loan_id)
    if (
        known := connection.scalar(select(ledger_entry_table.c.id).where(ledger_entry_table.c.key == key))
    ) is not None:
        return Posted(known, duplicate=True, settled=loan.status == "settled")
    later = _paid_after(connection, loan_id, payment.paid_at)
    _undo(connection, loan_id, later, at, payment.actor)
    entry_id = _post(
        connection, loan, payment.kind, _data(payment), payment.amount.centavos, at, payment.actor, key
    )
    for row in later:
        origin = row.data.get("origin", row.id)
        _post(
            connection,
            loan,
            row.kind,
            {**row.data, "origin": origin},
            row.data["amount"],
            at,
            payment.actor,
            f"again:{entry_id}:{row.id}",
        )
    settled = settle(connection, loan_id, at, payment.actor)
    promises = judge_promises(connection, loan_id, at, today)
    return Posted(entry_id, duplicate=False, settled=settled, promises=promises)


def reverse_payment(
    connection: Connection,
    loan_id: int,
    entry_id: int,
    at: datetime,
    actor: str,
    kind: str = "payment.reversed",
    **data: Any,
) -> int:
    """Undoes a payment that came to nothing: it and the later ones are reversed, the later ones allocated
    again. The reversal's id.

    Raises AlreadyReversed, NotAPayment.
    """
    loan = _locked(connection, loan_id)
    current = _standing(connection, loan_id, entry_id)
    later = [
        row
        for row in _paid_after(connection, loan_id, datetime.fromisoformat(current.data["paid_at"]))
        if row.id != current.id
    ]
    _undo(connection, loan_id, later, at, actor)
    undo = NewEntry(
        kind,
        {**data, "entry": entry_id, "amount": current.data["amount"]},
        actor,
        _taken_back(connection, loan_id, current, entry_id),
        reverses=current.id,
    )
    reversal = append(connection, loan_id, at, undo)[0]
    for row in later:
        origin = row.data.get("origin", row.id)
        _post(
            connection,
            loan,
            row.kind,
            {**row.data, "origin": origin},
            row.data["amount"],
            at,
            actor,
            f"again:{reversal}:{row.id}",
        )
    reopened = update(loan_table).where(
        loan_table.c.id == loan_id, loan_table.c.status == "settled", loan_table.c.outstanding_centavos > 0
    )
    connection.execute(reopened.values(status="current"))
    return reversal


def _locked(connection: Connection, loan_id: int) -> AnyRow:
    return connection.execute(select(loan_table).where(loan_table.c.id == loan_id).with_for_update()).one()


def _data(payment: Payment) -> dict[str, Any]:
    return {
        "amount": payment.amount.centavos,
        "currency": payment.amount.currency,
        "paid_at": payment.paid_at.isoformat(),
        "rail": payment.rail,
        "reference": payment.reference,
        **({"since": payment.since.isoformat()} if payment.since else {}),
        **({"account": payment.account} if payment.account != "bank" else {}),
    }


def _paid_after(connection: Connection, loan_id: int, paid_at: datetime) -> list[AnyRow]:
    """Standing payments dated after `paid_at`, in the order in which they were paid."""
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.kind, ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()
    )
    rows = [row for row in connection.execute(query) if datetime.fromisoformat(row.data["paid_at"]) > paid_at]
    return sorted(rows, key=lambda row: (datetime.fromisoformat(row.data["paid_at"]), row.data["reference"]))


def _standing(connection: Connection, loan_id: int, entry_id: int) -> AnyRow:
    """The entry that holds this payment's money now: itself, or the one it was last allocated again by."""
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.kind, ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind.in_(MONEY_IN)
    )
    found = [row for row in connection.execute(query) if entry_id in (row.id, row.data.get("origin"))]
    if not found:
        raise NotAPayment(entry_id)
    standing = [
        row for row in connection.execute(query.where(not_reversed())) if row.id in {r.id for r in found}
    ]
    if not standing:
        raise AlreadyReversed(entry_id)
    return standing[0]


def _undo(connection: Connection, loan_id: int, rows: Sequence[AnyRow], at: datetime, actor: str) -> None:
    for row in rows:
        data = {"entry": row.id, "amount": row.data["amount"], "reason": "allocated_again"}
        append(
            connection,
            loan_id,
            at,
            NewEntry("payment.reallocated", data, actor, _negated(connection, row.id), reverses=row.id),
        )


def _negated(connection: Connection, entry_id: int) -> list[Leg]:
    return [
        Leg(account, -amount)
        for account, amount in connection.execute(
            select(posting_table.c.account, posting_table.c.amount).where(
                posting_table.c.entry_id == entry_id
            )
        )
    ]


def settle_transit(connection: Connection, loan_id: int, entry_id: int, fee_centavos: int = 0) -> list[Leg]:
    """The legs by which money that a provider collected reaches the bank, less what the provider keeps; none
    where this payment stands at the bank already.

    `entry_id` is the entry that first posted the money. Raises NotAPayment, AlreadyReversed.
    """
    data = _standing(connection, loan_id, entry_id).data
    account, amount = data.get("account", "bank"), data["amount"]
    if account == "bank":
        return []
    provider = account.removeprefix("transit:")
    legs = [Leg(account, -amount), Leg("bank", amount - fee_centavos)]
    return [*legs, Leg(f"fees:{provider}", fee_centavos)] if fee_centavos else legs


def _taken_back(connection: Connection, loan_id: int, current: AnyRow, entry_id: int) -> list[Leg]:
    """The legs of the payment turned round; what was settled since is taken from the bank."""
    legs = _negated(connection, current.id)
    account = current.data.get("account", "bank")
    settled = select(ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind == "charge.settled"
    )
    if account == "bank" or entry_id not in [data["entry"] for data in connection.scalars(settled)]:
        return legs
    return [Leg("bank" if leg.account == account else leg.account, leg.centavos) for leg in legs]


def _post(
    connection: Connection,
    loan: AnyRow,
    kind: str,
    data: dict[str, Any],
    amount: int,
    at: datetime,
    actor: str,
    key: str,
) -> int:
    query = (
        select(instalment_table)
        .where(instalment_table.c.loan_id == loan.id)
        .order_by(instalment_table.c.due_date, instalment_table.c.number)
    )
    unpaid = [
        Unpaid(row.number, {part: getattr(row, f"unpaid_{part}") for part in COMPONENTS})
        for row in connection.execute(query)
    ]
    spread = allocate(loan.allocation_rule, amount, unpaid)
    return append(
        connection,
        loan.id,
        at,
        NewEntry(
            kind,
            {**data, "rule": loan.allocation_rule},
            actor,
            spread.legs(data.get("account", "bank")),
            key=key,
        ),
    )[0]


def settle(connection: Connection, loan_id: int, at: datetime, actor: str) -> bool:
    """Writes `loan.settled` when nothing is owed any more."""
    paid_off = (
        update(loan_table)
        .where(
            loan_table.c.id == loan_id,
            loan_table.c.outstanding_centavos == 0,
            loan_table.c.status != "settled",
        )
        .values(status="settled")
    )
    if connection.execute(paid_off).rowcount != 1:
        return False
    append(connection, loan_id, at, NewEntry("loan.settled", {}, actor))
    return True
