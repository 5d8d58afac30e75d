"""Who is on the team: at the desk now, with how many conversations, how much they may be given, and when."""

from collections.abc import Sequence
from datetime import datetime, time
from http import HTTPStatus

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import accounts, guard
from bot.console.agents.board import counted
from bot.handoff import HELD, is_at_the_desk
from bot.web import services
from models import agent_table, conversation_table, message_table, read_tx
from models.base import AnyRow
from values import CITY, city_day

MOST_CAPACITY = 200
DONE = ("saved", "ended")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/team", view_func=team)
    blueprint.add_url_rule("/team/<int:agent_id>", "team_workload", workload, methods=["POST"])
    blueprint.add_url_rule("/team/<int:agent_id>/sessions", "team_sessions", end_sessions, methods=["POST"])


def team() -> str:
    return _page()


def _page(wrong: str = "") -> str:
    with read_tx(services().engine) as connection:
        return render_template(
            "console/team.html",
            board=counted(connection, g.agent),
            rows=_everyone(connection, services().clock.now()),
            may_lead=guard.may_lead(g.agent),
            may_manage=guard.may_manage(g.agent),
            wrong=wrong,
            done=done if (done := request.args.get("done", "")) in DONE else "",
            who=request.args.get("who", type=int),
        )


def workload(agent_id: int) -> AnyResponse:
    """How many conversations are given to this one, and within which hours."""
    _require(guard.may_lead(g.agent))
    form = request.form
    try:
        capacity = int(form["capacity"]) if form.get("capacity") else None
        hours = [_hour(form.get(name, "")) for name in ("works_from", "works_until")]
    except ValueError:
        return _refused()
    start, end = hours
    if (capacity is not None and not 0 < capacity <= MOST_CAPACITY) or (start and end and start >= end):
        return _refused()
    actor = f"agent:{g.agent.id}"
    try:
        accounts.set_workload(services(), agent_id, capacity, start, end, actor)
    except accounts.UnknownAgent:
        abort(HTTPStatus.NOT_FOUND)
    return _back("saved", agent_id)


def end_sessions(agent_id: int) -> AnyResponse:
    """Logs somebody out everywhere."""
    _require(guard.may_manage(g.agent))
    agent = accounts.enabled_agent(services(), agent_id) or abort(HTTPStatus.NOT_FOUND)
    accounts.end_sessions(services(), agent.email, f"agent:{g.agent.id}")
    return _back("ended", agent_id)


def _back(done: str, agent_id: int) -> AnyResponse:
    """To the team, with a word of what was done and to whom."""
    return redirect(url_for("console.team", done=done, who=agent_id), HTTPStatus.SEE_OTHER)


def _require(allowed: bool) -> None:
    if not allowed:
        abort(HTTPStatus.FORBIDDEN)


def _refused() -> AnyResponse:
    return Response(_page("team_wrong"), HTTPStatus.UNPROCESSABLE_ENTITY)


def _hour(text: str) -> str | None:
    """Raises ValueError."""
    return time.fromisoformat(text).strftime("%H:%M") if text else None


def _everyone(connection: Connection, now: datetime) -> Sequence[AnyRow]:
    """With what each holds, and has answered today."""
    agent, today = agent_table.c, datetime.combine(city_day(now), time(), CITY)
    held = (
        select(func.count())
        .select_from(conversation_table)
        .where(HELD, conversation_table.c.agent_id == agent.id)
        .scalar_subquery()
    )
    written = (
        select(message_table.c.agent_id, func.count().label("number"))
        .where(message_table.c.sent_at >= today, message_table.c.author == "agent")
        .group_by(message_table.c.agent_id)
        .subquery()
    )
    return connection.execute(
        select(
            agent_table,
            held.label("held"),
            func.coalesce(written.c.number, 0).label("answered"),
            is_at_the_desk(now).label("here"),
        )
        .outerjoin(written, written.c.agent_id == agent.id)
        .where(agent.disabled_at.is_(None))
        .order_by(agent.role, agent.name, agent.email)
    ).all()
