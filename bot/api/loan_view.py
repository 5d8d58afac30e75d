"""Loans as the API shows them: any number at once, by one query for each kind of fact."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bot.offers import plans_of
from bot.services import Services
from models import (
    balance_table,
    bank_account_table,
    borrower_table,
    contact_point_table,
    hold_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    promise_table,
)
from models.base import AnyRow
from models.hold import stands
from models.instalment import COMPONENTS
from models.ledger import paid_since_made
from models.mandate import PENDING_STATES
from values import bank_name, roll_forward, split_tags

LOANS: Select[Any] = select(
    loan_table,
    borrower_table.c.external_id.label("borrower_external_id"),
    borrower_table.c.name,
    borrower_table.c.email,
    borrower_table.c.language,
    borrower_table.c.preferred_channel,
    borrower_table.c.opted_out_at,
).join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
"""Loans joined with their borrowers: the rows that `describe` takes."""
ACTIVE = ("active", "suspended", "disputed")


def changed_since(at: datetime) -> ColumnElement[bool]:
    """Of a loan: its newest ledger entry is of that time or later."""
    return (
        select(ledger_entry_table.c.id)
        .where(
            ledger_entry_table.c.loan_id == loan_table.c.id,
            ledger_entry_table.c.seq == loan_table.c.ledger_seq,
            ledger_entry_table.c.at >= at,
        )
        .exists()
    )


def describe(connection: Connection, services: Services, loans: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """In the order of `loans`, rows of `LOANS`."""
    now = services.clock.now()
    ids = [row.id for row in loans]
    instalments = _by_loan(connection, instalment_table, ids, instalment_table.c.number)
    mandates = _mandates(connection, ids)
    promises = _promises(connection, ids)
    plans = plans_of(connection, ids)
    holds = _holds(connection, ids, now)
    phones = _phones(connection, [row.borrower_id for row in loans])
    balances: dict[int, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(select(balance_table).where(balance_table.c.loan_id.in_(ids))):
        balances[row.loan_id][row.account] = row.amount
    return [
        _terms(row)
        | {"borrower": borrower(row, phones.get(row.borrower_id))}
        | _owed(instalments[row.id], services.day(now))
        | _unallocated(balances[row.id])
        | {
            "mandate": mandates.get(row.id),
            "plan": plans.get(row.id),
            "promise": promises.get(row.id),
            "holds": holds[row.id],
            "flags": _flags(row, holds[row.id]),
        }
        for row in loans
    ]


def borrower(row: AnyRow, phone: str | None) -> dict[str, Any]:
    return {
        "external_id": row.borrower_external_id,
        "name": row.name,
        "phone": phone,
        "email": row.email,
        "language": row.language,
        "preferred_channel": row.preferred_channel,
        "opted_out": row.opted_out_at is not None,
    }


def _terms(row: AnyRow) -> dict[str, Any]:
    return {
        "external_id": row.external_id,
        "currency": row.currency,
        "status": row.status,
        "product": row.product,
        "tags": split_tags(row.tags),
        "as_of": row.as_of.isoformat() if row.as_of else None,
    }


def _by_loan(connection: Connection, table: Any, ids: Sequence[int], order: Any) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.loan_id.in_(ids)).order_by(order)):
        found[row.loan_id].append(row)
    return found


def _owed(instalments: Sequence[AnyRow], today: date) -> dict[str, Any]:
    outstanding = {name: sum(getattr(row, f"unpaid_{name}") for row in instalments) for name in COMPONENTS}
    unpaid = [row for row in instalments if _unpaid(row)]
    oldest = min(unpaid, key=lambda row: (row.due_date, row.number), default=None)
    return {
        "outstanding": {**outstanding, "total": sum(outstanding.values())},
        "dpd": max(0, (today - roll_forward(oldest.due_date)).days) if oldest else 0,
        "next_due": {"date": oldest.due_date.isoformat(), "amount": _unpaid(oldest)} if oldest else None,
        "instalments": [_instalment(row) for row in instalments],
    }


def _unpaid(row: AnyRow) -> int:
    return sum(getattr(row, f"unpaid_{name}") for name in COMPONENTS)


def _instalment(row: AnyRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "due_date": row.due_date.isoformat(),
        "amount": row.amount_centavos,
        "unpaid": _unpaid(row),
        **{f"unpaid_{name}": getattr(row, f"unpaid_{name}") for name in COMPONENTS},
    }


def _unallocated(accounts: Mapping[str, int]) -> dict[str, int]:
    in_transit = sum(amount for account, amount in accounts.items() if account.startswith("transit:"))
    unapplied = accounts.get("unapplied", 0)
    return {"credit": max(0, -unapplied), "owed_back": max(0, unapplied), "in_transit": in_transit}


def _mandates(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By loan: the active one; else the pending one; else the last that ended."""
    query = (
        select(mandate_table, bank_account_table.c.bank_code, bank_account_table.c.last4)
        .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
        .where(mandate_table.c.loan_id.in_(ids))
        .order_by(mandate_table.c.id)
    )
    best = sorted(connection.execute(query).all(), key=lambda row: (_precedence(row.status), row.id))
    return {row.loan_id: _mandate(row) for row in best}


