"""The papers of an erased borrower's contracts, once the law needs them no more."""

from sqlalchemy import Connection, update

from bot.privacy.records import loans_of
from models import bank_account_table, borrower_table, document_table, mandate_table, plan_table


def erase_papers(connection: Connection, borrower_id: int) -> None:
    """Their hashes stay: a copy that somebody kept can still be checked by them. Empty, where
    verification asks for content, means erased: it holds for an erased borrower alone.
    """
    loans = loans_of(borrower_id)
    for table, values in (
        (document_table, {"content": b""}),
        (plan_table, {"terms_text": ""}),
        (mandate_table, {"terms_text": "", "provider_refs": {}}),
    ):
        connection.execute(update(table).where(table.c.loan_id.in_(loans)).values(values))
    mandates = mandate_table
    connection.execute(
        update(mandates)
        .where(mandates.c.loan_id.in_(loans), mandates.c.document.is_not(None))
        .values(document=b"")
    )
    accounts, person = bank_account_table, borrower_table
    connection.execute(
        update(accounts).where(accounts.c.borrower_id == borrower_id).values(bank_code="", last4="")
    )
    connection.execute(update(person).where(person.c.id == borrower_id).values(papers_until=None))
