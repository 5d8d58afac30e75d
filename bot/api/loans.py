"""Loans: created or updated by the lender, read with their current state."""

from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection

from bot.api import loan_view
from bot.api.idempotency import idempotent
from bot.api.keys import actor
from bot.api.problems import Problem
from bot.api.requests import Day, body, choice, cursor, limit, moment, page
from bot.portfolio import LoadReport, RowError, TapeLoan, TapeRow, impossible_days, load_batch, parse_row
from bot.web import services
from models import loan_table, read_tx
from models.base import AnyRow
from models.instalment import COMPONENTS
from models.loan import LOAN_STATES
from values import MOST_TAGS


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class BorrowerIn(_Strict):
    external_id: str
    name: str
    phone: str
    email: str | None = None
    birth_date: Day | None = None
    curp: str | None = None
    rfc: str | None = None
    state: str | None = None
    municipality: str | None = None
    language: str | None = None
    preferred_channel: Literal["whatsapp", "sms", "email"] | None = None


class InstalmentIn(_Strict):
    """Amounts in centavos; without components all is principal. The tape's own names are taken too."""

    number: int = Field(ge=1, le=9999, validation_alias=AliasChoices("number", "instalment_no"))
    due_date: Day
    amount: int = Field(ge=0, le=10**12, validation_alias=AliasChoices("amount", "amount_due"))
    paid: int = Field(0, ge=0, validation_alias=AliasChoices("paid", "amount_paid"))
    principal: int | None = Field(None, ge=0)
    interest: int | None = Field(None, ge=0)
    late_fees: int | None = Field(None, ge=0)
    tax: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def sums(self) -> "InstalmentIn":
        given = [getattr(self, part) for part in COMPONENTS]
        if any(part is not None for part in given) and sum(part or 0 for part in given) != self.amount:
            message = "principal, interest, late_fees and tax must sum to amount"
            raise ValueError(message)
        if self.paid > self.amount:
            message = "paid is more than amount"
            raise ValueError(message)
        return self


class LoanIn(_Strict):
    borrower: BorrowerIn
    currency: Literal["MXN"] = "MXN"
    product: str | None = None
    opened_on: Day | None = None
    as_of: Day | None = None
    """The day whose end this describes; without one, this moment."""
    lender: str | None = None
    guarantor_name: str | None = None
    guarantor_phone: str | None = None
    pay_clabe: str | None = None
    pay_reference: str | None = None
    cash_reference: str | None = None
    tags: list[str] | None = Field(None, max_length=MOST_TAGS)
    """Left out, the loan keeps those that it has."""
    holds: list[Literal["dispute", "deceased", "vulnerable", "legal", "opt_out"]] = []
    instalments: list[InstalmentIn] = Field(min_length=1, max_length=600)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<id:external_id>", view_func=put_loan, methods=["PUT"])
    blueprint.add_url_rule("/loans/<id:external_id>", view_func=get_loan, methods=["GET"])
    blueprint.add_url_rule("/loans", view_func=list_loans, methods=["GET"])


def put_loan(external_id: str) -> Response:
    """Creates or updates a loan with its borrower and instalments: a tape of one loan. One with an older
    `as_of` changes nothing.
    """
    loan = body(LoanIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        report, (rows, errors) = LoadReport(applied={}), rows_of(external_id, loan)
        if errors:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "the loan does not fit: fix the fields named",
                errors=faults_of(errors),
            )
        load_batch(connection, services(), [TapeLoan(rows)], report, actor=actor())
        if report.errors:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "the loan was not updated", errors=faults_of(report.errors)
            )
        applied = (report.applied or {}).get(external_id, "unchanged")
        return described_in(connection, external_id) | {"applied": applied}, _STATUS.get(
            applied, HTTPStatus.OK
        )

    return idempotent(act)


_STATUS = {"created": HTTPStatus.CREATED}


