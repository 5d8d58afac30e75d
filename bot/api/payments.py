"""Payments that the lender received."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.api.idempotency import idempotent
from bot.api.keys import actor
from bot.api.problems import Problem
from bot.api.requests import Text, body
from bot.portfolio.payments import EARLIEST, ReferenceTaken, UnknownLoan, in_the_future, receive_payment
from bot.web import services
from models.ledger import Payment
from values import Money


class PaymentIn(BaseModel):
    """`amount` in centavos; the same rail and reference for the same loan is the same payment."""

    model_config = ConfigDict(extra="forbid")

    loan: Text
    amount: int = Field(gt=0, le=10**12)
    currency: Literal["MXN"] = "MXN"
    paid_at: AwareDatetime = Field(ge=EARLIEST)
    rail: Text = Field(min_length=1, max_length=20)
    reference: Text = Field(min_length=1, max_length=64)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/payments", view_func=post_payment, methods=["POST"])


def post_payment() -> Response:
    given = body(PaymentIn)
    if in_the_future(services(), given.paid_at):
        fault = {"field": "paid_at", "reason": "lies in the future: post a payment once it was received"}
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "the body does not fit: fix the fields named", errors=[fault]
        )

    def act() -> tuple[dict[str, Any], int]:
        payment = Payment(
            Money(given.amount),
            _utc(given.paid_at),
            given.rail,
            given.reference,
            actor(),
        )
        try:
            received = receive_payment(services(), given.loan, payment)
        except UnknownLoan as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
        except ReferenceTaken as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        posted = received.posted
        answer = {
            "entry": posted.entry_id,
            "loan": given.loan,
            "duplicate": posted.duplicate,
            "settled": posted.settled,
        }
        return answer, HTTPStatus.OK if posted.duplicate else HTTPStatus.CREATED

    return idempotent(act)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
