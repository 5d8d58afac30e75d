"""What is known of each borrower, for decisions about new loans: read for a page of borrowers at once, from
the ledger and the records. Numbers and codes, no words.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from models import (
    borrower_table,
    charge_table,
    contact_point_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    message_table,
    posting_table,
    promise_table,
)
from models.base import AnyRow

GRACE = timedelta(days=3)
"""Natural days after the first due date in which a payment still counts as the first one made."""
ENTRIES = {
    "disputes": "dispute.opened",
    "hardships": "hardship.reported",
    "complaints": "complaint.opened",
    "opt_outs": "optout.recorded",
    "wrong_party_reports": "wrong_party.reported",
    "contacts_sent": "contact.sent",
    "contacts_delivered": "contact.delivered",
    "contacts_read": "contact.read",
    "contacts_failed": "contact.failed",
    "contacts_replied": "contact.replied",
    "payments": "payment.posted",
    "plans_agreed": "plan.agreed",
    "plans_kept": "plan.kept",
    "plans_broken": "plan.broken",
    "mandates_activated": "mandate.active",
}
"""How often it happened on the loans of the borrower, by kind of the ledger."""
PROMISES = ("kept", "partial", "broken", "cancelled")
CHARGES = {
    "charges_collected": ("collected", "settled"),
    "charges_returned": ("returned",),
    "charges_reversed": ("reversed",),
}

_IDS: Any = bindparam("ids", expanding=True)
_LOANS = (
    select(loan_table.c.borrower_id, loan_table.c.status, loan_table.c.overdue_since, func.count())
    .where(loan_table.c.borrower_id.in_(_IDS))
    .group_by(loan_table.c.borrower_id, loan_table.c.status, loan_table.c.overdue_since)
)
_OF_LOANS = loan_table.c.borrower_id.in_(_IDS)


def _per_borrower(table: Any, column: Any) -> Select[Any]:
    """How many rows of a loan's own there are, by the value of `column`."""
    return (
        select(loan_table.c.borrower_id, column, func.count())
        .join(table, table.c.loan_id == loan_table.c.id)
        .where(_OF_LOANS)
        .group_by(loan_table.c.borrower_id, column)
    )


_ENTRIES = _per_borrower(ledger_entry_table, ledger_entry_table.c.kind).where(
    ledger_entry_table.c.kind.in_(tuple(ENTRIES.values()))
)
_PROMISES = _per_borrower(promise_table, promise_table.c.status)
_CHARGES = _per_borrower(charge_table, charge_table.c.status)
_MANDATES = _per_borrower(mandate_table, mandate_table.c.status)
_POINTS = (
    select(contact_point_table.c.borrower_id, contact_point_table.c.status, func.count())
    .where(contact_point_table.c.borrower_id.in_(_IDS))
    .group_by(contact_point_table.c.borrower_id, contact_point_table.c.status)
)
_REFUSALS = (
    select(message_table.c.borrower_id, func.count())
    .where(
        message_table.c.borrower_id.in_(_IDS),
        message_table.c.direction == "in",
        message_table.c.understood["intent"].as_string() == "refuse_to_pay",
    )
    .group_by(message_table.c.borrower_id)
)
_FIRST = (
    select(
        instalment_table.c.loan_id,
        func.min(instalment_table.c.number).label("number"),
    )
    .join(loan_table, loan_table.c.id == instalment_table.c.loan_id)
    .where(_OF_LOANS)
    .group_by(instalment_table.c.loan_id)
    .subquery()
)
_FIRSTS = (
    select(
        loan_table.c.borrower_id,
        loan_table.c.id,
        loan_table.c.created_at,
        instalment_table.c.number,
        instalment_table.c.due_date,
    )
    .join(_FIRST, _FIRST.c.loan_id == loan_table.c.id)
    .join(
        instalment_table,
        and_(instalment_table.c.loan_id == _FIRST.c.loan_id, instalment_table.c.number == _FIRST.c.number),
    )
)
_LEFT = (
    select(
        ledger_entry_table.c.loan_id, ledger_entry_table.c.at, posting_table.c.amount, posting_table.c.account
    )
    .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
    .where(ledger_entry_table.c.loan_id.in_(_IDS), posting_table.c.account.like("receivable:%"))
)
"""What is owed of each instalment, as it moved."""


