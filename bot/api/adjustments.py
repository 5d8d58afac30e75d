"""The lender's own acts on a loan: waiver, refund, write-off, recovery."""

from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot import money
from bot.api.idempotency import idempotent
from bot.api.loans import described_in
from bot.api.payments import lender
from bot.api.problems import Problem
from bot.api.requests import FilledText, body
from bot.offers import judge_plans_of
from bot.web import services


class AdjustmentIn(BaseModel):
    """`amount` in centavos; without a component the oldest instalment first, fees before principal."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["waiver", "refund", "write_off", "recovery"]
    amount: int = Field(gt=0, le=10**12)
    currency: Literal["MXN"] = "MXN"
    component: Literal["principal", "interest", "late_fees", "tax"] | None = None
    reason: FilledText = Field(max_length=120)


def add_to(blueprint: Blueprint) -> None:
    path = "/loans/<id:external_id>/adjustments"
    blueprint.add_url_rule(path, view_func=post_adjustment, methods=["POST"])


def post_adjustment(external_id: str) -> Response:
    given = body(AdjustmentIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        now = services().clock.now()
        loan = money.lock_loan(connection, external_id)
        if loan is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no loan {external_id[:64]!r}")
        wanted = money.Act(given.kind, given.amount, given.component, given.reason)
        try:
            entry = money.adjust(connection, loan.id, wanted, now, lender())
        except money.MoreThanThereIs as error:
            fault = {"field": "amount", "reason": str(error)}
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "nothing was changed: see the field", errors=[fault]
            ) from None
        judge_plans_of(connection, services(), loan.id)
        return {"entry": entry, "loan": described_in(connection, external_id)}, HTTPStatus.CREATED

    return idempotent(act)
