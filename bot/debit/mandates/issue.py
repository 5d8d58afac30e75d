"""The authorisation's document: made once, after the consent, and kept with its hash. The account in it is
masked.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.documents import Authorisation, Signed, check_url, mandate_document
from bot.services import Services
from models import (
    borrower_table,
    consent_table,
    loan_table,
    mandate_table,
    message_table,
    read_tx,
    write_tx,
)
from models.ledger import NewEntry, append

_ASKED, _ANSWERED = message_table.alias("asked"), message_table.alias("answered")
BATCH = 20
_CONSENTED = ("authorized", "submitted", "active")

_EVIDENCE = select(
    mandate_table.c.folio,
    mandate_table.c.terms_text,
    mandate_table.c.terms_version,
    mandate_table.c.terms_hash,
    consent_table.c.answer_text,
    consent_table.c.identity,
    consent_table.c.at,
    borrower_table.c.language,
    borrower_table.c.zone,
    loan_table.c.lender.label("brand"),
    _ASKED.c.id.label("asked_id"),
    _ASKED.c.provider_sid.label("asked_sid"),
    _ASKED.c.sent_at.label("asked_at"),
    _ANSWERED.c.id.label("answered_id"),
    _ANSWERED.c.provider_sid.label("answered_sid"),
).select_from(
    mandate_table.join(consent_table, consent_table.c.mandate_id == mandate_table.c.id)
    .join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
    .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
    .join(_ASKED, _ASKED.c.id == consent_table.c.asked_message_id)
    .join(_ANSWERED, _ANSWERED.c.id == consent_table.c.answered_message_id)
)


def issue_documents(services: Services) -> int:
    """Makes those that are missing; how many."""
    missing = (
        select(mandate_table.c.id)
        .where(mandate_table.c.status.in_(_CONSENTED), mandate_table.c.document.is_(None))
        .order_by(mandate_table.c.id)
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        found = list(connection.scalars(missing))
    return sum(issue(services, mandate_id) for mandate_id in found)


def issue(services: Services, mandate_id: int) -> bool:
    """Whether it was this call that made it."""
    document = mandate_document(services.wording, services.lender.facts, authorisation(services, mandate_id))
    sha256, now = hashlib.sha256(document).hexdigest(), services.clock.now()
    with write_tx(services.engine) as connection:
        missing = (mandate_table.c.id == mandate_id) & mandate_table.c.document.is_(None)
        values = {"document": document, "document_hash": sha256}
        row = connection.execute(
            update(mandate_table)
            .where(missing)
            .values(**values)
            .returning(mandate_table.c.loan_id, mandate_table.c.folio)
        ).first()
        if row is None:
            return False
        data: dict[str, Any] = {
            "document": "mandate",
            "mandate": mandate_id,
            "folio": row.folio,
            "sha256": sha256,
        }
        append(
            connection,
            row.loan_id,
            now,
            NewEntry("document.issued", data, "system:documents", key=f"document:mandate:{mandate_id}"),
        )
    return True


def authorisation(services: Services, mandate_id: int, account: str | None = None) -> Authorisation:
    """The evidence of a consent as its document shows it."""
    with read_tx(services.engine) as connection:
        row = connection.execute(_EVIDENCE.where(mandate_table.c.id == mandate_id)).one()
    known = row.identity.get("confirmed_at")
    return Authorisation(
        folio=row.folio,
        language=row.language,
        zone=row.zone or services.settings.timezone,
        terms_text=row.terms_text,
        terms_version=row.terms_version,
        terms_hash=row.terms_hash,
        answer=row.answer_text,
        asked=Signed(row.asked_id, row.asked_sid, row.asked_at or row.at),
        answered=Signed(row.answered_id, row.answered_sid, row.at),
        identity_factor=row.identity.get("factor"),
        identity_at=datetime.fromisoformat(known) if known else None,
        contact_point=row.identity.get("contact_point"),
        account=account,
        brand=row.brand,
        check_url=check_url(services, row.folio),
    )
