"""Holds: reasons not to chase or charge a loan, placed and lifted by the lender."""

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
from bot.api.requests import Moment, Text, body
from bot.web import services
from models.hold import HOLD_KINDS

Kind = Literal[
    "dispute",
    "deceased",
    "vulnerable",
    "legal",
    "opt_out",
    "payment_reported",
    "hardship",
    "complaint",
    "quiet",
]


class HoldIn(BaseModel):
    """`until` null: until it is lifted."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    until: Moment | None = None
    reason: Text | None = Field(None, max_length=120)


def add_to(blueprint: Blueprint) -> None:
    path = "/loans/<id:external_id>/holds"
    blueprint.add_url_rule(path, view_func=post_hold, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<kind>", view_func=delete_hold, methods=["DELETE"])


def post_hold(external_id: str) -> Response:
    given = body(HoldIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        now = services().clock.now()
        if given.until is not None and given.until <= now:
            fault = {"field": "until", "reason": "is over already: give a later time, or none"}
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "the body does not fit: fix the fields named", errors=[fault]
            )
        because = {"reason": given.reason} if given.reason else {}
        loan = money.lock_loan(connection, external_id)
        if loan is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no loan {external_id[:64]!r}")
        placed = money.place_hold(
            connection, loan.id, given.kind, now, lender(), until=given.until, because=because
        )
        return described_in(connection, external_id), HTTPStatus.CREATED if placed else HTTPStatus.OK

    return idempotent(act)


def delete_hold(external_id: str, kind: str) -> Response:
    if kind not in HOLD_KINDS:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no hold {kind[:24]!r}")

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        loan = money.lock_loan(connection, external_id)
        if loan is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no loan {external_id[:64]!r}")
        if not money.lift_hold(connection, loan.id, kind, services().clock.now(), lender()):
            raise Problem(HTTPStatus.NOT_FOUND, f"no hold {kind!r} stands on this loan")
        return described_in(connection, external_id), HTTPStatus.OK

    return idempotent(act)
