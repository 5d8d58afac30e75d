"""Loans: created or updated by the lender, read with their current state."""

from datetime import date
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection, bindparam, case, select

from bot.api.idempotency import idempotent
from bot.api.problems import Problem
from bot.api.requests import body
from bot.portfolio import LoadReport, RowError, TapeLoan, TapeRow, load_batch, parse_row
from bot.web import services
from models import (
    bank_account_table,
    borrower_table,
    contact_point_table,
    hold_table,
    instalment_table,
    loan_table,
    mandate_table,
    promise_table,
    read_tx,
)
from models.balance import unallocated_money
from models.base import AnyRow
from models.hold import stands as hold_stands
from models.instalment import COMPONENTS
from models.mandate import ACTIVE_STATES, PENDING_STATES
from values import bank_name, roll_forward

_MANDATE = (
    select(mandate_table, bank_account_table.c.bank_code, bank_account_table.c.last4)
    .join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
    .where(mandate_table.c.loan_id == bindparam("loan"))
    .order_by(
        case(
            (mandate_table.c.status.in_(ACTIVE_STATES), 0),
            (mandate_table.c.status.in_(PENDING_STATES), 1),
            else_=2,
        ),
        mandate_table.c.id.desc(),
    )
    .limit(1)
)
"""The active one; else the pending one; else the last that ended."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class BorrowerIn(_Strict):
    external_id: str
    name: str
    phone: str
    email: str | None = None
    birth_date: date | None = None
    curp: str | None = None
    rfc: str | None = None
    state: str | None = None
    municipality: str | None = None
    language: str | None = None
    preferred_channel: Literal["whatsapp", "sms", "email"] | None = None


class InstalmentIn(_Strict):
    """Amounts in centavos; without components all is principal. The tape's own names are taken too."""

    number: int = Field(ge=1, le=9999, validation_alias=AliasChoices("number", "instalment_no"))
    due_date: date
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
    opened_on: date | None = None
    as_of: date | None = None
    """The day whose end this describes; without one, this moment."""
    lender: str | None = None
    guarantor_name: str | None = None
    guarantor_phone: str | None = None
    pay_clabe: str | None = None
    pay_reference: str | None = None
    cash_reference: str | None = None
    holds: list[Literal["dispute", "deceased", "vulnerable", "legal", "opt_out"]] = []
    instalments: list[InstalmentIn] = Field(min_length=1, max_length=600)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<path:external_id>", view_func=put_loan, methods=["PUT"])
    blueprint.add_url_rule("/loans/<path:external_id>", view_func=get_loan, methods=["GET"])


def put_loan(external_id: str) -> Response:
    """Creates or updates a loan with its borrower and instalments: a tape of one loan. One with an older
    `as_of` changes nothing.
    """
    loan = body(LoanIn)

    def act() -> tuple[dict[str, Any], int]:
        report = LoadReport()
        load_batch(services(), [TapeLoan(_rows(external_id, loan))], report, actor="lender:api")
        if report.errors:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "the loan was not updated", errors=_faults(report.errors)
            )
        return described(external_id), HTTPStatus.CREATED if report.created else HTTPStatus.OK

    return idempotent(act)


def _rows(external_id: str, loan: LoanIn) -> list[TapeRow]:
    """The body as rows of a tape: the same checks, the same code path."""
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
        else:
            errors += parsed
    if len({row.number for row in rows}) != len(rows):
        errors.append(RowError(0, "instalments", "two have the same number"))
    if errors:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "the loan does not fit: fix the fields named",
            errors=_faults(errors),
        )
    return rows


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


def _faults(errors: list[RowError]) -> list[dict[str, str]]:
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
    now = services().clock.now()
    today = services().day(now)
    with read_tx(services().engine) as connection:
        row = find(connection, external_id)
        instalments = connection.execute(
            select(instalment_table)
            .where(instalment_table.c.loan_id == row.id)
            .order_by(instalment_table.c.number)
        ).all()
        standing = hold_stands(now)
        flags = sorted(
            connection.scalars(select(hold_table.c.kind).where(hold_table.c.loan_id == row.id, standing))
        )
        promise = connection.execute(
            select(promise_table)
            .where(promise_table.c.loan_id == row.id)
            .order_by(promise_table.c.id.desc())
            .limit(1)
        ).first()
        mandate = connection.execute(_MANDATE, {"loan": row.id}).first()
        money = unallocated_money(connection, row.id)
        phone = connection.scalar(
            select(contact_point_table.c.key)
            .where(
                contact_point_table.c.borrower_id == row.borrower_id,
                contact_point_table.c.key.startswith("+"),
            )
            .order_by(contact_point_table.c.id.desc())
            .limit(1)
        )
    parts = {part: sum(getattr(i, f"unpaid_{part}") for i in instalments) for part in COMPONENTS}
    unpaid = [i for i in instalments if _unpaid(i)]
    oldest = min(unpaid, key=lambda i: (i.due_date, i.number), default=None)
    if row.opted_out_at is not None and "opt_out" not in flags:
        flags = sorted([*flags, "opt_out"])
    return {
        "external_id": row.external_id,
        "currency": row.currency,
        "status": row.status,
        "product": row.product,
        "borrower": {
            "external_id": row.borrower_external_id,
            "name": row.name,
            "phone": phone,
            "email": row.email,
            "language": row.language,
            "preferred_channel": row.preferred_channel,
            "opted_out": row.opted_out_at is not None,
        },
        "outstanding": {**parts, "total": sum(parts.values())},
        "dpd": max(0, (today - roll_forward(oldest.due_date)).days) if oldest else 0,
        "next_due": {"date": oldest.due_date.isoformat(), "amount": _unpaid(oldest)} if oldest else None,
        "instalments": [_instalment(i) for i in instalments],
        "mandate": _mandate(mandate) if mandate else None,
        "plan": None,
        "promise": {"date": promise.due_date.isoformat(), "amount": promise.amount, "status": promise.status}
        if promise
        else None,
        "credit": money.credit_centavos,
        "in_transit": money.in_transit_centavos,
        "flags": flags,
        "as_of": row.as_of.isoformat() if row.as_of else None,
    }


def find(connection: Connection, external_id: str) -> AnyRow:
    """The loan joined with its borrower. Raises Problem 404."""
    query = select(
        loan_table,
        borrower_table.c.external_id.label("borrower_external_id"),
        borrower_table.c.name,
        borrower_table.c.email,
        borrower_table.c.language,
        borrower_table.c.preferred_channel,
        borrower_table.c.opted_out_at,
    ).join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
    row = connection.execute(query.where(loan_table.c.external_id == external_id)).first()
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no loan {external_id[:64]!r}")
    return row


def _unpaid(row: AnyRow) -> int:
    return sum(getattr(row, f"unpaid_{part}") for part in COMPONENTS)


def _instalment(row: AnyRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "due_date": row.due_date.isoformat(),
        "amount": row.amount_centavos,
        "unpaid": _unpaid(row),
        **{f"unpaid_{part}": getattr(row, f"unpaid_{part}") for part in COMPONENTS},
    }


def _mandate(row: AnyRow) -> dict[str, Any]:
    return {
        "status": row.status,
        "folio": row.folio,
        "clabe_masked": f"••••{row.last4}",
        "bank": bank_name(row.bank_code) or row.bank_code,
        "max_amount": row.max_amount,
        "frequency": row.frequency,
        "authorized_at": row.authorized_at.isoformat() if row.authorized_at else None,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "terms_version": row.terms_version,
        "terms_hash": row.terms_hash,
        "document_hash": row.document_hash,
    }
