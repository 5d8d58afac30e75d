"""Tasks for a person: what happened, what to do, and by whom it was done."""

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from sqlalchemy import Connection, or_, select, update
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.access import guard
from bot.console.agents import cases
from bot.console.agents.board import Board, counted
from bot.console.agents.conversation import bounded, page
from bot.handoff import NotYours, UnknownOutcome, close_case, outcomes
from bot.money import NotACandidate, NotInReview, lock_loan
from bot.money import decide as decide_report
from bot.offers import BorrowerUnknown, NoSuchApproval, approve_offer
from bot.web import services
from models import agent_table, loan_table, read_tx, task_table, write_tx

OPEN = cases.page("open", 0)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tasks", view_func=tasks)
    blueprint.add_url_rule("/tasks/live", view_func=tasks_live)
    blueprint.add_url_rule("/tasks/<int:task_id>/done", view_func=finish, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/take", "take_task", take, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/decide", view_func=decide, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/approve", view_func=approve, methods=["POST"])


def tasks(alert: str = "") -> str:
    with read_tx(services().engine) as connection:
        board, shown = counted(connection, g.agent), _shown(connection)
    return render_template("console/tasks.html", board=board, alert=alert, **shown)


def tasks_live() -> Response:
    with read_tx(services().engine) as connection:
        found: Board = counted(connection, g.agent)
        listed = _shown(connection)
    rows = [(row.id, row.agent_id, row.done_at) for row in listed["rows"]]
    version = (found.version, listed["queue"], listed["counts"], rows)
    return polling.respond(version, lambda: render_template("console/tasks_live.html", board=found, **listed))


def finish(task_id: int) -> AnyResponse:
    """Whoever is first did it, with what came of it."""
    outcome, notified = request.form.get("outcome", "solved"), "notified" in request.form
    now, actor = services().clock.now(), f"agent:{g.agent.id}"
    try:
        with write_tx(services().engine) as connection:
            close_case(connection, task_id, outcome, notified=notified, now=now, actor=actor)
    except UnknownOutcome:
        abort(HTTPStatus.BAD_REQUEST)
    return _back()


def take(task_id: int) -> AnyResponse:
    """Makes a case one's own, or gives it up again. What somebody has, a supervisor may take."""
    row = task_table.c
    free = or_(row.agent_id.is_(None), row.agent_id == g.agent.id)
    owner = None if "free" in request.form else g.agent.id
    with write_tx(services().engine) as connection:
        connection.execute(
            update(task_table)
            .where(row.id == task_id, row.done_at.is_(None), *([] if guard.may_lead(g.agent) else [free]))
            .values(agent_id=owner)
        )
    return _back()


def decide(task_id: int) -> AnyResponse:
    """Whether a reported payment is one that is known, or other money; nothing where it was decided."""
    same_as = request.form.get("same_as", type=int)
    now, actor = services().clock.now(), f"agent:{g.agent.id}"
    case = select(task_table.c.data, loan_table.c.external_id).join(loan_table)
    with write_tx(services().engine) as connection:
        found = connection.execute(
            case.where(task_table.c.id == task_id, task_table.c.kind == "same_money")
        ).first()
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        lock_loan(connection, found.external_id)
        with suppress(NotInReview, NotACandidate):
            decide_report(connection, found.data["report"], same_as, now, actor)
            connection.execute(
                update(task_table)
                .where(task_table.c.id == task_id)
                .values(outcome="solved", agent_id=g.agent.id)
            )
    return _back()


def _back() -> AnyResponse:
    queue = request.args.get("queue", "")
    return redirect(url_for("console.tasks", queue=queue if queue in cases.QUEUES[1:] else None))


def approve(task_id: int) -> AnyResponse:
    """The offer of a case is read back to its borrower. What is beyond the bot's and an agent's authority is
    a supervisor's. Approved in the list of cases, the list answers; else the conversation.
    """
    if not guard.may_lead(g.agent):
        abort(HTTPStatus.FORBIDDEN)
    case = select(task_table.c.conversation_id).where(task_table.c.id == task_id)
    with read_tx(services().engine) as connection:
        conversation_id = connection.scalar(case) or abort(HTTPStatus.NOT_FOUND)
    alert, listed = "", "queue" in request.args
    try:
        approve_offer(services(), task_id, g.agent.id)
    except BorrowerUnknown:
        alert = "approve_unknown"
    except NotYours:
        alert = "approve_held"
    except NoSuchApproval:
        alert = "approve_done"
    if not alert:
        return (
            _back() if listed else redirect(url_for("console.conversation", conversation_id=conversation_id))
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return Response(tasks(alert), status) if listed else page(conversation_id, status, alert=alert)


def _shown(connection: Connection) -> dict[str, Any]:
    queue, after = request.args.get("queue", "open"), request.args.get("after", default=0, type=bounded)
    queue, after = queue if queue in cases.QUEUES else "open", max(after, 0)
    asked = cases.by_deadline if queue == "deadline" else partial(cases.page, queue)
    rows = connection.execute(asked(g.agent.id, after)).all()
    more, rows = len(rows) > cases.PAGE, rows[: cases.PAGE]
    names = {
        f"agent:{row.id}": row.name or row.email
        for row in connection.execute(select(agent_table.c.id, agent_table.c.name, agent_table.c.email))
    }
    return {
        "queue": queue,
        "queues": cases.QUEUES,
        "counts": cases.counts(connection, g.agent.id),
        "rows": rows,
        "after": (after + cases.PAGE if queue == "deadline" else rows[-1].id) if more else None,
        "charges": cases.charges(connection, rows),
        "names": names,
        "outcomes": outcomes,
        "may_lead": guard.may_lead(g.agent),
    }
