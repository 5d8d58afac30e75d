"""What waits for a person, oldest first."""

from flask import Blueprint, Response
from sqlalchemy import select

from bot.api.requests import cursor, limit, page
from bot.web import services
from bot.webhooks import task_body
from models import loan_table, read_tx, task_table


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tasks", view_func=list_tasks)


def list_tasks() -> Response:
    most, after = limit(), cursor()
    query = (
        select(task_table, loan_table.c.external_id.label("loan"))
        .outerjoin(loan_table, loan_table.c.id == task_table.c.loan_id)
        .where(task_table.c.done_at.is_(None), task_table.c.kind != "note", task_table.c.id > after)
        .order_by(task_table.c.id)
        .limit(most + 1)
    )
    with read_tx(services().engine) as connection:
        rows = connection.execute(query).all()
    shown = [task_body(row) for row in rows[:most]]
    return page("tasks", shown, rows[most - 1].id if len(rows) > most else None)
