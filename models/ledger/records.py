"""What is bound to ledgers without being an entry: histories, consents, and rows that belong to nothing."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from models.balance import balance_table
from models.instalment import instalment_table
from models.ledger.derived import Fault
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from models.mandate import consent_table, mandate_table
from models.transition import transition_table
from models.transitions import history_hash, subject_tables

BATCH = 5_000


def verify_records(connection: Connection) -> Iterator[Fault]:
    """Over the whole database; at most one fault of each kind."""
    yield from _orphans(connection)
    yield from _histories(connection)
    yield from _consents(connection)


def _orphans(connection: Connection) -> Iterator[Fault]:
    """Entries and balances of loans that are gone, postings of entries that are gone."""
    for table in (ledger_entry_table, balance_table, instalment_table):
        query = (
            select(func.min(table.c.loan_id), func.count())
            .select_from(table.outerjoin(loan_table, loan_table.c.id == table.c.loan_id))
            .where(loan_table.c.id.is_(None))
        )
        first, rows = connection.execute(query).one()
        if rows:
            yield Fault(f"#{first}", None, f"{rows} rows of {table.name} belong to a loan that is gone")
    postings = (
        select(func.count())
        .select_from(
            posting_table.outerjoin(ledger_entry_table, ledger_entry_table.c.id == posting_table.c.entry_id)
        )
        .where(ledger_entry_table.c.id.is_(None))
    )
    if rows := connection.scalar(postings):
        yield Fault("-", None, f"{rows} postings belong to an entry that is gone")


def _histories(connection: Connection) -> Iterator[Fault]:
    """Each history is chained from its first step, and its last one is the state."""
    for subject, table in subject_tables().items():
        query = (
            select(transition_table, table.c.status, table.c.loan_id)
            .join(table, table.c.id == transition_table.c.subject_id)
            .where(transition_table.c.subject == subject)
            .order_by(transition_table.c.subject_id, transition_table.c.seq)
            .execution_options(yield_per=BATCH)
        )
        for _, group in groupby(connection.execute(query), key=lambda row: row.subject_id):
            steps = list(group)
            if wrong := _history(steps):
                yield Fault(f"#{steps[0].loan_id}", None, f"{subject} {steps[0].subject_id}: {wrong}")
                break


def _history(steps: list[Row[Any]]) -> str | None:
    previous, status = "", None
    for position, row in enumerate(steps, start=1):
        if row.seq != position or row.from_status != status:
            return f"step {position} of its history is missing"
        previous = history_hash(
            previous, row.subject, row.subject_id, row.seq, row.to_status, row.at, row.actor, row.data
        )
        if row.hash not in ("", previous):
            return f"step {position} of its history was changed"
        status = row.to_status
    if steps[-1].status != status:
        return f"it is kept as {steps[-1].status}, its history ends with {status}"
    return None


def _consents(connection: Connection) -> Iterator[Fault]:
    """What the ledger has of a consent, in the entry of its mandate, is what is kept."""
    query = (
        select(ledger_entry_table.c.data, ledger_entry_table.c.seq, loan_table.c.external_id, consent_table)
        .select_from(ledger_entry_table)
        .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
        .outerjoin(mandate_table, mandate_table.c.loan_id == loan_table.c.id)
        .outerjoin(consent_table, consent_table.c.mandate_id == mandate_table.c.id)
        .where(ledger_entry_table.c.kind == "mandate.authorized")
        .execution_options(yield_per=BATCH)
    )
    for row in connection.execute(query):
        if row.data.get("mandate") == row.mandate_id and row.data.get("evidence") not in (
            None,
            consent_hash(dict(row._mapping)),  # noqa: SLF001 - SQLAlchemy's own name
        ):
            yield Fault(row.external_id, row.seq, "the consent that it names was changed")
            return


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
