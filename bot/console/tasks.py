"""Tasks for a person: what happened, what to do, and by whom it was done."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, url_for
from sqlalchemy import Connection, select, update
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.board import Board, counted
from bot.handoff import NotYours
from bot.money import payment_not_found
from bot.offers import NoSuchApproval, approve_offer
from bot.web import services
from models import agent_table, loan_table, read_tx, task_table, write_tx
from models.base import AnyRow

MOST, MOST_DONE = 100, 20
_ROWS = select(task_table, loan_table.c.external_id.label("loan")).outerjoin(
    loan_table, loan_table.c.id == task_table.c.loan_id
)
OPEN = _ROWS.where(task_table.c.done_at.is_(None)).order_by(task_table.c.created_at).limit(MOST)
_DONE = (
    _ROWS.where(task_table.c.done_at.is_not(None), task_table.c.kind != "note")
    .order_by(task_table.c.id.desc())
    .limit(MOST_DONE)
)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tasks", view_func=tasks)
    blueprint.add_url_rule("/tasks/live", view_func=tasks_live)
    blueprint.add_url_rule("/tasks/<int:task_id>/done", view_func=finish, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/approve", view_func=approve, methods=["POST"])


def tasks() -> str:
    with read_tx(services().engine) as connection:
        return render_template("console/tasks.html", board=counted(connection, g.agent), **_shown(connection))


def tasks_live() -> Response:
    with read_tx(services().engine) as connection:
        found: Board = counted(connection, g.agent)
        listed = _shown(connection)
    version = (found.version, [row.id for row in listed["open"]], [row.id for row in listed["done"]])
    return polling.respond(version, lambda: render_template("console/tasks_live.html", board=found, **listed))


def finish(task_id: int) -> AnyResponse:
    """Whoever is first did it. A reported payment whose money has not come is closed as not found."""
    with write_tx(services().engine) as connection:
        now, actor = services().clock.now(), f"agent:{g.agent.id}"
        done = connection.execute(
            update(task_table)
            .where(task_table.c.id == task_id, task_table.c.done_at.is_(None))
            .values(done_at=now, done_by=actor)
            .returning(task_table.c.kind, task_table.c.loan_id)
        ).first()
        if done is not None and done.kind == "payment_reported" and done.loan_id is not None:
            payment_not_found(connection, done.loan_id, now, actor)
    return redirect(url_for("console.tasks"))


def approve(task_id: int) -> AnyResponse:
    """The offer of a case is read back to its borrower; the conversation shows how it goes on."""
    try:
        conversation_id = approve_offer(services(), task_id, g.agent.id)
    except (NoSuchApproval, NotYours):
        return redirect(url_for("console.tasks"))
    return redirect(url_for("console.conversation", conversation_id=conversation_id))


def _shown(connection: Connection) -> dict[str, Any]:
    waiting = connection.execute(OPEN).all()
    done: Sequence[AnyRow] = connection.execute(_DONE).all()
    names = {
        f"agent:{key}": name for key, name in connection.execute(select(agent_table.c.id, agent_table.c.name))
    }
    return {"open": waiting, "done": done, "names": names}