def _precedence(status: str) -> int:
    return 2 if status in ACTIVE else 1 if status in PENDING_STATES else 0


def _mandate(row: AnyRow) -> dict[str, Any]:
    return {
        "status": row.status,
        "folio": row.folio,
        "clabe_masked": f"••••{row.last4}",
        "bank": bank_name(row.bank_code) or row.bank_code,
        "max_amount": row.max_amount,
        "frequency": row.frequency,
        "authorized_at": row.authorized_at.isoformat() if row.authorized_at else None,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "terms_version": row.terms_version,
        "terms_hash": row.terms_hash,
        "document_hash": row.document_hash,
    }


def _promises(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By loan: the newest, with what was paid on it."""
    newest = (
        select(func.max(promise_table.c.id))
        .where(promise_table.c.loan_id.in_(ids))
        .group_by(promise_table.c.loan_id)
    )
    rows = connection.execute(select(promise_table).where(promise_table.c.id.in_(newest))).all()
    paid = paid_since_made(connection, rows) if rows else {}
    return {
        row.loan_id: {
            "date": row.due_date.isoformat(),
            "amount": row.amount,
            "paid": max(0, min(row.amount, paid.get(row.id, 0))),
            "status": row.status,
            "rest": [{"date": part["date"], "amount": part["amount"]} for part in row.rest or ()],
        }
        for row in rows
    }


def _holds(connection: Connection, ids: Sequence[int], now: datetime) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = connection.execute(
        select(hold_table).where(hold_table.c.loan_id.in_(ids), stands(now)).order_by(hold_table.c.id)
    ).all()
    placed_by = _placed_by(connection, {row.loan_id for row in rows})
    for row in rows:
        found[row.loan_id].append(
            {
                "kind": row.kind,
                "since": row.placed_at.isoformat(),
                "by": placed_by.get((row.loan_id, row.kind)),
                "until": row.until.isoformat() if row.until else None,
            }
        )
    return found


def _placed_by(connection: Connection, ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """By loan and kind: the actor of the newest entry that placed such a hold."""
    entries = connection.execute(
        select(ledger_entry_table.c.loan_id, ledger_entry_table.c.data, ledger_entry_table.c.actor)
        .where(ledger_entry_table.c.loan_id.in_(list(ids)), ledger_entry_table.c.kind == "hold.placed")
        .order_by(ledger_entry_table.c.seq)
    )
    return {(row.loan_id, str(row.data.get("hold"))): row.actor for row in entries}


def _flags(row: AnyRow, holds: Sequence[Mapping[str, Any]]) -> list[str]:
    opted_out = {"opt_out"} if row.opted_out_at is not None else set[str]()
    return sorted({hold["kind"] for hold in holds} | opted_out)


def _phones(connection: Connection, borrowers: Sequence[int]) -> dict[int, str]:
    """By borrower: the newest number, whatever its health."""
    points = connection.execute(
        select(contact_point_table.c.borrower_id, contact_point_table.c.key)
        .where(contact_point_table.c.borrower_id.in_(borrowers), contact_point_table.c.key.startswith("+"))
        .order_by(contact_point_table.c.id)
    )
    return dict(points.all())
