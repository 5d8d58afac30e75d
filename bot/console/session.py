"""In and out: log in, log out, the language of the pages."""

import re
from http import HTTPStatus

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console import guard, throttle
from bot.console.accounts import checked
from bot.console.formatting import LANGUAGES
from bot.web import services
from models.base import AnyRow

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | AnyResponse

DEVICE = "acuerdo_device"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
    blueprint.add_url_rule("/logout", view_func=logout, methods=["POST"])
    blueprint.add_url_rule("/language", view_func=language, methods=["POST"])


def login() -> Page:
    if request.method == "GET":
        return (
            redirect(_wanted_page(g.agent))
            if g.agent
            else render_template("console/login.html", error=None, email="")
        )
    email, password = request.form.get("email", "")[:254], request.form.get("password", "")
    address = throttle.client_address(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
    try:
        made = throttle.attempt(services(), email, address, request.cookies.get(DEVICE, ""))
    except throttle.TooMany as error:
        page = render_template(
            "console/login.html", error="locked", minutes=-(-error.seconds // 60), email=email
        )
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(error.seconds)}
    agent = checked(services(), email, password)
    if agent is None:
        throttle.count(services(), "failed")
        return render_template("console/login.html", error="wrong", email=email), HTTPStatus.UNAUTHORIZED
    throttle.forgive(services(), made)
    throttle.count(services(), "succeeded")
    guard.enter(agent)
    return _remembered(redirect(_wanted_page(agent)), agent.email)


def _wanted_page(agent: AnyRow) -> str:
    """Where the log-in was asked for: a page of the console and of nobody else's. Else the role's first."""
    wanted = request.args.get("next", "")
    ours = re.fullmatch(r"/console/[\w/?=&%.-]*", wanted) and "//" not in wanted
    return wanted if ours and not wanted.startswith("/console/login") else _first_page(agent)


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
    return redirect(url_for("console.home"))
