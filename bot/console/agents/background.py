"""What stands behind a conversation, read when an agent unfolds it: why its borrower is written to, what
comes next, what happened.
"""

from http import HTTPStatus

from flask import Blueprint, abort, render_template
from sqlalchemy import Connection, select

from bot.console.agents import thread
from bot.outreach import explain
from bot.web import services
from models import borrower_table, contact_point_table, ledger_entry_table, loan_table, read_tx
from models.base import AnyRow

MOST = 20


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/conversations/<int:conversation_id>/background", view_func=background_live)


def background_live(conversation_id: int) -> str:
    """Of who proved to be writing; else of the first whom the tape reaches there."""
    with read_tx(services().engine) as connection:
        head = thread.head(connection, conversation_id)
        if head is None:
            abort(HTTPStatus.NOT_FOUND)
        person = _person(connection, head)
        entries = _entries(connection, person.id) if person else []
    explained = explain(services(), person.external_id) if person else None
    several = len({entry.loan for entry in entries}) > 1
    shown = {"explained": explained, "entries": entries, "several": several}
    return render_template("console/partials/background.html", **shown)


def _person(connection: Connection, head: AnyRow) -> AnyRow | None:
    reached = (
        select(borrower_table.c.id, borrower_table.c.external_id)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .where(contact_point_table.c.conversation_id == head.id)
        .order_by(contact_point_table.c.id)
    )
    people = connection.execute(reached).all()
    return next((row for row in people if row.id == head.borrower_id), people[0] if people else None)


def _entries(connection: Connection, borrower_id: int) -> list[AnyRow]:
    """The newest facts of all their loans."""
    entry = ledger_entry_table.c
    return list(
        connection.execute(
            select(entry.at, entry.kind, entry.data, loan_table.c.external_id.label("loan"))
            .join(loan_table, loan_table.c.id == entry.loan_id)
            .where(loan_table.c.borrower_id == borrower_id)
            .order_by(entry.at.desc(), entry.id.desc())
            .limit(MOST)
        )
    )
