"""In and out: log in, log out, the language of the pages."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.clock import system_now
from bot.console.access import accounts, guard, second_factor, throttle
from bot.console.access.accounts import checked
from bot.console.formatting import LANGUAGES
from bot.web import services
from models.base import AnyRow

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | AnyResponse

DEVICE, HALF = "acuerdo_device", "half"
HALF_SECONDS = 300
"""For which a right password waits for its code."""
CODES_SHOWN = timedelta(minutes=10)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
    blueprint.add_url_rule("/logout", view_func=logout, methods=["POST"])
    blueprint.add_url_rule("/second-factor", view_func=set_up_code, methods=["GET", "POST"])
    blueprint.add_url_rule("/second-factor/codes", view_func=recovery_codes)
    blueprint.add_url_rule("/language", view_func=language, methods=["POST"])


def login() -> Page:
    if request.method == "GET":
        return (
            redirect(_wanted_page(g.agent))
            if g.agent
            else render_template("console/login.html", error=None, email="")
        )
    if "code" in request.form:
        return _with_code()
    email, password = request.form.get("email", "")[:254], request.form.get("password", "")
    made = _attempt(email)
    if not isinstance(made, throttle.Attempt):
        return made
    agent = checked(services(), email, password)
    if agent is None:
        throttle.count(services(), "failed")
        return render_template("console/login.html", error="wrong", email=email), HTTPStatus.UNAUTHORIZED
    throttle.forgive(services(), made)
    if agent.code_salt is None:
        return _entered(agent)
    session[HALF] = {"agent": agent.id, "at": int(system_now().timestamp())}
    return _ask_code(None)


def _with_code() -> Page:
    """The second half of a log-in whose password was right."""
    half, now = session.get(HALF) or {}, system_now()
    agent = accounts.enabled_agent(services(), half.get("agent", 0))
    if agent is None or agent.code_salt is None or now.timestamp() - half.get("at", 0) > HALF_SECONDS:
        session.pop(HALF, None)
        return redirect(url_for("console.login", next=request.args.get("next") or None))
    made = _attempt(agent.email)
    if not isinstance(made, throttle.Attempt):
        return made
    if not second_factor.accept(services(), agent, request.form.get("code", "")[:20], now):
        throttle.count(services(), "failed")
        return _ask_code("wrong_code")
    throttle.forgive(services(), made)
    return _entered(agent)


def _attempt(email: str) -> throttle.Attempt | Page:
    """Counted; or the page that says how long to wait."""
    address = throttle.client_address(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
    try:
        return throttle.attempt(services(), email, address, request.cookies.get(DEVICE, ""))
    except throttle.TooMany as error:
        page = render_template(
            "console/login.html", error="locked", minutes=-(-error.seconds // 60), email=email
        )
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(error.seconds)}


def _ask_code(error: str | None) -> Page:
    return render_template("console/login_code.html", error=error), HTTPStatus.UNAUTHORIZED


def _entered(agent: AnyRow) -> AnyResponse:
    throttle.count(services(), "succeeded")
    guard.enter(agent)
    return _remembered(redirect(_wanted_page(agent)), agent.email)


def set_up_code() -> Page:
    """The agent's own second factor: shown to an app, and kept once the app's code is right. One that is set
    up is changed by its own code alone.
    """
    salt = session.setdefault("code_salt", second_factor.new_salt())
    wrong = False
    if request.method == "POST":
        code, now, made = request.form.get("code", "")[:20], system_now(), _attempt(g.agent.email)
        if not isinstance(made, throttle.Attempt):
            return made
        right = second_factor.is_right(services(), salt, code, now) and _has_device(g.agent, now)
        if right and second_factor.set_up(services(), g.agent, salt, code, now):
            throttle.forgive(services(), made)
            session.pop("code_salt")
            return redirect(url_for("console.recovery_codes"))
        wrong = True
    page = render_template(
        "console/second_factor.html",
        wrong=wrong,
        picture=second_factor.qr_code(services(), salt, g.agent.email),
        secret=second_factor.secret_text(services(), salt),
        required=second_factor.is_required(services(), g.agent),
        left=second_factor.recovery_left(g.agent) if g.agent.code_salt else None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _has_device(agent: AnyRow, now: datetime) -> bool:
    """Or needs none, because nothing is set up."""
    return agent.code_salt is None or second_factor.accept(
        services(), agent, request.form.get("current", "")[:20], now
    )


def recovery_codes() -> Page:
    """Shown for a while after the second factor was set up, and never again."""
    since = g.agent.code_since
    if since is None or services().clock.now() - since > CODES_SHOWN:
        return redirect(url_for("console.set_up_code"))
    codes = second_factor.recovery_codes(services(), g.agent.code_salt)
    return render_template("console/recovery_codes.html", codes=codes, onward=_first_page(g.agent))


def _wanted_page(agent: AnyRow) -> str:
    """Where the log-in was asked for: a page of the console and of nobody else's. Else the role's first."""
    wanted = request.args.get("next", "")
    ours = guard.is_ours(wanted) and not wanted.startswith("/console/login")
    return wanted if ours else _first_page(agent)


def _first_page(agent: AnyRow) -> str:
    return url_for("console.today" if guard.may_manage(agent) else "console.home")


def _remembered(response: AnyResponse, email: str) -> AnyResponse:
    """Marks this browser as one from which the agent has logged in."""
    response.set_cookie(
        DEVICE,
        throttle.device_mark(services(), email),
        max_age=throttle.DEVICE_DAYS * 24 * 3600,
        path="/console",
        httponly=True,
        samesite="Lax",
        secure=services().settings.public_url.startswith("https://"),
    )
    return response


def logout() -> AnyResponse:
    guard.leave()
    return redirect(url_for("console.login"))


def language() -> AnyResponse:
    if (wanted := request.form.get("locale", "")) in LANGUAGES:
        session["locale"] = wanted
    asked_on = request.form.get("next", "")
    return redirect(asked_on if guard.is_ours(asked_on) else url_for("console.home"), HTTPStatus.SEE_OTHER)