def read_features(
    connection: Connection, after: int, limit: int, today: date
) -> list[tuple[int, dict[str, Any]]]:
    """`(row id, features)` of the next borrowers, in the order of their rows."""
    people = connection.execute(
        select(borrower_table.c.id, borrower_table.c.external_id)
        .where(borrower_table.c.id > after)
        .order_by(borrower_table.c.id)
        .limit(limit)
    ).all()
    ids = [person.id for person in people]
    if not ids:
        return []
    given = {"ids": ids}
    made = {person.id: {"borrower": person.external_id} | _nothing() for person in people}
    for borrower, status, since, count in connection.execute(_LOANS, given):
        mine = made[borrower]
        mine["loans"] += count
        mine["loans_settled"] += count if status == "settled" else 0
        mine["loans_written_off"] += count if status == "written_off" else 0
        mine["dpd"] = max(mine["dpd"], (today - since).days if since else 0)
    _count_records(connection, ids, made)
    for borrower, count in connection.execute(_REFUSALS, given):
        made[borrower]["refusals"] = count
    for borrower, missed in _first_payments(connection, ids, today).items():
        made[borrower]["first_payment_missed"] = missed
    return [(person.id, made[person.id]) for person in people]


def _count_records(connection: Connection, ids: Sequence[int], made: dict[int, dict[str, Any]]) -> None:
    """What is counted by kind or by status."""
    given = {"ids": ids}
    kinds = {kind: name for name, kind in ENTRIES.items()}
    for borrower, kind, count in connection.execute(_ENTRIES, given):
        made[borrower][kinds[kind]] += count
    for borrower, status, count in connection.execute(_PROMISES, given):
        made[borrower]["promises_made"] += count
        if status in PROMISES:
            made[borrower][f"promises_{status}"] += count
    for borrower, status, count in connection.execute(_CHARGES, given):
        for name, states in CHARGES.items():
            made[borrower][name] += count if status in states else 0
    for borrower, status, _ in connection.execute(_MANDATES, given):
        made[borrower]["enrolled"] |= status == "active"
    for borrower, status, count in connection.execute(_POINTS, given):
        made[borrower]["contact_points"] += count
        made[borrower]["contact_points_unusable"] += count if status in ("closed", "invalid") else 0


def _nothing() -> dict[str, Any]:
    counted = ("loans", "loans_settled", "loans_written_off", "dpd", *ENTRIES, "promises_made", "refusals")
    counted += (
        *(f"promises_{status}" for status in PROMISES),
        *CHARGES,
        "contact_points",
        "contact_points_unusable",
    )
    return {
        **dict.fromkeys(counted, 0),
        "enrolled": False,
        "first_payment_missed": None,
    }


def _first_payments(connection: Connection, ids: Sequence[int], today: date) -> dict[int, bool]:
    """Whether the first instalment of any loan was open three days after it was due, as the ledger knew it
    then; of no loan that Acuerdo met later than that.
    """
    rows = connection.execute(_FIRSTS, {"ids": ids}).all()
    seen = [row for row in rows if row.created_at.date() <= row.due_date and row.due_date + GRACE < today]
    if not seen:
        return {}
    moves: dict[tuple[int, int], list[tuple[datetime, int]]] = defaultdict(list)
    for loan, at, amount, account in connection.execute(_LEFT, {"ids": [row.id for row in seen]}):
        moves[loan, int(account.split(":")[1])].append((at, amount))
    found: dict[int, bool] = {}
    for row in seen:
        missed = _was_open(row, moves[row.id, row.number])
        found[row.borrower_id] = found.get(row.borrower_id, False) or missed
    return found


def _was_open(row: AnyRow, moves: Sequence[tuple[datetime, int]]) -> bool:
    until = row.due_date + GRACE
    return sum(amount for at, amount in moves if at.date() <= until) > 0
