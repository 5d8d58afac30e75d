"""Loans that are debited in the drill, and what the provider's books say of them afterwards."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select, update

from bot.debit.charging import reconcile
from bot.debit.port import MandateOrder
from bot.services import Services, make_services
from models import (
    BankAccount,
    Charge,
    ContactPoint,
    Conversation,
    Instalment,
    Loan,
    read_tx,
    write_tx,
)
from models.ledger import NewEntry, append
from models.transitions import begin
from tests.mandates import add_mandate
from values import Clabe, control_digit

UNKNOWN = ("submitting", "unknown")
FOUND = Path("charges.json")
BEGIN, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
MOST_CENTAVOS = 10_000_000
DAYS = 8
"""So many the lender's clock jumps in a drill: through several due dates and their results."""
TERMS = "Autorizo los cargos."


def register() -> None:
    """Gives each loan that is due soon, and late enough for a notice, a mandate here and at the stand-in."""
    services = make_services()
    today = services.day(services.clock.now())
    soon = Instalment.due_date.between(today + timedelta(days=2), today + timedelta(days=DAYS + 2))
    due = select(Instalment.loan_id, Loan.borrower_id).join(Loan, Loan.id == Instalment.loan_id)
    with read_tx(services.engine) as connection:
        rows = connection.execute(due.where(soon).distinct().order_by(Instalment.loan_id)).all()
    for number, row in enumerate(rows, 1):
        _register(services, number, row.loan_id, row.borrower_id)


def _register(services: Services, number: int, loan: int, borrower: int) -> None:
    at = services.clock.now()
    first = f"014180{number:09d}00"
    account = Clabe.parse(f"{first}{control_digit(first)}")
    order = MandateOrder(
        f"D{number}-1",
        account,
        "Ana López",
        "rfc",
        f"LOAA900315{number:03d}",
        f"a{number}@correo.example",
        None,
        b"%PDF-1.3",
    )
    refs = dict(services.debit.submit_mandate(order, lambda _refs: None).refs)
    sealed, mark = services.vault.encrypt(str(account), borrower), services.vault.fingerprint(str(account))
    with write_tx(services.engine) as connection:
        mandate = add_mandate(
            connection,
            loan,
            at=at,
            folio=order.folio,
            provider=services.debit.name,
            provider_refs=refs,
            max_amount=MOST_CENTAVOS,
            terms_text=TERMS,
            terms_hash=sha256(TERMS.encode()).hexdigest(),
        )
        begin(connection, "mandate", mandate, "active", at=at, actor="drill", data={})
        named = {"mandate": mandate, "folio": order.folio}
        append(connection, loan, at, NewEntry("mandate.requested", named, "drill"))
        owned = BankAccount.borrower_id == borrower
        connection.execute(
            update(BankAccount).where(owned).values(encrypted=sealed, fingerprint=mark, key_id="k")
        )
        known = {"status": "confirmed", "confirmed_at": datetime(2026, 11, 2, 18, tzinfo=UTC)}
        theirs = (ContactPoint.borrower_id == borrower) & (ContactPoint.channel == "whatsapp")
        connection.execute(update(ContactPoint).where(theirs).values(**known))
        here = select(ContactPoint.conversation_id).where(theirs)
        connection.execute(update(Conversation).where(Conversation.id.in_(here)).values(borrower_id=borrower))


def compare() -> None:
    """Our charges against the provider's books, as `FOUND`; all but `charges` must be 0."""
    services = make_services()
    with read_tx(services.engine) as connection:
        ours = connection.execute(select(Charge.key, Charge.provider_id, Charge.status)).all()
        book = list(services.debit.charges_made(BEGIN, END))
        different = reconcile(connection, book)
    theirs, known = Counter(report.key for report in book), {row.provider_id for row in ours} - {None}
    found = {
        "charges": len(theirs),
        "charges lost": len(known - {report.provider_id for report in book}),
        "charged twice": theirs.total() - len(theirs),
        "charged and not known": len({report.provider_id for report in book} - known),
        "charges unknown": sum(row.status in UNKNOWN for row in ours),
        "charges that differ": len(different),
    }
    FOUND.write_text(json.dumps(found), encoding="utf-8")
