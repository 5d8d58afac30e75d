"""Payment methods: accounts registered, confirmed by their bank, deactivated."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import insert, select, update

from bot.debit.belvo import codes
from bot.simulator.answers import created
from bot.simulator.belvo import hooks
from bot.simulator.belvo.outcomes import MISMATCH, REJECTED, ending
from bot.simulator.belvo.service import (
    blueprint,
    body,
    engine,
    error,
    is_id,
    iso,
    new_id,
    not_found,
    now,
    one,
    page_of,
)
from bot.simulator.database import account, customer, debit
from models import read_tx, write_tx
from models.base import AnyRow
from values import Clabe, InvalidClabe

_TYPES = ("savings", "checking", "debit_card")


@blueprint.post("/payment_methods/bank_accounts")
def create_account() -> Response:
    given = body()
    if faults := _faults(given):
        return error(faults)
    if one(customer, given["customerId"]) is None:
        return not_found("Customer")
    row = {
        "id": new_id(),
        "customer": given["customerId"],
        "clabe": given["accountNumber"],
        "bank": given["bank"],
        "reference": str(given.get("reference") or ""),
        "at": now(),
    }
    with write_tx(engine()) as connection:
        connection.execute(insert(account), row)
    return created(paymentMethodId=row["id"])


def _faults(given: dict[str, Any]) -> list[str]:
    faults: list[str] = []
    try:
        code = Clabe.parse(str(given.get("accountNumber"))).bank_code
    except InvalidClabe:
        code = ""
        faults.append("accountNumber is not a valid CLABE")
    if given.get("accountType") not in _TYPES:
        faults.append(f"accountType must be one of the following values: {', '.join(_TYPES)}")
    if not is_id(given.get("customerId")):
        faults.append("customerId must be a UUID")
    if given.get("bank") not in codes():
        faults.append("bank must be a valid institution")
    elif code and codes()[given["bank"]] != code:
        faults.append("accountNumber does not belong to bank")
    return faults


def status_of(row: AnyRow, at: datetime) -> str:
    """As Belvo would say it at `at`."""
    special = ending(row.clabe)
    if row.ended_at and at >= row.ended_at:
        return "inactive"
    if row.sent_at is None:
        return "pending_agreement_acceptance"
    if at < row.sent_at:
        return "pending_activation"
    if special == MISMATCH:
        return "pending_validation" if at < row.decided_at else "error"
    return "waiting_for_activation_response" if at < row.decided_at or special == REJECTED else "active"


@blueprint.get("/payment_methods")
def accounts() -> Response:
    """`search` is part of a reference."""
    where = []
    if wanted := request.args.get("search"):
        where.append(account.c.reference.icontains(wanted, autoescape=True))
    if owner := request.args.get("customer_id"):
        where.append(account.c.customer == owner)
    with read_tx(engine()) as connection:
        rows, metadata = page_of(connection, account, where, [account.c.at, account.c.id])
    return jsonify(items=[_shown(row) for row in rows], metadata=metadata)


@blueprint.get("/payment_methods/<account_id>")
def fetch_account(account_id: str) -> Response:
    if not is_id(account_id):
        return error("id must be a UUID")
    row = one(account, account_id)
    return jsonify(_shown(row)) if row is not None else not_found("Payment method")


def _shown(row: AnyRow) -> dict[str, Any]:
    status = status_of(row, now())
    why = ("ownership_mismatch", "El titular de la cuenta no coincide") if status == "error" else (None, None)
    return {
        "id": row.id,
        "createdDate": iso(row.at),
        "lastUpdatedDate": iso(row.at),
        "type": "bank_account",
        "status": status,
        "failedReason": why[0],
        "failedReasonMessage": why[1],
        "customerId": row.customer,
        "reference": row.reference or None,
        "details": {"accountNumber": row.clabe, "accountType": "savings", "bank": row.bank},
    }


@blueprint.post("/payment_methods/<account_id>/deactivate")
def deactivate(account_id: str) -> Response:
    row, at = one(account, account_id), now()
    if row is None:
        return not_found("Payment method")
    in_process = select(debit.c.id).where(
        debit.c.account == account_id,
        debit.c.canceled_at.is_(None),
        debit.c.processing_at <= at,
        debit.c.result_at > at,
    )
    with write_tx(engine()) as connection:
        if status_of(row, at) != "active" or connection.scalar(in_process.limit(1)):
            return error(
                "Payment method can only be deactivated when it is active and no payment request is "
                "processing"
            )
        connection.execute(update(account).where(account.c.id == account_id).values(ended_at=at))
        hooks.put(connection, "payment_method", account_id, at, "inactive")
    return created(paymentMethodId=account_id, status="inactive")
