"""A loan's ledger as people read it, newest first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import Connection, func, select

from bot.console import formatting
from bot.console.agents.board import counted
from bot.console.agents.conversation import bounded
from bot.reach import best_contact_point
from bot.web import services
from models import (
    agent_name,
    agent_table,
    borrower_table,
    ledger_entry_table,
    loan_table,
    posting_table,
    read_tx,
)
from models.base import AnyRow
from models.ledger import verify

PAGE = 500
MONEY = frozenset({"amount", "paid", "outstanding", "promised", "reported", "max_amount"})
DAYS = frozenset(
    {"date", "due_date", "charge_on", "retry_on", "until", "as_of", "settles_on", "paid_on", "due", "was"}
)
CODED = frozenset(
    {"reason", "hold", "channel", "factor", "rule", "rail", "kind", "document", "frequency", "component"}
)
"""Names whose values are codes with words of their own."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<int:loan_id>/ledger", view_func=ledger)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "money": (),
    "contact": ("contact.", "contact_point.", "preference.", "optout.", "optin.", "handoff."),
    "agreed": ("promise.", "plan.", "settlement.", "extension."),
    "debit": ("mandate.", "charge."),
}
"""Beginnings of the kinds that a filter shows; `money`: whatever changed what is owed."""


def ledger(loan_id: int) -> str:
    """The newest entries, or those before the one that is asked for."""
    before = request.args.get("before", type=bounded)
    with read_tx(services().engine) as connection:
        loan = connection.execute(
            select(loan_table, borrower_table.c.name)
            .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
            .where(loan_table.c.id == loan_id)
        ).first()
        if loan is None:
            abort(HTTPStatus.NOT_FOUND)
        entries = _entries(connection, loan_id, before)
        legs: dict[int, list[AnyRow]] = defaultdict(list)
        for leg in connection.execute(
            select(posting_table)
            .where(posting_table.c.entry_id.in_([row.id for row in entries]))
            .order_by(posting_table.c.id)
        ):
            legs[leg.entry_id].append(leg)
        names = {
            f"agent:{key}": name for key, name in connection.execute(select(agent_table.c.id, agent_name))
        }
        point = best_contact_point(connection, loan.borrower_id, usable_only=False)
        changes = {entry: moved(found) for entry, found in legs.items()}
        since = _moved_since(connection, loan_id, entries[0].seq) if before and entries else 0
        only = request.args.get("only", "")
        return render_template(
            "console/ledger.html",
            loan=loan,
            entries=[row for row in entries if _shows(only, row.kind, changes.get(row.id, 0))],
            balances=_balances(entries, changes, loan.outstanding_centavos - since),
            changes=changes,
            only=only if only in GROUPS else "",
            groups=GROUPS,
            chained=not any(verify(connection, loan.external_id)),
            names=names,
            older=entries[-1].seq if entries and entries[-1].seq > 1 else None,
            thread=point.conversation_id if point else None,
            board=counted(connection, g.agent),
            entry_details=entry_details,
        )


def _entries(connection: Connection, loan_id: int, before: int | None) -> Sequence[AnyRow]:
    row = ledger_entry_table.c
    return connection.execute(
        select(ledger_entry_table)
        .where(row.loan_id == loan_id, *([row.seq < before] if before else []))
        .order_by(row.seq.desc())
        .limit(PAGE)
    ).all()


def _moved_since(connection: Connection, loan_id: int, seq: int) -> int:
    """By how much the entries after this one changed what is owed."""
    return int(
        connection.scalar(
            select(func.coalesce(func.sum(posting_table.c.amount), 0))
            .join(ledger_entry_table, ledger_entry_table.c.id == posting_table.c.entry_id)
            .where(
                ledger_entry_table.c.loan_id == loan_id,
                ledger_entry_table.c.seq > seq,
                posting_table.c.account.like("receivable:%"),
            )
        )
        or 0
    )


def _shows(only: str, kind: str, change: int) -> bool:
    if only not in GROUPS:
        return True
    return bool(change) if only == "money" else kind.startswith(GROUPS[only])


def _balances(entries: Sequence[AnyRow], changes: Mapping[int, int], owed: int) -> dict[int, int]:
    """What was owed after each entry: from what is owed now, back from the newest."""
    balances: dict[int, int] = {}
    for row in entries:
        balances[row.id] = owed
        owed -= changes.get(row.id, 0)
    return balances


def entry_details(kind: str, data: Mapping[str, object]) -> list[tuple[str, str]]:
    """`(name, value)` in words; what only ties records together has none, and is left out."""
    labels = (
        (formatting.named("field", name), name, value)
        for name, value in data.items()
        if value not in (None, "")
    )
    return [
        (label, _value(kind, name, value))
        for label, name, value in labels
        if label != name or name == "folio"
    ]


def _value(kind: str, name: str, value: object) -> str:
    if name in MONEY and isinstance(value, int):
        return formatting.money(value)
    if name in DAYS and isinstance(value, str):
        return formatting.iso_day(value)
    if isinstance(value, list):
        return " – ".join(map(str, value))
    if name == "outcome":
        return formatting.named(formatting.outcome_family(kind), str(value))
    return formatting.named(name, str(value)) if name in CODED else str(value)


def moved(legs: list[AnyRow]) -> int:
    """By how much an entry changed what is owed: less than zero for a payment."""
    return sum(leg.amount for leg in legs if leg.account.startswith("receivable:"))
