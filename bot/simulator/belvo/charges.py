"""Payment requests: charges that are accepted now and have their result on the next banking day."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from operator import ge, le
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Connection, func, insert, select, update

from bot.simulator.answers import created
from bot.simulator.belvo import accounts, consents, hooks
from bot.simulator.belvo.outcomes import SWALLOWED, TEXTS, Times, ending, outcome_of
from bot.simulator.belvo.service import (
    blueprint,
    body,
    engine,
    error,
    get_rule,
    is_id,
    iso,
    new_id,
    not_found,
    now,
    one,
    page_of,
)
from bot.simulator.database import account, consent, customer, debit
from models import read_tx, write_tx
from models.base import AnyRow

KEY_TTL = timedelta(hours=24)
_PATH = "/payment_requests"
_BOUNDS = {"start_date": ge, "end_date": le}


@blueprint.post(_PATH)
def create_charge() -> Response:
    """The whole of it in one transaction, so that a key is used once however many ask at once."""
    given, at, key = body(), now(), request.headers.get("Idempotency-Key", "")
    if faults := _faults(given):
        return error(faults if len(faults) > 1 else faults[0])
    asked = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    with write_tx(engine()) as connection:
        if key and (earlier := _by_key(connection, key, at)) is not None:
            return (
                created(paymentRequestId=earlier.id)
                if earlier.body == asked
                else error("Different input for unexpired idempotency key")
            )
        owner = connection.execute(select(account).where(account.c.id == given["paymentMethodId"])).first()
        if owner is None:
            return not_found("Payment method")
        if not _chargeable(connection, owner, at):
            return error("Payment method is not active or its consent is not confirmed")
        row = _accept(connection, owner, given, at) | {"key": key, "body": asked}
        connection.execute(insert(debit), row)
        hooks.schedule(connection, row)
    if ending(owner.clabe) == SWALLOWED:
        return Response(
            "<html><body>504 Gateway Time-out</body></html>",
            HTTPStatus.GATEWAY_TIMEOUT,
            content_type="text/html",
        )
    return created(paymentRequestId=row["id"])


def _faults(given: Mapping[str, Any]) -> list[str]:
    faults = []
    if _centavos(given.get("amount")) <= 0:
        faults.append("amount is not a valid decimal number.")
    if given.get("currency") != "mxn":
        faults.append("currency must be one of the following values: cop, mxn, usd")
    if not isinstance(given.get("reference"), str) or not 1 <= len(given["reference"]) <= 160:
        faults.append(
            "reference must be longer than or equal to 1 and shorter than or equal to 160 characters"
        )
    if not is_id(given.get("paymentMethodId")):
        faults.append("paymentMethodId must be a UUID")
    return faults


def _centavos(amount: object) -> int:
    """0 for what is no amount of whole centavos."""
    try:
        centavos = Decimal(str(amount)).scaleb(2)
        return int(centavos) if centavos == int(centavos) else 0
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def _by_key(connection: Connection, key: str, at: datetime) -> AnyRow | None:
    """The key is forgotten after a day: then it makes another charge."""
    alive = select(debit).where(debit.c.key == key, debit.c.at > at - KEY_TTL)
    return connection.execute(alive.order_by(debit.c.seq.desc()).limit(1)).first()


def _chargeable(connection: Connection, owner: AnyRow, at: datetime) -> bool:
    given = connection.execute(
        select(consent).where(consent.c.account == owner.id, consent.c.complete_at.is_not(None)).limit(1)
    ).first()
    return (
        accounts.status_of(owner, at) == "active"
        and given is not None
        and consents.status_of(connection, given, at) == "confirmed"
    )


def _accept(connection: Connection, owner: AnyRow, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The charge, with the day and the way in which it will end."""
    times, centavos = Times.of(at), _centavos(given["amount"])
    first_at = connection.scalar(
        select(func.min(debit.c.at)).where(debit.c.clabe == owner.clabe, debit.c.canceled_at.is_(None))
    )
    chosen = owner.next_outcome
    outcome = outcome_of(owner.clabe, centavos, (chosen or given["reference"], owner.reference), at, first_at)
    if chosen:
        outcome = chosen if chosen in TEXTS else outcome
        connection.execute(update(account).where(account.c.id == owner.id).values(next_outcome=None))
    row = {
        "id": new_id(),
        "account": owner.id,
        "clabe": owner.clabe,
        "reference": given["reference"],
        "centavos": centavos,
        "at": at,
        "canceled_at": None,
        "processing_at": times.processing_at,
        "result_at": times.result_at,
        "settles_at": times.settles_at,
    }
    return row | ended(connection, times.result_at, outcome)


