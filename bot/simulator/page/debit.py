"""The debit provider's records next to ours: mandates and charges of the loan, and the choice of what becomes
of the next one.
"""

from typing import Any

from flask import Response, request
from sqlalchemy import Connection, select

from bot.debit import meaning_of
from bot.services import Services
from bot.simulator.belvo import (
    CHOICES,
    charges_of,
    choose_outcome,
    demand_documents,
    documents_demanded,
    mandates_of,
)
from bot.simulator.belvo.outcomes import TEXTS
from bot.simulator.page.clabes import ready
from bot.simulator.page.service import answer, blueprint, local
from bot.web import services
from models import bank_account_table, charge_table, instalment_table, mandate_table
from models.base import AnyRow
from values import bank_name

_MANDATES = select(
    mandate_table.c.id,
    mandate_table.c.folio,
    mandate_table.c.status,
    mandate_table.c.max_amount,
    mandate_table.c.provider_refs,
    bank_account_table.c.bank_code,
    bank_account_table.c.last4,
).join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
_CHARGES = select(charge_table, instalment_table.c.number).join(
    instalment_table, instalment_table.c.id == charge_table.c.instalment_id
)


def debit_of(connection: Connection, services: Services, loan: AnyRow) -> dict[str, Any]:
    """Both records, the newest first: ours in the open transaction, the provider's in its own."""
    mandates = connection.execute(
        _MANDATES.where(mandate_table.c.loan_id == loan.id).order_by(mandate_table.c.id.desc())
    ).all()
    charges = connection.execute(
        _CHARGES.where(charge_table.c.loan_id == loan.id).order_by(charge_table.c.id.desc())
    ).all()
    accounts = (
        {account["id"]: account for account in mandates_of(services, loan.external_id)} if mandates else {}
    )
    theirs = (
        {charge["reference"]: charge for charge in charges_of(services, loan.external_id)} if charges else {}
    )
    return {
        "mandates": [
            _mandate(row, accounts.get((row.provider_refs or {}).get("account"))) for row in mandates
        ],
        "charges": [_charge(row, theirs.get(row.key)) for row in charges],
        "documents": documents_demanded(services),
        "clabes": ready(loan.id),
        "outcomes": outcomes(),
    }


def _mandate(row: AnyRow, account: dict[str, Any] | None) -> dict[str, Any]:
    provider = (
        {name: account[name] for name in ("status", "consent", "next_outcome", "decided_at")}
        if account
        else None
    )
    return {
        "folio": row.folio,
        "status": row.status,
        "bank": bank_name(row.bank_code),
        "last4": row.last4,
        "max": row.max_amount,
        "provider": provider,
    }


def _charge(row: AnyRow, there: dict[str, Any] | None) -> dict[str, Any]:
    provider = (
        {name: there[name] for name in ("status", "code", "amount", "result_at", "settles_at", "reversed_at")}
        if there
        else None
    )
    return {
        "id": row.id,
        "instalment": row.number,
        "attempt": row.attempt,
        "amount": row.amount,
        "status": row.status,
        "on": row.charge_on.isoformat(),
        "code": row.return_code,
        "meaning": meaning(row.return_code) if row.return_code else None,
        "collected_at": local(row.collected_at),
        "settled_at": local(row.settled_at),
        "provider": provider,
    }


def meaning(code: str) -> str:
    return meaning_of("simulator", code, TEXTS.get(code, "")).kind


def outcomes() -> list[dict[str, str]]:
    """What may be chosen for a charge: `{id, meaning}`."""
    return [{"id": choice, "meaning": meaning(choice) if choice in TEXTS else choice} for choice in CHOICES]


@blueprint.post("/outcome")
def outcome() -> Response:
    """For the loan's open charge (`charge`) or its next one (`next`); null while there is no account."""
    given = request.get_json()
    return answer(chosen=choose_outcome(services(), given["loan"], given["outcome"]))


@blueprint.post("/documents")
def documents() -> Response:
    demanded = bool(request.get_json()["demanded"])
    demand_documents(services(), demanded=demanded)
    return answer(demanded=demanded)
