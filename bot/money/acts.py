"""The lender's own acts on a loan's books: each an entry, with who and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from bot.money.promises import promise_news
from bot.reach import notify_borrowers
from models import inflow_table, payment_report_table
from models.ledger import (
    Books,
    Leg,
    NewEntry,
    append,
    judge_promises,
    read_books,
    refresh_statuses,
    reverse_payment,
)
from values import city_day

Kind = Literal["waiver", "refund", "write_off", "recovery"]
COMPONENT_ORDER = ("late_fees", "tax", "interest", "principal")


class MoreThanThereIs(Exception):
    """An act asks for more than the books hold."""

    def __init__(self, kind: Kind, most_centavos: int) -> None:
        super().__init__(f"a {kind} can be of {most_centavos} centavos at most: that is all there is")


class NotPosted(Exception):
    def __init__(self, report: int) -> None:
        super().__init__(f"payment {report} is not posted: there is nothing to take back")


@dataclass(frozen=True, slots=True)
class Act:
    """`component` null: all of them; `reason` is a code or a few words of the lender's."""

    kind: Kind
    amount: int
    component: str | None
    reason: str


_LEDGER_KIND = {
    "waiver": "waiver.granted",
    "refund": "refund.posted",
    "write_off": "write_off.posted",
    "recovery": "recovery.posted",
}


def adjust(connection: Connection, loan_id: int, act: Act, at: datetime, actor: str) -> int:
    """Writes it; the entry's id. Raises MoreThanThereIs."""
    books = read_books(connection, [loan_id])[loan_id]
    data = {"amount": act.amount, "reason": act.reason}
    if act.component:
        data["component"] = act.component
    if act.kind == "recovery":
        data |= {"paid_at": at.isoformat(), "rail": "other", "reference": act.reason}
    entry = append(connection, loan_id, at, NewEntry(_LEDGER_KIND[act.kind], data, actor, _legs(books, act)))[
        0
    ]
    refresh_statuses(connection, city_day(at), at, [loan_id])
    judged = judge_promises(connection, [loan_id], at, city_day(at))
    notify_borrowers(connection, promise_news(judged), at)
    return entry


def _legs(books: Books, act: Act) -> list[Leg]:
    match act.kind:
        case "refund":
            _at_most(act, books.credit)
            return [Leg("unapplied", act.amount), Leg("bank", -act.amount)]
        case "recovery":
            _at_most(act, books.written_off)
            return [Leg("bank", act.amount), Leg("written_off", -act.amount)]
        case "waiver":
            return [*_forgiven(books, act), Leg("waived", act.amount)]
        case "write_off":
            return [*_forgiven(books, act), Leg("written_off", act.amount)]


def _at_most(act: Act, most: int) -> None:
    if act.amount > most:
        raise MoreThanThereIs(act.kind, most)


def _forgiven(books: Books, act: Act) -> Sequence[Leg]:
    """What is not asked for any more: oldest instalment first, within it fees before principal."""
    wanted = COMPONENT_ORDER if act.component is None else (act.component,)
    owed = [
        (f"receivable:{each.number}:{part}", each.parts[part])
        for each in books.unpaid
        for part in wanted
        if each.parts[part]
    ]
    _at_most(act, sum(amount for _, amount in owed))
    left, legs = act.amount, list[Leg]()
    for account, amount in owed:
        taken = min(left, amount)
        left -= taken
        legs += [Leg(account, -taken)] if taken else []
    return legs


def reverse(connection: Connection, report: int, reason: str, at: datetime, actor: str) -> int:
    """Takes the money of a posted report back, once; the reversing entry's id. The loan is locked before.

    Raises NotPosted, AlreadyReversed.
    """
    row = connection.execute(
        select(inflow_table)
        .join(payment_report_table, payment_report_table.c.inflow_id == inflow_table.c.id)
        .where(payment_report_table.c.id == report)
    ).first()
    if row is None:
        raise NotPosted(report)
    reversed_ = reverse_payment(connection, row.loan_id, row.entry_id, at, actor, reason=reason)
    connection.execute(update(inflow_table).where(inflow_table.c.id == row.id).values(reversed_at=at))
    notify_borrowers(connection, promise_news(reversed_.promises), at)
    return reversed_.entry_id
