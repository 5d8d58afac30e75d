"""The authorisation's document: made once, after the consent, and kept with its hash. The account in it is masked."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.debit.document import Authorisation, Signed, mandate_document
from bot.services import Services
from models import Borrower, Consent, Loan, Mandate, Message, reading, writing
from models.ledger import NewEntry, append

_M, _C, _B, _L = Mandate.__table__, Consent.__table__, Borrower.__table__, Loan.__table__
_ASKED, _ANSWERED = Message.__table__.alias("asked"), Message.__table__.alias("answered")
BATCH = 20
_CONSENTED = ("authorized", "submitted", "active")

_EVIDENCE = (
    select(
        _M.c.folio, _M.c.terms_text, _M.c.terms_version, _M.c.terms_hash, _C.c.answer_text, _C.c.identity, _C.c.at, _B.c.language, _B.c.zone,
        _ASKED.c.id.label("asked_id"), _ASKED.c.provider_sid.label("asked_sid"), _ASKED.c.sent_at.label("asked_at"),
        _ANSWERED.c.id.label("answered_id"), _ANSWERED.c.provider_sid.label("answered_sid"),
    )
    .select_from(
        _M.join(_C, _C.c.mandate_id == _M.c.id)
        .join(_L, _L.c.id == _M.c.loan_id)
        .join(_B, _B.c.id == _L.c.borrower_id)
        .join(_ASKED, _ASKED.c.id == _C.c.asked_message_id)
        .join(_ANSWERED, _ANSWERED.c.id == _C.c.answered_message_id)
    )
)  # fmt: skip


def issue_documents(services: Services) -> int:
    """Makes those that are missing; how many."""
    missing = select(_M.c.id).where(_M.c.status.in_(_CONSENTED), _M.c.document.is_(None)).order_by(_M.c.id).limit(BATCH)
    with reading(services.engine) as connection:
        found = list(connection.scalars(missing))
    return sum(issue(services, mandate_id) for mandate_id in found)


def issue(services: Services, mandate_id: int) -> bool:
    """Whether it was this call that made it."""
    document = mandate_document(services.wording, services.lender.facts, authorisation(services, mandate_id))
    sha256, now = hashlib.sha256(document).hexdigest(), services.clock.now()
    with writing(services.engine) as connection:
        missing = (_M.c.id == mandate_id) & _M.c.document.is_(None)
        values = {"document": document, "document_hash": sha256}
        row = connection.execute(update(_M).where(missing).values(**values).returning(_M.c.loan_id, _M.c.folio)).first()
        if row is None:
            return False
        data: dict[str, Any] = {"document": "mandate", "mandate": mandate_id, "folio": row.folio, "sha256": sha256}
        append(connection, row.loan_id, now, NewEntry("document.issued", data, "system:documents", key=f"document:mandate:{mandate_id}"))
    return True


def authorisation(services: Services, mandate_id: int, account: str | None = None) -> Authorisation:
    """The evidence of a consent as its document shows it."""
    with reading(services.engine) as connection:
        row = connection.execute(_EVIDENCE.where(_M.c.id == mandate_id)).one()
    known = row.identity.get("confirmed_at")
    return Authorisation(
        folio=row.folio, language=row.language, zone=row.zone or services.settings.timezone, terms_text=row.terms_text,
        terms_version=row.terms_version, terms_hash=row.terms_hash, answer=row.answer_text,
        asked=Signed(row.asked_id, row.asked_sid, row.asked_at or row.at), answered=Signed(row.answered_id, row.answered_sid, row.at),
        identity_factor=row.identity.get("factor"), identity_at=datetime.fromisoformat(known) if known else None,
        contact_point=row.identity.get("contact_point"), account=account,
    )  # fmt: skip