def ended(connection: Connection, result_at: datetime, outcome: str) -> dict[str, Any]:
    """The columns that say how a charge ends."""
    if outcome == "chargeback":
        return {
            "code": "",
            "reversed_at": result_at + timedelta(days=get_rule(connection, "chargeback_days")),
        }
    return {"code": outcome, "reversed_at": None}


def status_of(row: AnyRow, at: datetime) -> str:
    """As Belvo would say it at `at`."""
    if row.canceled_at:
        return "canceled"
    if at < row.processing_at:
        return "initial"
    if at < row.result_at:
        return "processing"
    if row.code:
        return "failed"
    return "chargeback" if row.reversed_at and at >= row.reversed_at else "successful"


@blueprint.get(_PATH)
def charges() -> Response:
    """`search` is part of a reference, `start_date` and `end_date` bound when it was made; the newest first
    unless `order=asc`.
    """
    where = []
    try:
        bounds = {
            name: datetime.fromisoformat(request.args[name]) for name in _BOUNDS if name in request.args
        }
    except ValueError:
        return error([f"{name} must be a valid ISO 8601 date string" for name in _BOUNDS])
    where += [compare(debit.c.at, bounds[name]) for name, compare in _BOUNDS.items() if name in bounds]
    if wanted := request.args.get("search"):
        where.append(debit.c.reference.icontains(wanted, autoescape=True))
    if owner := request.args.get("customer_id"):
        where.append(debit.c.account.in_(select(account.c.id).where(account.c.customer == owner)))
    order = debit.c.seq.asc() if request.args.get("order") == "asc" else debit.c.seq.desc()
    with read_tx(engine()) as connection:
        rows, metadata = page_of(connection, debit, where, [order])
        shown = [_shown(connection, row) for row in rows]
    return jsonify(items=shown, metadata=metadata)


@blueprint.get(f"{_PATH}/<charge_id>")
def fetch_charge(charge_id: str) -> Response:
    if not is_id(charge_id):
        return error("id must be a UUID")
    row = one(debit, charge_id)
    if row is None:
        return not_found("Payment request")
    with read_tx(engine()) as connection:
        return jsonify(_shown(connection, row))


def _shown(connection: Connection, row: AnyRow) -> dict[str, Any]:
    at = now()
    status = status_of(row, at)
    owner = connection.execute(select(account).where(account.c.id == row.account)).one()
    person = connection.execute(select(customer).where(customer.c.id == owner.customer)).one()
    moved = max(
        moment
        for moment in (row.at, row.canceled_at, row.processing_at, row.result_at, row.reversed_at)
        if moment and moment <= at
    )
    return {
        "id": row.id,
        "createdDate": iso(row.at),
        "lastUpdatedDate": iso(moved),
        "status": status,
        "amount": f"{row.centavos // 100}.{row.centavos % 100:02d}",
        "chargebackDate": iso(row.reversed_at) if status == "chargeback" else None,
        "bankChargebackDate": row.reversed_at.date().isoformat() if status == "chargeback" else None,
        "failedReason": row.code if status == "failed" else None,
        "failedReasonMessage": TEXTS.get(row.code, "Otra causa") if status == "failed" else None,
        "currency": "mxn",
        "customer": owner.customer,
        "customerName": f"{person.body['firstname']} {person.body['lastname']}",
        "reference": row.reference,
        "paymentMethod": {
            "id": owner.id,
            "type": "bank_account",
            "details": {"accountNumber": row.clabe, "accountType": "savings", "bank": owner.bank},
        },
    }


@blueprint.post(f"{_PATH}/<charge_id>/cancel")
def cancel_charge(charge_id: str) -> Response:
    at = now()
    with write_tx(engine()) as connection:
        row = connection.execute(select(debit).where(debit.c.id == charge_id)).first()
        if row is None:
            return not_found("Payment request")
        if status_of(row, at) != "initial":
            return error("Payment request can only be canceled while it is initial")
        connection.execute(update(debit).where(debit.c.id == charge_id).values(canceled_at=at))
        hooks.forget(connection, charge_id)
        cancelled = connection.execute(select(debit).where(debit.c.id == charge_id)).one()
        return created(**_shown(connection, cancelled))
