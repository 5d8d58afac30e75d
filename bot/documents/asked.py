"""A paper that is asked for: which one it is, the address at which it is fetched as a file, and its bytes."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Connection, select

from bot.documents.issue import issue, issue_statement
from bot.services import Services
from models import ledger_entry_table, loan_table, plan_table
from models.base import AnyRow
from models.ledger.books import MONEY_IN
from models.ledger.standing import not_reversed

SECONDS = timedelta(hours=24).total_seconds()
"""So long a messaging provider may fetch the file."""


def paper_asked(connection: Connection, loan_id: int, kind: str) -> tuple[str, int]:
    """The kind and the id of what it is about: the agreement in force, the newest payment; where there is
    none, the loan's statement.
    """
    entries = (
        select(ledger_entry_table.c.id)
        .where(ledger_entry_table.c.loan_id == loan_id)
        .order_by(ledger_entry_table.c.seq.desc())
        .limit(1)
    )
    queries = {
        "agreement": select(plan_table.c.id)
        .where(plan_table.c.loan_id == loan_id, plan_table.c.status.in_(("active", "kept")))
        .order_by(plan_table.c.id.desc())
        .limit(1),
        "receipt": entries.where(ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()),
        "settlement_letter": entries.join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id).where(
            ledger_entry_table.c.kind == "loan.settled", loan_table.c.status == "settled"
        ),
    }
    found = connection.scalar(queries[kind]) if kind in queries else None
    return (kind, found) if found is not None else ("statement", loan_id)


def _signer(services: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt="paper-file")


def file_url(services: Services, kind: str, loan_id: int, of: int) -> str:
    """Opens this one paper for a day, and nothing else: a messaging provider fetches it without a proof of
    identity.
    """
    return f"{services.settings.public_url}/m/file/{_signer(services).dumps([kind, loan_id, of])}.pdf"


def paper_file(connection: Connection, services: Services, token: str) -> AnyRow | None:
    """The paper that an address opens, made at this minute; null for one that is not ours, or too old."""
    try:
        kind, loan_id, of = _signer(services).loads(token, max_age=int(SECONDS))
    except (BadSignature, ValueError, TypeError):
        return None
    if kind == "statement":
        return issue_statement(connection, services, loan_id)
    subject, about = {
        "agreement": (f"plan:{of}", of),
        "receipt": (f"entry:{of}", of),
        "settlement_letter": (f"settled:{of}", loan_id),
    }[kind]
    return issue(connection, services, loan_id, kind, about, subject)
