"""Consents: made, given their files, confirmed or rejected."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Connection, insert, select, update

from bot.simulator.answers import created
from bot.simulator.belvo import hooks
from bot.simulator.belvo.outcomes import CUT_OFF, DECISION, MISMATCH, REJECTED, ending, on, presented_on
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
from bot.simulator.database import account, consent, debit
from models import read_tx, write_tx
from models.base import AnyRow

FILES = ("id_front", "id_back", "selfie", "contract")
_CONTRACT_ONLY = ("contract",)
MOST_BYTES = 20 * 1024 * 1024


@blueprint.post("/consents")
def create_consent() -> Response:
    owner = body().get("paymentMethodId")
    if not is_id(owner):
        return error(["paymentMethodId must be a UUID"])
    if one(account, str(owner)) is None:
        return not_found("Payment method")
    row: dict[str, Any] = {"id": new_id(), "account": owner, "files": {}, "at": now()}
    with write_tx(engine()) as connection:
        connection.execute(insert(consent), row)
    return created(consentId=row["id"], status="awaiting_information")


@blueprint.post("/consents/<consent_id>/files")
def upload_files(consent_id: str) -> Response:
    row = one(consent, consent_id)
    if row is None:
        return not_found("Consent")
    given = {name: file.read() for name, file in request.files.items()}
    if not given or set(given) - set(FILES) or not all(given.values()):
        return error([f"files must be among {', '.join(FILES)} and not empty"])
    if any(len(content) > MOST_BYTES for content in given.values()):
        return error("File too large")
    files = row.files | {name: new_id() for name in given}
    with write_tx(engine()) as connection:
        connection.execute(update(consent).where(consent.c.id == consent_id).values(files=files))
        if row.complete_at is None and set(
            FILES if get_rule(connection, "documents") else _CONTRACT_ONLY
        ) <= set(files):
            _complete(connection, row, now())
    return created(consentId=consent_id, files=_files(consent_id, files))


def _complete(connection: Connection, row: AnyRow, at: datetime) -> None:
    """Nothing is missing any more: it goes to the bank, which decides on the same banking day."""
    owner = connection.execute(select(account).where(account.c.id == row.account)).one()
    day = presented_on(at)
    decided = on(day, DECISION)
    connection.execute(update(consent).where(consent.c.id == row.id).values(complete_at=at))
    connection.execute(
        update(account)
        .where(account.c.id == row.account)
        .values(sent_at=on(day, CUT_OFF), decided_at=decided)
    )
    special = ending(owner.clabe)
    hooks.put(connection, "consent", row.id, at, "submitted")
    if special != REJECTED:
        hooks.put(
            connection, "payment_method", owner.id, decided, "error" if special == MISMATCH else "active"
        )
    if special != MISMATCH:
        hooks.put(connection, "consent", row.id, decided, "rejected" if special == REJECTED else "confirmed")


@blueprint.get("/consents/<consent_id>/files")
def consent_files(consent_id: str) -> Response:
    row = one(consent, consent_id)
    return jsonify(_files(consent_id, row.files)) if row is not None else not_found("Consent")


def _files(consent_id: str, files: dict[str, str]) -> list[dict[str, str]]:
    return [{"type": name, "consentFileId": file, "consentId": consent_id} for name, file in files.items()]


@blueprint.get("/consents")
def consents() -> Response:
    with read_tx(engine()) as connection:
        rows, metadata = page_of(connection, consent, [], [consent.c.at.desc(), consent.c.id])
        shown = [_shown(connection, row) for row in rows]
    return jsonify(items=shown, metadata=metadata)


@blueprint.get("/consents/<consent_id>")
def fetch_consent(consent_id: str) -> Response:
    if not is_id(consent_id):
        return error("id must be a UUID")
    row = one(consent, consent_id)
    if row is None:
        return not_found("Consent")
    with read_tx(engine()) as connection:
        return jsonify(_shown(connection, row))


def _shown(connection: Connection, row: AnyRow) -> dict[str, Any]:
    return {
        "consentId": row.id,
        "status": status_of(connection, row, now()),
        "paymentMethodId": row.account,
        "createdDate": iso(row.at),
    }


def status_of(connection: Connection, row: AnyRow, at: datetime) -> str:
    """As Belvo would say it at `at`."""
    if row.complete_at is None:
        return "incomplete_information" if row.files else "awaiting_information"
    owner = connection.execute(select(account).where(account.c.id == row.account)).one()
    if at < owner.decided_at or ending(owner.clabe) == MISMATCH:
        return "submitted"
    if ending(owner.clabe) == REJECTED:
        return "rejected"
    taken_back = select(debit.c.id).where(
        debit.c.account == row.account, debit.c.reversed_at <= at, debit.c.canceled_at.is_(None)
    )
    return "received_chargeback" if connection.scalar(taken_back.limit(1)) else "confirmed"
