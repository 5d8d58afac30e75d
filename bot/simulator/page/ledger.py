"""The loan's ledger: its entries with their postings, and whether the chain holds."""

from collections import defaultdict
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, select

from bot.simulator.page.service import answer, blueprint, local
from bot.web import services
from models import ledger_entry_table, posting_table, read_tx
from models.ledger import verify

MOST = 200
"""Entries shown, the newest."""


def entries(connection: Connection, loan_id: int) -> list[dict[str, Any]]:
    """The newest first."""
    rows = connection.execute(
        select(ledger_entry_table)
        .where(ledger_entry_table.c.loan_id == loan_id)
        .order_by(ledger_entry_table.c.seq.desc())
        .limit(MOST)
    ).all()
    legs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry, account, amount in connection.execute(
        select(posting_table.c.entry_id, posting_table.c.account, posting_table.c.amount)
        .where(posting_table.c.entry_id.in_([row.id for row in rows]))
        .order_by(posting_table.c.id)
    ):
        legs[entry].append({"account": account, "amount": amount})
    return [
        {
            "seq": row.seq,
            "kind": row.kind,
            "at": local(row.at),
            "actor": row.actor,
            "data": row.data,
            "hash": row.hash,
            "postings": legs[row.id],
        }
        for row in rows
    ]


@blueprint.get("/verify")
def verified() -> Response:
    """Verifies the loan's chain and balances: how many entries hold, or the first that does not."""
    with read_tx(services().engine) as connection:
        fault = next(verify(connection, request.args.get("loan", "")), None)
    return answer(fault={"seq": fault.seq, "what": fault.what} if fault else None)
