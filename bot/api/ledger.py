"""A loan's ledger, oldest first."""

from collections import defaultdict

from flask import Blueprint, Response
from sqlalchemy import select

from bot.api.loans import find
from bot.api.requests import cursor, limit, page
from bot.web import services
from bot.webhooks import entry_body
from models import ledger_entry_table, posting_table, read_tx
from models.base import AnyRow


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<id:external_id>/ledger", view_func=get_ledger)


def get_ledger(external_id: str) -> Response:
    most, after = limit(1000), cursor()
    with read_tx(services().engine) as connection:
        loan = find(connection, external_id)
        entries = connection.execute(
            select(ledger_entry_table)
            .where(ledger_entry_table.c.loan_id == loan.id, ledger_entry_table.c.seq > after)
            .order_by(ledger_entry_table.c.seq)
            .limit(most + 1)
        ).all()
        legs: dict[int, list[AnyRow]] = defaultdict(list)
        if entries:
            query = (
                select(posting_table)
                .where(posting_table.c.entry_id.in_([row.id for row in entries]))
                .order_by(posting_table.c.id)
            )
            for leg in connection.execute(query):
                legs[leg.entry_id].append(leg)
    shown = [entry_body(row, legs[row.id]) for row in entries[:most]]
    return page("entries", shown, entries[most - 1].seq if len(entries) > most else None)
