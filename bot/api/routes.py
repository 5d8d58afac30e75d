"""The blueprint and the resources on it."""

from flask import Blueprint

from bot.api import (
    adjustments,
    borrowers,
    bulk_loans,
    contacts,
    conversations,
    documents,
    events,
    features,
    holds,
    ledger,
    loans,
    metrics,
    offers,
    openapi,
    outreach,
    pages,
    payments,
    privacy,
    tasks,
)
from bot.api.keys import authenticate, record_use
from bot.api.problems import protect, register

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(authenticate)
register(blueprint)
blueprint.after_request(protect)
blueprint.after_request(record_use)
for resource in (
    loans,
    bulk_loans,
    ledger,
    adjustments,
    holds,
    documents,
    offers,
    payments,
    borrowers,
    contacts,
    conversations,
    outreach,
    pages,
    privacy,
    tasks,
    events,
    features,
    metrics,
    openapi,
):
    resource.add_to(blueprint)
