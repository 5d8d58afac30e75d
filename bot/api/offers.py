"""What policy allows a loan today, and what was offered to it."""

from flask import Blueprint, Response, jsonify

from bot.api.loans import find
from bot.offers import explained, made, shown
from bot.web import services
from flows.offers.arithmetic import Allowed, Refusal
from models import read_tx


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<id:external_id>/offers", view_func=get_offers)


def get_offers(external_id: str) -> Response:
    with read_tx(services().engine) as connection:
        loan = find(connection, external_id)
        verdicts = explained(connection, services(), loan)
        offered = made(connection, loan.id)
    return jsonify(
        {
            "policy": services().lender.terms.offers.version,
            "allowed": [shown(each) for each in verdicts if isinstance(each, Allowed)],
            "refused": [
                {"kind": each.kind, "rule": each.rule} for each in verdicts if isinstance(each, Refusal)
            ],
            "made": offered,
        }
    )
