"""Institutions and customers."""

from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import String, cast, insert, or_, update

from bot.debit.belvo import codes
from bot.simulator.answers import created
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
from bot.simulator.database import customer
from models import read_tx, write_tx
from models.base import AnyRow
from values import bank_name

_REQUIRED = ("firstname", "lastname", "documentType", "documentNumber", "email")


@blueprint.get("/institutions")
def institutions() -> Response:
    found = [
        {"id": name, "name": name, "displayName": bank_name(code) or name, "code": code, "country": "mex"}
        for name, code in codes().items()
    ]
    return jsonify(
        items=found,
        metadata={
            "totalItems": len(found),
            "itemCount": len(found),
            "itemsPerPage": 100,
            "totalPages": 1,
            "currentPage": 1,
        },
    )


@blueprint.post("/customers")
def create_customer() -> Response:
    given = body()
    if faults := _faults(given):
        return error(faults)
    row = {"id": new_id(), "document": given["documentNumber"].upper(), "body": given, "at": now()}
    with write_tx(engine()) as connection:
        connection.execute(insert(customer), row)
    return created(customerId=row["id"])


def _faults(given: dict[str, Any]) -> list[str]:
    faults = [
        f"{name} should not be empty"
        for name in _REQUIRED
        if not isinstance(given.get(name), str) or not given[name].strip()
    ]
    if given.get("documentType") not in (None, "mx_rfc", "mx_curp"):
        faults.append("documentType must be one of the following values: mx_rfc, mx_curp")
    if isinstance(given.get("email"), str) and "@" not in given["email"]:
        faults.append("email must be an email")
    return faults


@blueprint.post("/customers/<customer_id>")
def update_customer(customer_id: str) -> Response:
    row = one(customer, customer_id)
    if row is None:
        return not_found("Customer")
    with write_tx(engine()) as connection:
        connection.execute(
            update(customer).where(customer.c.id == customer_id).values(body=row.body | body())
        )
    return jsonify(customerId=customer_id)


@blueprint.get("/customers")
@blueprint.get("/customers/")
def customers() -> Response:
    """`search` is part of a name, an e-mail or a document."""
    wanted = request.args.get("search", "")
    where = [
        or_(
            customer.c.document.icontains(wanted, autoescape=True),
            cast(customer.c.body, String).icontains(wanted, autoescape=True),
        )
    ]
    with read_tx(engine()) as connection:
        rows, metadata = page_of(
            connection, customer, where if wanted else [], [customer.c.at, customer.c.id]
        )
    return jsonify(items=[_shown(row) for row in rows], metadata=metadata)


@blueprint.get("/customers/<customer_id>")
def fetch_customer(customer_id: str) -> Response:
    if not is_id(customer_id):
        return error("id must be a UUID")
    row = one(customer, customer_id)
    return jsonify(_shown(row)) if row is not None else not_found("Customer")


def _shown(row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "createdDate": iso(row.at),
        "lastUpdatedDate": iso(row.at),
        "country": "mex",
        **row.body,
    }
