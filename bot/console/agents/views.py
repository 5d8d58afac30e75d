"""Queues with their filters that an agent keeps by a name."""

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, request, url_for
from sqlalchemy import delete, func, insert, select
from werkzeug.wrappers import Response as AnyResponse

from bot.console.agents import home, queues
from bot.console.formatting import text
from bot.web import services
from models import saved_view_table, write_tx

MOST = 20
KEPT = ("queue", "channel", "urgency", "reason")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/views", view_func=save_view, methods=["POST"])
    blueprint.add_url_rule("/views/<int:view_id>/delete", view_func=delete_view, methods=["POST"])


def save_view() -> AnyResponse | tuple[str, HTTPStatus]:
    """The one of that name is replaced; beyond `MOST` none is kept, and the agent is told so."""
    name = " ".join(request.form.get("name", "").split())[:40]
    if not name:
        return home.refused(text("view_no_name"))
    asked = {each: request.form[each][:40] for each in KEPT if request.form.get(each)}
    if asked.get("queue") not in (None, *queues.NAMES):
        del asked["queue"]
    row = saved_view_table.c
    mine = row.agent_id == g.agent.id
    with write_tx(services().engine) as connection:
        others = select(func.count()).select_from(saved_view_table).where(mine, row.name != name)
        if (connection.scalar(others) or 0) >= MOST:
            return home.refused(text("views_full", most=MOST))
        connection.execute(delete(saved_view_table).where(mine, row.name == name))
        connection.execute(insert(saved_view_table).values(agent_id=g.agent.id, name=name, asked=asked))
    address = url_for("console.home")
    return redirect(f"{address}?{urlencode(asked)}" if asked else address, HTTPStatus.SEE_OTHER)


def delete_view(view_id: int) -> AnyResponse:
    row = saved_view_table.c
    with write_tx(services().engine) as connection:
        connection.execute(delete(saved_view_table).where(row.id == view_id, row.agent_id == g.agent.id))
    return redirect(url_for("console.home"), HTTPStatus.SEE_OTHER)
