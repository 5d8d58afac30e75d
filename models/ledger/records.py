"""What is kept next to ledgers without being an entry: each record is there, and as entries have it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, Text, select

from models.base import AnyRow
from models.document import document_table
from models.inflow import inflow_table, payment_report_table
from models.ledger.derived import Fault
from models.ledger.histories import history_faults
from models.ledger.orphans import orphan_faults
from models.ledger_entry import ledger_entry_table
from models.loan import loan_table
from models.mandate import consent_table, mandate_table
from models.plan import plan_instalment_table, plan_table
from models.transitions import subject_tables

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of a ledger kind: which record it names, and which columns of it the entry has by which names."""

    record: str
    id: str
    columns: Mapping[str, str]
    """By the name in the entry's data: the column."""


_TABLES: Mapping[str, Any] = {
    **subject_tables(),
    "consent": consent_table,
    "document": document_table,
    "payment_report": payment_report_table,
}
_SAME = {name: name for name in ("amount", "due_date", "expires_on", "total", "discount", "rule", "folio")}
_PLAN = {**_SAME, "policy": "policy_version", "terms_hash": "terms_hash"}
_OF_KIND: Mapping[str, Sequence[Evidence]] = {
    "promise.made": (Evidence("promise", "promise", _SAME),),
    "mandate.requested": (
        Evidence(
            "mandate",
            "mandate",
            {
                "folio": "folio",
                "account": "bank_account_id",
                "max_amount": "max_amount",
                "frequency": "frequency",
                "terms_version": "terms_version",
                "terms_hash": "terms_hash",
            },
        ),
    ),
    "mandate.authorized": (Evidence("consent", "consent", {"evidence": "evidence"}),),
    "charge.submitted": (Evidence("charge", "charge", {"amount": "amount", "attempt": "attempt"}),),
    **dict.fromkeys(("plan.offered", "settlement.offered"), (Evidence("plan", "plan", _SAME),)),
    **dict.fromkeys(
        ("plan.agreed", "settlement.agreed", "extension.granted"), (Evidence("plan", "plan", _PLAN),)
    ),
    "document.issued": (
        Evidence("document", "id", {"sha256": "sha256", "code": "code"}),
        Evidence("mandate", "mandate", {"sha256": "document_hash"}),
    ),
    **dict.fromkeys(
        ("payment.posted", "charge.collected"),
        (
            Evidence(
                "payment_report",
                "report",
                {name: name for name in ("amount", "paid_at", "rail", "reference", "entry")},
            ),
        ),
    ),
}
_NAMED_BY_AN_ENTRY = ("promise", "mandate", "plan", "consent", "document")
"""Of these there is none that the ledger does not name."""
_HASHED = (
    (mandate_table.c.terms_text, mandate_table.c.terms_hash),
    (mandate_table.c.document, mandate_table.c.document_hash),
    (plan_table.c.terms_text, plan_table.c.terms_hash),
    (document_table.c.content, document_table.c.sha256),
)

_ERASED = (
    select(ledger_entry_table.c.id)
    .where(
        ledger_entry_table.c.loan_id == loan_table.c.id,
        ledger_entry_table.c.kind == "privacy.answered",
        ledger_entry_table.c.data["request"].as_string() != "access",
    )
    .exists()
)
"""Of a loan: its ledger says that its borrower was erased."""


def verify_records(connection: Connection) -> Iterator[Fault]:
    """Over the whole database; at most one fault of each kind."""
    yield from orphan_faults(connection)
    yield from history_faults(connection)
    yield from _evidence_faults(connection)
    yield from _hash_faults(connection)


def _evidence_faults(connection: Connection) -> Iterator[Fault]:
    """Every record that an entry names is there and as it says; every record is named by one."""
    named: dict[str, set[int]] = defaultdict(set)
    wrong: set[str] = set()
    query = (
        select(ledger_entry_table, loan_table.c.external_id)
        .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
        .where(ledger_entry_table.c.kind.in_(list(_OF_KIND)))
        .order_by(ledger_entry_table.c.id)
        .execution_options(yield_per=BATCH)
    )
    for entries in connection.execute(query).partitions(BATCH):
        claims = [claim for row in entries for claim in _claims(row)]
        records = _read(connection, claims)
        for row, evidence, data in claims:
            record = records[evidence.record].get(data[evidence.id])
            named[evidence.record].add(data[evidence.id])
            fault = _compared(evidence, data, record, row.loan_id)
            if fault and evidence.record not in wrong:
                wrong.add(evidence.record)
                yield Fault(row.external_id, row.seq, fault)
    for name in _NAMED_BY_AN_ENTRY:
        unnamed = set(connection.scalars(select(_TABLES[name].c.id))) - named[name]
        if unnamed:
            yield Fault("-", None, f"{name} {min(unnamed)}: no entry of a ledger has it")


