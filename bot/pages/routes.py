"""The blueprint of the borrower's pages."""

from flask import Blueprint, Response, send_from_directory

from bot.files import MOST_BYTES
from bot.pages import account, acts, chat, download, home, identity, identity_files, papers
from bot.pages.guard import own, protect
from models.document import IDENTITY_FILES

blueprint = Blueprint("pages", __name__, url_prefix="/m", template_folder="templates")
blueprint.after_request(protect)

_GET, _POST = ["GET"], ["POST"]
_PAGES = (
    ("", home.home, _GET),
    ("/report", acts.report, _POST),
    ("/dispute", acts.dispute, _POST),
    ("/cancel-debit", acts.cancel_debit, _POST),
    ("/prefer", acts.prefer, _POST),
    ("/stop", acts.stop, _POST),
    ("/resume", acts.resume, _POST),
    ("/offers", acts.offers, _GET),
    ("/choose", acts.choose, _GET + _POST),
    ("/account", account.account, _GET),
    ("/give", account.give, _POST),
    ("/accept", account.accept, _POST),
    ("/chat", chat.chat, _GET),
    ("/chat", chat.write, _POST),
    ("/files", identity_files.files, _GET),
    ("/statement", papers.statement, _GET),
    ("/paper", papers.paper, _GET),
    ("/data.json", download.download, _GET),
)
for _path, _view, _methods in _PAGES:
    blueprint.add_url_rule(
        f"/<token>{_path}", view_func=own(_view), methods=_methods, endpoint=_view.__name__
    )
_give_files = own(identity_files.give_files, MOST_BYTES * len(IDENTITY_FILES) + MOST_BYTES)
blueprint.add_url_rule("/<token>/files", view_func=_give_files, methods=_POST)
blueprint.add_url_rule("/<token>/who", view_func=identity.ask, methods=["GET", "POST"])
blueprint.add_url_rule("/file/<token>.pdf", view_func=papers.file, methods=_GET)
blueprint.add_url_rule("/sent/<token>.<ending>", view_func=papers.sent, methods=_GET)
blueprint.add_url_rule("/<token>/check/<code>", view_func=papers.checked, methods=_GET)


@blueprint.get("/page.css")
def stylesheet() -> Response:
    return send_from_directory(f"{blueprint.root_path}/static", "page.css", max_age=3600)


@blueprint.get("/page.js")
def script() -> Response:
    return send_from_directory(f"{blueprint.root_path}/static", "page.js", max_age=3600)
