"""The blueprint and the resources on it."""

from flask import Blueprint

from bot.api import conversations, ledger, loans, openapi, outreach, payments
from bot.api.keys import authenticate
from bot.api.problems import register

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(authenticate)
register(blueprint)
for resource in (loans, ledger, payments, conversations, outreach, openapi):
    resource.add_to(blueprint)
