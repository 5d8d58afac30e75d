"""The loan's ledger: its entries with their postings, and whether the chain holds."""

from collections import defaultdict
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, select

from bot.simulator.page.service import answer, blueprint, local
from bot.web import services
from models import LedgerEntry, Posting, reading
from models.ledger import verify

_E, _G = LedgerEntry.__table__, Posting.__table__
MOST = 200
"""Entries shown, the newest."""


def entries(connection: Connection, loan_id: int) -> list[dict[str, Any]]:
    """The newest first."""
    rows = connection.execute(select(_E).where(_E.c.loan_id == loan_id).order_by(_E.c.seq.desc()).limit(MOST)).all()
    legs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry, account, amount in connection.execute(
        select(_G.c.entry_id, _G.c.account, _G.c.amount).where(_G.c.entry_id.in_([row.id for row in rows])).order_by(_G.c.id)
    ):
        legs[entry].append({"account": account, "amount": amount})
    return [
        {"seq": row.seq, "kind": row.kind, "at": local(row.at), "actor": row.actor, "data": row.data, "hash": row.hash, "postings": legs[row.id]}
        for row in rows
    ]


@blueprint.get("/verify")
def verified() -> Response:
    """Walks the loan's chain and balances: how many entries hold, or the first that does not."""
    with reading(services().engine) as connection:
        fault = next(verify(connection, request.args.get("loan", "")), None)
    return answer(fault={"seq": fault.seq, "what": fault.what} if fault else None)
