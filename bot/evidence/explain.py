"""Every peso of a loan in words: which report covers it, what it paid, what was set aside and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models import inflow_table, ledger_entry_table, loan_table, payment_report_table, posting_table
from models.base import AnyRow
from values import city_day

_ACCOUNTS = {
    "bank": "at the bank",
    "unapplied": "kept as credit",
    "funding": "lent",
    "adjustments": "billed otherwise by the tape",
    "tape": "counted as paid by the tape alone",
    "paid_before": "counted as paid by the first tape",
    "waived": "waived",
    "written_off": "written off",
}


class UnknownLoan(Exception):
    def __init__(self, loan: str) -> None:
        super().__init__(f"there is no loan {loan}")


def explain(connection: Connection, loan: str) -> Iterator[str]:
    """Lines of text, oldest entry first. Raises UnknownLoan."""
    head = connection.execute(select(loan_table).where(loan_table.c.external_id == loan)).first()
    if head is None:
        raise UnknownLoan(loan)
    legs: dict[int, list[tuple[str, int]]] = defaultdict(list)
    query = (
        select(posting_table.c.entry_id, posting_table.c.account, posting_table.c.amount)
        .join(ledger_entry_table, ledger_entry_table.c.id == posting_table.c.entry_id)
        .where(ledger_entry_table.c.loan_id == head.id)
        .order_by(posting_table.c.id)
    )
    for entry, account, amount in connection.execute(query):
        legs[entry].append((account, amount))
    reports = _reports(connection, head.id)
    entries = select(ledger_entry_table).where(ledger_entry_table.c.loan_id == head.id)
    yield f"loan {loan}: {head.status}, {_pesos(head.outstanding_centavos)} owed"
    for row in connection.execute(entries.order_by(ledger_entry_table.c.seq)):
        if row.id in legs:
            yield from _entry(row, legs[row.id], reports.get(row.id, ()))
    for report in reports.get(None, ()):
        yield f"set aside: {_report(report)}: it may be money that is known; a person decides"


def _reports(connection: Connection, loan_id: int) -> Mapping[int | None, Sequence[AnyRow]]:
    """By the entry that posted the money; under null those that a person decides."""
    found: dict[int | None, list[AnyRow]] = defaultdict(list)
    query = (
        select(payment_report_table, inflow_table.c.entry_id)
        .outerjoin(inflow_table, inflow_table.c.id == payment_report_table.c.inflow_id)
        .where(payment_report_table.c.loan_id == loan_id, payment_report_table.c.status != "dismissed")
        .order_by(payment_report_table.c.id)
    )
    for row in connection.execute(query):
        found[row.entry_id].append(row)
    return found


def _entry(row: AnyRow, legs: Sequence[tuple[str, int]], reports: Sequence[AnyRow]) -> Iterator[str]:
    yield f"{row.seq}. {city_day(row.at)} {row.kind} by {row.actor}{_why(row.data)}"
    for account, amount in legs:
        yield f"   {_leg(account, amount)}"
    for report in reports:
        yield f"   reported by {_report(report)}"


def _why(data: Mapping[str, Any]) -> str:
    paid = f", paid on {city_day(datetime.fromisoformat(data['paid_at']))}" if "paid_at" in data else ""
    tape = f", as of {data['as_of']}" if "as_of" in data else ""
    reason = f": {data['reason']}" if "reason" in data else ""
    return f"{paid}{tape}{reason}"


def _leg(account: str, amount: int) -> str:
    if account.startswith("receivable:"):
        _, number, part = account.split(":")
        does = "owes" if amount > 0 else "is paid"
        return f"instalment {number} {does} {_pesos(abs(amount))} of {part.replace('_', ' ')}"
    name, _, provider = account.partition(":")
    where = {"transit": f"in transit at {provider}", "fees": f"kept by {provider} as its fee"}.get(name)
    less = "less " if amount < 0 and account == "bank" else ""
    return f"{less}{_pesos(abs(amount))} {where or _ACCOUNTS.get(account, account)}"


def _report(report: AnyRow) -> str:
    return (
        f"{report.actor} ({report.source}, {report.rail} {report.reference}, "
        f"{_pesos(report.amount)} on {city_day(report.paid_at)})"
    )


def _pesos(centavos: int) -> str:
    return f"${centavos // 100:,}.{centavos % 100:02d}"
