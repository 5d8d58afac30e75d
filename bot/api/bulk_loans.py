"""Many loans in one call: each is taken or refused by itself, all in one transaction of a few statements."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from bot.api.idempotency import idempotent
from bot.api.keys import actor
from bot.api.loans import LoanIn, faults_of, rows_of
from bot.api.problems import fields_of
from bot.api.requests import body
from bot.portfolio import LoadReport, RowError, TapeLoan, load_batch
from bot.web import UPLOADS, services

MOST = 1_000


class LoanRowIn(LoanIn):
    external_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_\-][A-Za-z0-9_.\-/]*$")


class LoansIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loans: list[Any] = Field(
        min_length=1, max_length=MOST, description="each as `LoanRowIn`; what does not fit is refused alone"
    )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans", view_func=put_loans, methods=["PUT"])


def put_loans() -> Response:
    """Creates or updates up to 1,000 loans: what became of each, in the order of the call."""
    request.max_content_length = UPLOADS["/api/v1/loans"]
    given = body(LoansIn).loans
    return idempotent(lambda connection: (_load(connection, given), HTTPStatus.OK))


def _load(connection: Connection, given: list[Any]) -> dict[str, Any]:
    errors: dict[int, list[dict[str, str]]] = {}
    places: dict[str, int] = {}
    batch: list[TapeLoan] = []
    for place, row in enumerate(given):
        try:
            loan = LoanRowIn.model_validate_json(json.dumps(row), strict=True)
        except ValidationError as error:
            errors[place] = fields_of(error)
            continue
        if loan.external_id in places:
            errors[place] = [{"field": "external_id", "reason": "this loan stands in the call twice"}]
            continue
        places[loan.external_id] = place
        rows, faults = rows_of(loan.external_id, loan)
        if faults:
            errors[place] = faults_of(faults)
        else:
            batch.append(TapeLoan(rows))
    report = LoadReport(applied={})
    if batch:
        load_batch(connection, services(), batch, report, actor=actor())
    for place, fault in _refused(report.errors, places):
        errors.setdefault(place, []).extend(faults_of([fault]))
    return {"loans": [_answer(place, row, report, errors) for place, row in enumerate(given)]}


def _refused(faults: list[RowError], places: dict[str, int]) -> Iterator[tuple[int, RowError]]:
    return ((places[fault.loan_id], fault) for fault in faults)


def _answer(
    place: int, row: Any, report: LoadReport, errors: dict[int, list[dict[str, str]]]
) -> dict[str, Any]:
    """`refused` with what to fix; the others as a call for the loan alone would answer."""
    named = row.get("external_id") if isinstance(row, dict) else None
    loan = named if isinstance(named, str) else None
    if place in errors:
        return {"external_id": loan, "applied": "refused", "errors": errors[place]}
    return {"external_id": loan, "applied": (report.applied or {}).get(str(loan)), "errors": []}