def rows_of(external_id: str, loan: LoanIn) -> tuple[list[TapeRow], list[RowError]]:
    """The body as rows of a tape: the same checks, the same code path; and what does not fit."""
    today = services().day(services().clock.now())
    shared = {
        f"borrower_{name}" if name == "name" else name: value
        for name, value in loan.borrower.model_dump(exclude={"external_id"}).items()
    }
    shared |= {
        "loan_id": external_id,
        "borrower_id": loan.borrower.external_id,
        "as_of": loan.as_of or today,
        "holds": ";".join(loan.holds),
    }
    shared |= {name: getattr(loan, name) for name in _TERMS}
    if loan.tags is not None:
        shared["tags"] = ";".join(loan.tags)
    rows: list[TapeRow] = []
    errors: list[RowError] = []
    for place, instalment in enumerate(loan.instalments):
        cells = shared | {
            "instalment_no": instalment.number,
            "due_date": instalment.due_date,
            "amount_due": _pesos(instalment.amount),
            "amount_paid": _pesos(instalment.paid),
        }
        cells |= {
            part: _pesos(getattr(instalment, part))
            for part in COMPONENTS
            if getattr(instalment, part) is not None
        }
        parsed = parse_row(
            place, {name: "" if value is None else str(value) for name, value in cells.items()}
        )
        if isinstance(parsed, TapeRow):
            rows.append(parsed)
            errors += impossible_days(parsed, today)
        else:
            errors += parsed
    if len({row.number for row in rows}) != len(rows):
        errors.append(RowError(0, "instalments", "number_twice"))
    return rows, errors


_TERMS = (
    "product",
    "opened_on",
    "lender",
    "guarantor_name",
    "guarantor_phone",
    "pay_clabe",
    "pay_reference",
    "cash_reference",
)
_RENAMED = {
    "loan_id": "external_id",
    "borrower_id": "borrower.external_id",
    "borrower_name": "borrower.name",
    "instalment_no": "number",
    "amount_due": "amount",
    "amount_paid": "paid",
}


def faults_of(errors: list[RowError]) -> list[dict[str, str]]:
    """Each by the name that its field has in the body."""
    named = dict.fromkeys((_field(error), error.reason) for error in errors)
    return [{"field": field, "reason": reason} for field, reason in named]


def _field(error: RowError) -> str:
    name = _RENAMED.get(error.column, error.column)
    if name in InstalmentIn.model_fields:
        return f"instalments.{error.line}.{name}"
    return f"borrower.{name}" if name in BorrowerIn.model_fields and name != "external_id" else name


def _pesos(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"


def get_loan(external_id: str) -> Response:
    return jsonify(described(external_id))


def described(external_id: str) -> dict[str, Any]:
    """The loan as the API shows it. Raises Problem 404."""
    with read_tx(services().engine) as connection:
        return described_in(connection, external_id)


def described_in(connection: Connection, external_id: str) -> dict[str, Any]:
    """As its transaction sees it. Raises Problem 404."""
    return loan_view.describe(connection, services(), [find(connection, external_id)])[0]


def list_loans() -> Response:
    """By `status` and `updated_since`: the time from which on something about the loan changed."""
    most, after = limit(), cursor()
    query = loan_view.LOANS.where(loan_table.c.id > after).order_by(loan_table.c.id).limit(most + 1)
    if status := choice("status", LOAN_STATES):
        query = query.where(loan_table.c.status == status)
    if since := moment("updated_since"):
        query = query.where(loan_view.changed_since(since))
    with read_tx(services().engine) as connection:
        rows = connection.execute(query).all()
        loans = loan_view.describe(connection, services(), rows[:most])
    return page("loans", loans, rows[most - 1].id if len(rows) > most else None)


def find(connection: Connection, external_id: str) -> AnyRow:
    """The loan joined with its borrower. Raises Problem 404."""
    row = connection.execute(loan_view.LOANS.where(loan_table.c.external_id == external_id)).first()
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no loan {external_id[:64]!r}")
    return row
