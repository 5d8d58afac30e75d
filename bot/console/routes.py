"""The blueprint and the resources on it."""

from flask import Blueprint

from bot.console import (
    actions,
    acts,
    assets,
    audit_trail,
    background,
    before_after,
    conversation,
    drill,
    files,
    formatting,
    guard,
    home,
    ledger,
    polling,
    presence,
    reports,
    review,
    revisions,
    search,
    seen,
    session,
    tapes,
    tasks,
    team,
    today,
    views,
)

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
guard.register(blueprint)
seen.register(blueprint)
formatting.register(blueprint)
for resource in (
    assets,
    session,
    home,
    today,
    polling,
    presence,
    conversation,
    actions,
    acts,
    background,
    audit_trail,
    tasks,
    review,
    revisions,
    search,
    ledger,
    files,
    tapes,
    team,
    views,
    revisions,
    before_after,
    reports,
    drill,
):
    resource.add_to(blueprint)
