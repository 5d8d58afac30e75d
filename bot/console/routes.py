"""The blueprint and the resources on it."""

from flask import Blueprint

from bot.console import conversation, desk, guard, home, ledger, review, search, session, tasks, words

blueprint = Blueprint(
    "console", __name__, url_prefix="/console", template_folder="templates", static_folder="static"
)
guard.register(blueprint)
words.register(blueprint)
for resource in (session, home, conversation, desk, tasks, review, search, ledger):
    resource.add_to(blueprint)
