"""Payments that the lender received: reported, looked up, taken back, decided."""

from datetime import UTC
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response, g, jsonify
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select

from bot import money
from bot.api.idempotency import idempotent
from bot.api.problems import Problem
from bot.api.requests import FilledText, Moment, Text, body
from bot.offers import judge_plans_of
from bot.portfolio import EARLIEST, UnknownLoan, in_the_future
from bot.web import services
from models import inflow_table, ledger_entry_table, loan_table, payment_report_table, read_tx
from models.base import AnyRow
from models.ledger import AlreadyReversed

Rail = Literal["spei", "cash", "card", "debit", "transfer", "check", "other"]
HIGHEST_ID = 2**63 - 1


class PaymentIn(BaseModel):
    """`amount` in centavos; the same rail and reference for the same loan is the same payment."""

    model_config = ConfigDict(extra="forbid")

    loan: Text
    amount: int = Field(gt=0, le=10**12)
    currency: Literal["MXN"] = "MXN"
    paid_at: Moment = Field(ge=EARLIEST)
    rail: Rail
    reference: FilledText = Field(max_length=64)


class ReversalIn(BaseModel):
    """Why it is taken back, in a few words or as a code of yours."""

    model_config = ConfigDict(extra="forbid")

    reason: FilledText = Field(max_length=120)


class DecisionIn(BaseModel):
    """`same_as`: the id of the payment that this one is; null where it is other money."""

    model_config = ConfigDict(extra="forbid")

    same_as: str | None = Field(max_length=20)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/payments", view_func=post_payment, methods=["POST"])
    blueprint.add_url_rule("/payments/<payment_id>", view_func=get_payment, methods=["GET"])
    blueprint.add_url_rule("/payments/<payment_id>/reversal", view_func=post_reversal, methods=["POST"])
    blueprint.add_url_rule("/payments/<payment_id>/decision", view_func=post_decision, methods=["POST"])


def lender() -> str:
    """The actor of what this call does."""
    return f"lender:{g.api_key.name}"[:64]


def post_payment() -> Response:
    given = body(PaymentIn)
    if in_the_future(services(), given.paid_at):
        fault = {"field": "paid_at", "reason": "lies in the future: post a payment once it was received"}
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "the body does not fit: fix the fields named", errors=[fault]
        )

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        loan = money.lock_loan(connection, given.loan)
        if loan is None:
            raise Problem(HTTPStatus.NOT_FOUND, str(UnknownLoan(given.loan)))
        reported = money.Reported(
            "api", given.rail, given.reference, given.amount, given.paid_at.astimezone(UTC), lender()
        )
        outcome = money.receive(connection, loan, reported, services().clock.now())
        judge_plans_of(connection, services(), loan.id)
        became = {
            "status": outcome.status,
            "duplicate": outcome.status == "duplicate",
            "settled": _is_settled(connection, loan.id),
        }
        return described(connection, outcome.report) | became, _STATUS[outcome.status]

    return idempotent(act)


def _is_settled(connection: Connection, loan: int) -> bool:
    return connection.scalar(select(loan_table.c.status).where(loan_table.c.id == loan)) == "settled"


_STATUS = {"posted": HTTPStatus.CREATED, "duplicate": HTTPStatus.OK, "review": HTTPStatus.ACCEPTED}


def get_payment(payment_id: str) -> Response:
    with read_tx(services().engine) as connection:
        return jsonify(described(connection, _id(payment_id)))


def post_reversal(payment_id: str) -> Response:
    given = body(ReversalIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        report, loan = _locked(connection, payment_id)
        try:
            money.reverse(connection, report, given.reason, services().clock.now(), lender())
        except (money.NotPosted, AlreadyReversed) as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        judge_plans_of(connection, services(), loan)
        return described(connection, report), HTTPStatus.CREATED

    return idempotent(act)


def post_decision(payment_id: str) -> Response:
    given = body(DecisionIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        report, loan = _locked(connection, payment_id)
        same = None if given.same_as is None else _inflow(connection, given.same_as)
        try:
            money.decide(connection, report, same, services().clock.now(), lender())
        except (money.NotInReview, money.NotACandidate) as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        judge_plans_of(connection, services(), loan)
        return described(connection, report), HTTPStatus.OK

    return idempotent(act)


def _id(text: str) -> int:
    """Raises Problem 404."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > HIGHEST_ID:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no payment {text[:20]!r}")
    return int(text)


def _locked(connection: Connection, payment: str) -> tuple[int, int]:
    """The report behind the lock of its loan, and the loan. Raises Problem 404."""
    report = _id(payment)
    loan = connection.scalar(
        select(payment_report_table.c.loan_id).where(payment_report_table.c.id == report)
    )
    if loan is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no payment {payment[:20]!r}")
    connection.execute(select(loan_table.c.id).where(loan_table.c.id == loan).with_for_update())
    return report, loan


def _inflow(connection: Connection, payment: str) -> int:
    query = select(payment_report_table.c.inflow_id).where(payment_report_table.c.id == _id(payment))
    if (inflow := connection.scalar(query)) is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no posted payment {payment[:20]!r}")
    return int(inflow)


def described(connection: Connection, report: int) -> dict[str, Any]:
    """A payment as the API shows it: what was reported, and what became of it. Raises Problem 404."""
    table = payment_report_table
    row = connection.execute(
        select(
            table,
            loan_table.c.external_id,
            inflow_table.c.entry_id,
            inflow_table.c.reversed_at,
            ledger_entry_table.c.seq,
        )
        .join(loan_table, loan_table.c.id == table.c.loan_id)
        .outerjoin(inflow_table, inflow_table.c.id == table.c.inflow_id)
        .outerjoin(ledger_entry_table, ledger_entry_table.c.id == inflow_table.c.entry_id)
        .where(table.c.id == report)
    ).first()
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no payment {str(report)[:20]!r}")
    return {
        "id": str(row.id),
        "status": "reversed" if row.reversed_at and row.status == "posted" else row.status,
        "loan": row.external_id,
        "amount": row.amount,
        "currency": "MXN",
        "paid_at": row.paid_at.isoformat(),
        "rail": row.rail,
        "reference": row.reference,
        "source": row.source,
        "entry": row.entry_id,
        "seq": row.seq,
        "reports": _others(connection, row),
        "reversed_at": row.reversed_at.isoformat() if row.reversed_at else None,
    }


def _others(connection: Connection, row: AnyRow) -> list[str]:
    """The ids of the other reports of the same money; of those that it may be while a person decides."""
    inflows = row.candidates if row.status == "review" else [row.inflow_id]
    query = select(payment_report_table.c.id).where(
        payment_report_table.c.inflow_id.in_(inflows), payment_report_table.c.id != row.id
    )
    return [str(report) for report in connection.scalars(query.order_by(payment_report_table.c.id))]
