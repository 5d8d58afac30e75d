"""What is held about a borrower, handed over or erased."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot import privacy
from bot.api.idempotency import idempotent
from bot.api.payments import lender
from bot.api.problems import Problem
from bot.api.requests import body
from bot.web import services


class PrivacyIn(BaseModel):
    """Nothing to be chosen: it is refused, or done whole."""

    model_config = ConfigDict(extra="forbid")


def add_to(blueprint: Blueprint) -> None:
    path = "/borrowers/<id:external_id>"
    blueprint.add_url_rule(f"{path}/export", view_func=post_export, methods=["POST"])
    blueprint.add_url_rule(f"{path}/erasure", view_func=post_erasure, methods=["POST"])


def post_export(external_id: str) -> Response:
    """The records; papers are fetched one by one, by the ids that they have here. No answer is kept for an
    Idempotency-Key: it would hold all that there is about a person.
    """
    body(PrivacyIn)
    try:
        found = privacy.export(services(), external_id, lender())
    except privacy.UnknownBorrower as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
    return jsonify({"external_id": external_id, "records": found.records})


def post_erasure(external_id: str) -> Response:
    body(PrivacyIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        try:
            done = privacy.erase(connection, services(), external_id, lender())
        except privacy.UnknownBorrower as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
        except privacy.NotErasable as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        kept = [
            {"what": each.what, "kept_until": each.until.isoformat() if each.until else None, "why": each.why}
            for each in done.kept
        ]
        return {"erased_at": done.at.isoformat(), "kept": kept}, HTTPStatus.OK

    return idempotent(act)
