"""Tapes and files of payments: uploaded by who may act, shown as they would be loaded, confirmed and taken
back by a manager.
"""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.access import guard
from bot.console.agents.board import counted
from bot.console.formatting import fault, locale
from bot.faults import Fault
from bot.portfolio import (
    CannotUndo,
    GivenTape,
    NotWaiting,
    confirm_tape,
    error_text,
    give_tape,
    listed_tapes,
    may_undo,
    undo_load,
)
from bot.web import services
from models import agent_table, read_tx, tape_load_table

GOING_ON = ("uploaded", "confirmed")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tapes", view_func=tapes)
    blueprint.add_url_rule("/tapes/upload", view_func=upload, methods=["POST"])
    blueprint.add_url_rule("/tapes/<int:load_id>", view_func=tape)
    blueprint.add_url_rule("/tapes/<int:load_id>/live", view_func=tape_live)
    blueprint.add_url_rule("/tapes/<int:load_id>/confirm", view_func=confirm, methods=["POST"])
    blueprint.add_url_rule("/tapes/<int:load_id>/undo", view_func=undo, methods=["POST"])


def tapes(wrong: str | None = None) -> str:
    with read_tx(services().engine) as connection:
        return render_template(
            "console/tapes.html",
            board=counted(connection, g.agent),
            rows=listed_tapes(connection),
            names=_names(connection),
            wrong=wrong,
            may_load=guard.may_manage(g.agent),
        )


def upload() -> AnyResponse | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return tapes("tape_no_file"), HTTPStatus.UNPROCESSABLE_ENTITY
    mapping = request.files.get("mapping")
    try:
        text = mapping.read().decode("utf-8-sig") if mapping and mapping.filename else ""
        as_of = date.fromisoformat(request.form["as_of"]) if request.form.get("as_of") else None
    except ValueError:
        return tapes("tape_bad_form"), HTTPStatus.UNPROCESSABLE_ENTITY
    given = GivenTape(
        file.filename,
        file.read(),
        "console",
        f"agent:{g.agent.id}",
        text,
        as_of,
        request.form.get("complete") == "yes",
        "payments" if request.form.get("kind") == "payments" else "loans",
    )
    return redirect(url_for("console.tape", load_id=give_tape(services(), given)))


def tape(load_id: int) -> str:
    return render_template("console/tape.html", **_shown(load_id))


def tape_live(load_id: int) -> Response:
    shown = _shown(load_id)
    version = (shown["board"].version, shown["row"].status)
    return polling.respond(version, lambda: render_template("console/tape_live.html", **shown))


def confirm(load_id: int) -> AnyResponse:
    _managers_alone()
    try:
        confirm_tape(services(), load_id, f"agent:{g.agent.id}", accept=request.form.get("accept") == "yes")
    except NotWaiting:
        abort(HTTPStatus.CONFLICT)
    return redirect(url_for("console.tape", load_id=load_id))


def undo(load_id: int) -> AnyResponse:
    _managers_alone()
    try:
        undo_load(services(), load_id, f"agent:{g.agent.id}")
    except CannotUndo:
        abort(HTTPStatus.CONFLICT)
    return redirect(url_for("console.tape", load_id=load_id))


def _managers_alone() -> None:
    if not guard.may_manage(g.agent):
        abort(HTTPStatus.FORBIDDEN)


def _shown(load_id: int) -> dict[str, Any]:
    columns = [column for column in tape_load_table.c if column.name != "content"]
    with read_tx(services().engine) as connection:
        row = connection.execute(select(*columns).where(tape_load_table.c.id == load_id)).first()
        if row is None:
            abort(HTTPStatus.NOT_FOUND)
        found = counted(connection, g.agent)
        names = _names(connection)
    errors = [each | {"text": error_text(each, locale())} for each in (row.summary or {}).get("errors", ())]
    faults = [fault(Fault.from_json(each)) for each in (row.summary or {}).get("faults", ())]
    may_manage = guard.may_manage(g.agent)
    return {
        "faults": faults,
        "board": found,
        "row": row,
        "names": names,
        "errors": errors,
        "was_cut": any(each["fault"] == "cut" for each in errors),
        "going_on": row.status in GOING_ON,
        "may_load": may_manage,
        "may_undo": may_manage and row.status == "loaded" and may_undo(services(), load_id),
    }


def _names(connection: Any) -> dict[str, str]:
    """Actor → the name of the agent behind it."""
    agents = connection.execute(select(agent_table.c.id, agent_table.c.name, agent_table.c.email))
    return {f"agent:{row.id}": row.name or row.email for row in agents}
