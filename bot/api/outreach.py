"""Starting a named flow now, within the contact rules, or saying why not and when it may."""

from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict

from bot.api.idempotency import idempotent
from bot.api.problems import Problem
from bot.api.requests import Text, body
from bot.compliance import Never
from bot.outreach import NothingToSay, request_outreach
from bot.web import services


class OutreachIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    flow: Literal["reminder", "balance", "mandate"]
    loan: Text | None = None


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<id:external_id>/outreach", view_func=post_outreach, methods=["POST"])


def post_outreach(external_id: str) -> Response:
    """202 with `not_before`, or 409 with the rule that forbids it."""
    given = body(OutreachIn)

    def act() -> tuple[dict[str, Any], int]:
        try:
            planned = request_outreach(services(), external_id, given.flow, given.loan)
        except LookupError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error.args[0])) from None
        except NothingToSay as error:
            raise Problem(HTTPStatus.CONFLICT, str(error), rule=error.rule) from None
        if isinstance(planned, Never):
            raise Problem(HTTPStatus.CONFLICT, planned.because, rule=planned.rule, version=planned.version)
        return {"flow": given.flow, "not_before": planned.isoformat()}, HTTPStatus.ACCEPTED

    return idempotent(act)
