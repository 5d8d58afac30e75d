"""Papers are made, kept with their hash, and noted in the ledger; those that an event calls for by a
sweep.
"""

import hashlib
import secrets
from datetime import date
from typing import Any

from sqlalchemy import Connection, String, cast, literal, select

from bot.documents import codes
from bot.documents.facts import subject
from bot.documents.paper import paper_document
from bot.documents.papers import PAPERS
from bot.reach import News, notify_borrower
from bot.services import Services
from models import document_table, ledger_entry_table, loan_table, plan_table, read_tx, write_tx
from models.base import AnyRow
from models.ledger import NewEntry, append
from models.upsert import add_new

ACTOR = "system:documents"
BATCH = 20
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def issue(
    connection: Connection, services: Services, loan_id: int, kind: str, of: int, key: str | None
) -> AnyRow:
    """The paper of `kind` about `of`; where `key` names one that was made already, that one."""
    if key is not None and (known := by_key(connection, key)) is not None:
        return known
    now = services.clock.now()
    about = subject(connection, services, loan_id, now)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    draft = PAPERS[kind](connection, about, of)
    paper = draft.with_code(kind, about, code, codes.check_url(services, code))
    content = paper_document(services.wording, services.lender.facts.named(about.loan.lender), paper)
    row = {
        "loan_id": loan_id,
        "kind": kind,
        "code": code,
        "subject": key,
        "language": about.language,
        "content": content,
        "sha256": hashlib.sha256(content).hexdigest(),
        "data": draft.data,
        "issued_at": now,
    }
    made = add_new(connection, document_table, ("subject",) if key else ("code",), row)
    if made is None:
        assert key is not None
        found = by_key(connection, key)
        assert found is not None
        return found
    data: dict[str, Any] = {"document": kind, "id": made, "code": code, "sha256": row["sha256"], **draft.data}
    entry = NewEntry("document.issued", data, ACTOR, key=f"document:{made}")
    append(connection, loan_id, now, entry)
    return connection.execute(select(document_table).where(document_table.c.id == made)).one()


def by_key(connection: Connection, key: str) -> AnyRow | None:
    return connection.execute(select(document_table).where(document_table.c.subject == key)).first()


def issue_statement(connection: Connection, services: Services, loan_id: int) -> AnyRow:
    """Of this minute: the last one where nothing has changed since, on the same day."""
    today: date = services.day(services.clock.now())
    seq = connection.scalar(
        select(ledger_entry_table.c.seq)
        .where(ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind != "document.issued")
        .order_by(ledger_entry_table.c.seq.desc())
        .limit(1)
    )
    return issue(connection, services, loan_id, "statement", loan_id, f"statement:{loan_id}:{today}:{seq}")


def issue_papers(services: Services) -> int:
    """Those that an event calls for: an agreement in force, a loan that was settled; how many were made."""
    with read_tx(services.engine) as connection:
        missing = [*connection.execute(_missing_agreements()), *connection.execute(_missing_letters())]
    for loan_id, kind, of, key in missing:
        with write_tx(services.engine) as connection:
            row = issue(connection, services, loan_id, kind, of, key)
            data = {"folio": row.data.get("folio") or row.code}
            notify_borrower(connection, News(loan_id, f"paper.{kind}", f"paper:{key}", data), row.issued_at)
    return len(missing)


def _missing_agreements() -> Any:
    key = literal("plan:") + cast(plan_table.c.id, String)
    known = select(document_table.c.id).where(document_table.c.subject == key).exists()
    return (
        select(plan_table.c.loan_id, literal("agreement"), plan_table.c.id, key)
        .where(plan_table.c.status == "active", ~known)
        .order_by(plan_table.c.id)
        .limit(BATCH)
    )


def _missing_letters() -> Any:
    key = literal("settled:") + cast(ledger_entry_table.c.id, String)
    known = select(document_table.c.id).where(document_table.c.subject == key).exists()
    return (
        select(ledger_entry_table.c.loan_id, literal("settlement_letter"), ledger_entry_table.c.loan_id, key)
        .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
        .where(ledger_entry_table.c.kind == "loan.settled", loan_table.c.status == "settled", ~known)
        .order_by(ledger_entry_table.c.id)
        .limit(BATCH)
    )
