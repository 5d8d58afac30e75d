"""The blueprint and the resources on it."""

from flask import Blueprint

from bot.console import assets, formatting, polling
from bot.console.access import guard, seen, session
from bot.console.agents import (
    actions,
    acts,
    attachments,
    background,
    conversation,
    entries,
    files,
    home,
    ledger,
    presence,
    review,
    search,
    tasks,
    views,
)
from bot.console.managers import (
    audit_trail,
    before_after,
    drill,
    experiments,
    reports,
    revisions,
    tapes,
    team,
    today,
)

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
guard.register(blueprint)
seen.register(blueprint)
formatting.register(blueprint)
entries.register(blueprint)
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
    attachments,
    tapes,
    team,
    views,
    before_after,
    reports,
    drill,
    experiments,
):
    resource.add_to(blueprint)
