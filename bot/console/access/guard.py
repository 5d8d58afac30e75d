"""Checks before every page: a session with its lifetimes, a token in every form, the role; and the
headers after it.
"""

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, Response, abort, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf, validate_csrf
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from bot.clock import system_now
from bot.console.access import accounts
from bot.console.access.second_factor import is_required
from bot.web import UPLOADS, services
from models.base import AnyRow

IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)
"""A page that only asks for news does not count as use."""
OPEN = frozenset({"console.login", "console.language", "console.static"})
READERS_POST = frozenset(
    {
        "console.login",
        "console.logout",
        "console.language",
        "console.search",
        "console.set_up_code",
        "console.presence_live",
        "console.save_view",
        "console.delete_view",
    }
)
"""What changes nothing: an auditor may do these."""
ACTORS = frozenset({"agent", "supervisor", "manager", "admin"})
MANAGERS = frozenset({"manager", "admin"})
WITHOUT_CODE = frozenset({"console.set_up_code", "console.logout", "console.language", "console.static"})
"""What may be done before a required second factor is set up."""
LEADERS_ONLY = frozenset(
    {
        "console.audit_trail",
        "console.audit_file",
        "console.today",
        "console.today_live",
        "console.experiments",
        "console.experiments_file",
        "console.experiment_behind",
        "console.experiment_file",
        "console.team",
        "console.rules",
        "console.new_rule",
        "console.rule",
        "console.edit_rule",
        "console.proposal",
    }
)
"""Pages about everybody's work."""
MOST_BYTES = 64 * 1024
"""Of a form: the longest text is a reply of 1,500 characters."""
LONG_TEXTS = {"console.propose_rule": 500_000}
"""Views that take more, in bytes: topics with all their examples."""
LEADERS = frozenset({"supervisor", "manager", "admin"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class ConsoleSessions(SecureCookieSessionInterface):
    """Only the console's pages have a session: a webhook neither reads a cookie nor waits for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return (
            super().open_session(app, request) if request.path.startswith(self.get_cookie_path(app)) else None
        )


def register(blueprint: Blueprint) -> None:
    blueprint.before_request(check)
    blueprint.after_request(protect)


def enter(agent: AnyRow) -> None:
    """A fresh session: nothing from before the log-in is kept but the language."""
    kept = session.get("locale")
    session.clear()
    now = system_now()
    session.update(
        {
            "token": accounts.begin_session(services(), agent.id, now),
            "began": int(now.timestamp()),
            "seen": int(now.timestamp()),
        }
        | ({"locale": kept} if kept else {})
    )


def leave() -> None:
    """Ends the session itself: a copy of its cookie opens nothing."""
    if "token" in session:
        accounts.end_session(services(), session["token"], system_now())
    session.clear()


def check() -> AnyResponse | None:
    """Who it is; then, for what changes something, the form's token and the role."""
    g.agent = _present() if request.endpoint != "console.static" else None
    if g.agent is None and request.endpoint not in OPEN:
        if (request.endpoint or "").endswith("live") or by_script():
            return Response(status=HTTPStatus.UNAUTHORIZED)
        return redirect(url_for("console.login", next=asked_for()))
    if request.method == "POST":
        most = LONG_TEXTS.get(request.endpoint or "", MOST_BYTES)
        request.max_content_length = UPLOADS.get(request.path, most)
        try:
            validate_csrf(request.form.get("csrf"), time_limit=int(ABSOLUTE.total_seconds()))
        except ValidationError:
            abort(HTTPStatus.BAD_REQUEST)
        if request.endpoint not in READERS_POST and not may_act(g.agent):
            abort(HTTPStatus.FORBIDDEN)
    if _lacks_second_factor(g.agent):
        return redirect(url_for("console.set_up_code"))
    if request.endpoint in LEADERS_ONLY and not may_see_all(g.agent):
        abort(HTTPStatus.FORBIDDEN)
    return None


def _lacks_second_factor(agent: AnyRow | None) -> bool:
    """Whether nothing else may be done before the code is set up."""
    if agent is None or agent.code_salt is not None or request.endpoint in WITHOUT_CODE:
        return False
    return is_required(services(), agent)


def by_script() -> bool:
    """Whether the page's own script asks: it lets the agent log in where they are."""
    return request.headers.get("X-Requested-With") == "fetch"


def asked_for() -> str | None:
    """The page to return to after the log-in, where it is another than the first."""
    path = request.full_path.rstrip("?")
    return path if request.method == "GET" and request.endpoint != "console.home" else None


def here() -> str:
    """The page that is read: itself, or where the form stood that it answers."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    from_page = urlsplit(request.referrer or "")
    return from_page.path + (f"?{from_page.query}" if from_page.query else "")


def is_ours(path: str) -> bool:
    """Whether it leads to a page of the console and nobody else's."""
    return bool(re.fullmatch(r"/console/[\w/?=&%.,:~+-]*", path)) and "//" not in path


def may_act(agent: Row[tuple[object, ...]] | AnyRow | None) -> bool:
    return agent is not None and agent.role in ACTORS


def may_lead(agent: AnyRow) -> bool:
    """Whether this one may take a conversation from another."""
    return agent.role in LEADERS


def may_manage(agent: AnyRow) -> bool:
    """Whether this one may load and take back a tape."""
    return agent.role in MANAGERS


def may_see_all(agent: AnyRow | None) -> bool:
    """Whether the day's figures are this one's to read."""
    return agent is not None and agent.role in LEADERS | {"auditor"}


def token() -> str:
    made: str = generate_csrf()
    return made


def protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "console.static":
        response.headers["Cache-Control"] = "no-store"
    if services().settings.public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _present() -> AnyRow | None:
    """The agent of a session that is neither ended, nor too old, nor idle."""
    if "token" not in session:
        return None
    now = system_now()
    began, seen = (datetime.fromtimestamp(session.get(name, 0), now.tzinfo) for name in ("began", "seen"))
    fresh = now - began < ABSOLUTE and now - seen < IDLE
    agent = accounts.by_session(services(), session["token"]) if fresh else None
    if agent is None:
        session.clear()
        return None
    if not (request.endpoint or "").endswith("live") and now - seen > timedelta(minutes=1):
        session["seen"] = int(now.timestamp())
    return agent