def _claims(row: AnyRow) -> Iterator[tuple[AnyRow, Evidence, dict[str, Any]]]:
    """What an entry says of records: with the id of each under its name in the data."""
    data = dict(row.data)
    if row.kind in ("payment.posted", "charge.collected") and (row.key or "").startswith("report:"):
        paid_at = _plain(datetime.fromisoformat(data["paid_at"]))
        data |= {"report": int(row.key.removeprefix("report:")), "entry": row.id, "paid_at": paid_at}
    for evidence in _OF_KIND[row.kind]:
        if isinstance(data.get(evidence.id), int):
            yield row, evidence, data


def _read(
    connection: Connection, claims: Sequence[tuple[AnyRow, Evidence, dict[str, Any]]]
) -> dict[str, dict[int, dict[str, Any]]]:
    """By the kind of record and its id: its columns, and what follows from them."""
    ids: dict[str, set[int]] = defaultdict(set)
    for _, evidence, data in claims:
        ids[evidence.record].add(data[evidence.id])
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for record, wanted in ids.items():
        table = _TABLES[record]
        columns = [column for column in table.c if not isinstance(column.type, LargeBinary | Text)]
        for row in connection.execute(select(*columns).where(table.c.id.in_(wanted))):
            found[record][row.id] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own name
    _derive(connection, found)
    return found


def _derive(connection: Connection, found: Mapping[str, Mapping[int, dict[str, Any]]]) -> None:
    """A consent's hash, a plan's parts, the entry that a report's money was posted by."""
    for consent in found.get("consent", {}).values():
        consent["evidence"] = consent_hash(consent)
        consent["loan_id"] = None
    plans, reports = found.get("plan", {}), found.get("payment_report", {})
    parts = plan_instalment_table
    for row in connection.execute(select(parts).where(parts.c.plan_id.in_(plans)).order_by(parts.c.number)):
        part = [(row.moved_from or row.due_date).isoformat(), row.amount]
        plans[row.plan_id].setdefault("parts", []).append(part)
    entries = select(payment_report_table.c.id, inflow_table.c.entry_id, inflow_table.c.amount).join(
        inflow_table, inflow_table.c.id == payment_report_table.c.inflow_id
    )
    for report, entry, amount in connection.execute(entries.where(payment_report_table.c.id.in_(reports))):
        reports[report]["entry"] = entry if amount == reports[report]["amount"] else None


def _compared(
    evidence: Evidence, data: Mapping[str, Any], record: Mapping[str, Any] | None, loan_id: int
) -> str | None:
    name = f"{evidence.record.replace('_', ' ')} {data[evidence.id]}"
    if record is None:
        return f"{name}, which it names, is gone"
    if record["loan_id"] not in (None, loan_id):
        return f"{name}, which it names, is another loan's now"
    for name_in_entry, column in evidence.columns.items():
        if name_in_entry in data and _plain(record.get(column)) != data[name_in_entry]:
            return f"{name}: its {column} is not what the entry has: {data[name_in_entry]}"
    if isinstance(data.get("parts"), list) and record.get("parts") != data["parts"]:
        return f"{name}: its parts are not what the entry has: {data['parts']}"
    return None


def _plain(value: object) -> object:
    """As it is written to JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _hash_faults(connection: Connection) -> Iterator[Fault]:
    """What was shown or issued is what its hash was made of; or empty, where its borrower was erased."""
    for content, kept in _HASHED:
        rows = select(
            content.table.c.id, loan_table.c.external_id, content.label("content"), kept.label("hash")
        )
        empty = content == ("" if isinstance(content.type, Text) else b"")
        query = (
            rows.join(loan_table, loan_table.c.id == content.table.c.loan_id)
            .where(kept.is_not(None), ~(empty & _ERASED))
            .execution_options(yield_per=100)
        )
        with connection.execute(query) as found:
            for row in found:
                stored = row.content.encode() if isinstance(row.content, str) else (row.content or b"")
                if hashlib.sha256(stored).hexdigest() != row.hash:
                    what = f"{content.table.name} {row.id}: its {content.name} was changed"
                    yield Fault(row.external_id, None, what)
                    break


def consent_hash(consent: Mapping[str, Any]) -> str:
    """Of all that a consent keeps: 64 hex digits, written to the ledger with the mandate."""
    at: datetime = consent["at"]
    kept = {
        name: consent[name]
        for name in (
            "mandate_id",
            "asked_message_id",
            "answered_message_id",
            "answer_text",
            "terms_hash",
            "identity",
        )
    }
    kept["at"] = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
