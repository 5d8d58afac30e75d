"""Tasks for a person: what happened, what to do, and by whom it was done."""

from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from sqlalchemy import Connection, or_, select, update
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.access import guard
from bot.console.agents import cases
from bot.console.agents.board import Board, counted
from bot.console.agents.conversation import bounded, page
from bot.console.formatting import named, text
from bot.handoff import ClosedBefore, NotYours, UnknownOutcome, close_case, outcomes
from bot.money import NotACandidate, NotInReview, lock_loan
from bot.money import decide as decide_report
from bot.offers import BorrowerUnknown, NoSuchApproval, OfferOver, approve_offer
from bot.web import services
from models import agent_name, agent_table, loan_table, read_tx, task_table, write_tx

OPEN = cases.page("open", 0)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tasks", view_func=tasks)
    blueprint.add_url_rule("/tasks/live", view_func=tasks_live)
    blueprint.add_url_rule("/tasks/<int:task_id>/done", view_func=finish, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/take", "take_task", take, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/decide", view_func=decide, methods=["POST"])
    blueprint.add_url_rule("/tasks/<int:task_id>/approve", view_func=approve, methods=["POST"])


def tasks() -> str:
    return _page()


def _page(alert: str = "") -> str:
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
    """Whoever is first did it, with what came of it; who comes later reads by whom."""
    outcome, notified = request.form.get("outcome", "solved"), "notified" in request.form
    now, actor = services().clock.now(), f"agent:{g.agent.id}"
    try:
        with write_tx(services().engine) as connection:
            close_case(connection, task_id, outcome, notified=notified, now=now, actor=actor)
    except NoResultFound:
        abort(HTTPStatus.NOT_FOUND)
    except UnknownOutcome:
        abort(HTTPStatus.BAD_REQUEST)
    except ClosedBefore:
        return _too_late(task_id)
    return _back()


def take(task_id: int) -> AnyResponse:
    """Makes a case one's own, or gives it up again. What somebody has, a supervisor may take."""
    row = task_table.c
    free = or_(row.agent_id.is_(None), row.agent_id == g.agent.id)
    owner = None if "free" in request.form else g.agent.id
    with write_tx(services().engine) as connection:
        taken = connection.execute(
            update(task_table)
            .where(row.id == task_id, row.done_at.is_(None), *([] if guard.may_lead(g.agent) else [free]))
            .values(agent_id=owner)
        )
    return _back() if taken.rowcount else _too_late(task_id)


def decide(task_id: int) -> AnyResponse:
    """Whether a reported payment is one that is known, or other money; who comes later reads by whom."""
    same_as = request.form.get("same_as", type=int)
    now, actor = services().clock.now(), f"agent:{g.agent.id}"
    case = select(task_table.c.data, loan_table.c.external_id).join(loan_table)
    try:
        with write_tx(services().engine) as connection:
            found = connection.execute(
                case.where(task_table.c.id == task_id, task_table.c.kind == "same_money")
            ).first()
            if found is None:
                abort(HTTPStatus.NOT_FOUND)
            lock_loan(connection, found.external_id)
            decide_report(connection, found.data["report"], same_as, now, actor)
            done = {"outcome": "solved", "agent_id": g.agent.id}
            connection.execute(update(task_table).where(task_table.c.id == task_id).values(**done))
    except (NotInReview, NotACandidate):
        return _back() if _done_by(task_id) == actor else _too_late(task_id)
    return _back()


def _done_by(task_id: int) -> str | None:
    with read_tx(services().engine) as connection:
        return connection.scalar(select(task_table.c.done_by).where(task_table.c.id == task_id))


def _too_late(task_id: int) -> AnyResponse:
    """The list, with who did it or has it."""
    row = task_table.c
    with read_tx(services().engine) as connection:
        query = select(row.done_by, row.outcome, row.agent_id).where(row.id == task_id)
        case = connection.execute(query).first() or abort(HTTPStatus.NOT_FOUND)
        names = _names(connection)
    if case.done_by is None:
        alert = text("task_has", agent=names.get(f"agent:{case.agent_id}", ""))
    else:
        who = names.get(case.done_by) or named("actor", case.done_by.split(":")[0])
        alert = text("task_closed_by", agent=who, outcome=named("task_outcome", case.outcome or "solved"))
    return Response(_page(alert), HTTPStatus.CONFLICT)


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
    except OfferOver as error:
        alert = f"approve_{error.why}"
    except NotYours:
        alert = "approve_held"
    except NoSuchApproval:
        alert = "" if _done_by(task_id) == f"agent:{g.agent.id}" else "approve_done"
    if not alert:
        return (
            _back() if listed else redirect(url_for("console.conversation", conversation_id=conversation_id))
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return Response(_page(text(alert)), status) if listed else page(conversation_id, status, alert=alert)


def _shown(connection: Connection) -> dict[str, Any]:
    queue, after = request.args.get("queue", "open"), request.args.get("after", default=0, type=bounded)
    queue, after = queue if queue in cases.QUEUES else "open", max(after, 0)
    asked = cases.by_deadline if queue == "deadline" else partial(cases.page, queue)
    rows = connection.execute(asked(g.agent.id, after)).all()
    more, rows = len(rows) > cases.PAGE, rows[: cases.PAGE]
    return {
        "queue": queue,
        "queues": cases.QUEUES,
        "counts": cases.counts(connection, g.agent.id),
        "rows": rows,
        "after": (after + cases.PAGE if queue == "deadline" else rows[-1].id) if more else None,
        "charges": cases.charges(connection, rows),
        "taken_back": cases.taken_back(connection, rows),
        "names": _names(connection),
        "outcomes": outcomes,
        "may_lead": guard.may_lead(g.agent),
    }


def _names(connection: Connection) -> dict[str, str]:
    """Of those who act, by how the books name them."""
    agents = connection.execute(select(agent_table.c.id, agent_name))
    return {f"agent:{number}": name for number, name in agents}
