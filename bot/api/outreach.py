"""Starting a named flow now, within the contact rules, or saying why not and when it may; and why a borrower
got what they got.
"""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.api.idempotency import idempotent
from bot.api.problems import Problem
from bot.api.requests import Text, body
from bot.compliance import Never
from bot.outreach import Next, NothingToSay, UnknownBorrower, explain, request_outreach
from bot.web import services


class OutreachIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    flow: Literal["reminder", "balance", "mandate"]
    loan: Text | None = None


def add_to(blueprint: Blueprint) -> None:
    path = "/borrowers/<id:external_id>/outreach"
    blueprint.add_url_rule(path, view_func=post_outreach, methods=["POST"])
    blueprint.add_url_rule(path, view_func=get_outreach, methods=["GET"])


def get_outreach(external_id: str) -> Response:
    """Why they got each message, what held others back, and what comes next."""
    try:
        found = explain(services(), external_id)
    except UnknownBorrower as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error.args[0])) from None
    written = [
        {
            "message": str(each.message) if each.message is not None else None,
            "at": each.at.isoformat(),
            "channel": each.channel,
            "status": each.status,
            "reason": each.reason,
            "loan": each.loan,
            "because": dict(each.because),
        }
        for each in found.written
    ]
    return jsonify(
        held_out=found.held_out,
        best_hour=found.best_hour,
        written=written,
        next=_shown(found.next),
        stopped=_shown(found.stopped),
    )


def _shown(found: Next | None) -> dict[str, Any] | None:
    return asdict(found) | {"day": found.day.isoformat()} if found else None


def post_outreach(external_id: str) -> Response:
    """202 with `not_before`, in UTC, or 409 with the rule that forbids it."""
    given = body(OutreachIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        try:
            planned = request_outreach(connection, services(), external_id, given.flow, given.loan)
        except UnknownBorrower as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error.args[0])) from None
        except NothingToSay as error:
            raise Problem(HTTPStatus.CONFLICT, str(error), rule=error.rule) from None
        if isinstance(planned, Never):
            raise Problem(HTTPStatus.CONFLICT, planned.because, rule=planned.rule, version=planned.version)
        return {"flow": given.flow, "not_before": planned.isoformat()}, HTTPStatus.ACCEPTED

    return idempotent(act)
