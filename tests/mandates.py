"""Mandates for tests, as they stand once the provider has activated them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from models import BankAccount, Loan, Mandate
from tests.loans import OPENED


def add_mandate(
    connection: Connection,
    loan_id: int,
    *,
    at: datetime = OPENED,
    clabe: str = "014180001234567800",
    **values: Any,
) -> int:
    """Of at most 1,000 pesos in a billing period, active, on an account of Santander."""
    borrower = connection.scalar(select(Loan.borrower_id).where(Loan.id == loan_id))
    account = {
        "borrower_id": borrower,
        "fingerprint": f"f{loan_id}",
        "encrypted": b"x",
        "key_id": "k1",
        "bank_code": clabe[:3],
        "last4": clabe[-4:],
        "created_at": at,
    }
    account_id = connection.execute(
        insert(BankAccount).values(**account).returning(BankAccount.id)
    ).scalar_one()
    mandate = {
        "folio": f"D{loan_id}-261101090000",
        "loan_id": loan_id,
        "bank_account_id": account_id,
        "status": "active",
        "max_amount": 100_000,
        "frequency": "instalment",
        "terms_version": "t@1",
        "terms_text": "…",
        "terms_hash": "0" * 64,
        "provider": "belvo",
        "provider_refs": {"account": "A1"},
        "created_at": at,
        "authorized_at": at,
    }
    return connection.execute(insert(Mandate).values(**(mandate | values)).returning(Mandate.id)).scalar_one()
