"""The first page: what is owed and agreed, how to pay, what was sent, and what can be done."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, select

from bot.documents import documents_of, documents_of_closed
from bot.pages.barcodes import bar_code
from bot.pages.guard import Visit
from bot.pages.identity_files import lacking
from flows.offers.arithmetic import propose_plans, settlement, situation_of
from flows.types.facts import LoanFacts, PlanPartFacts
from models import borrower_table, message_table, read_tx
from values import bank_name

MOST_MESSAGES = 20
WINDOWS = {"morning": ["07:00", "12:00"], "afternoon": ["12:00", "19:00"], "evening": ["18:00", "22:00"]}
"""The hours that may be asked for on the page."""
DONE = ("reported", "agreed", "cancelled", "disputed", "preferred", "stopped", "resumed", "account")
REFUSED = ("bad_file", "bad_amount", "nothing_chosen", "changed", "refused")
"""Each has its words: `pages.done_<name>`."""


def home(visit: Visit) -> Response:
    return first_page(visit, request.args.get("done", ""))


def first_page(visit: Visit, done: str, status: int = HTTPStatus.OK) -> Response:
    """With a word of what was done, or why a form on it is refused."""
    with read_tx(visit.services.engine) as connection:
        papers = {loan.id: documents_of(connection, loan.id) for loan in visit.person.loans}
        closed = documents_of_closed(connection, visit.person.id)
        sent = connection.execute(
            select(message_table.c.body, message_table.c.sent_at, message_table.c.channel)
            .where(
                message_table.c.borrower_id == visit.person.id,
                message_table.c.direction == "out",
                message_table.c.status.in_(("sent", "delivered", "read")),
            )
            .order_by(message_table.c.id.desc())
            .limit(MOST_MESSAGES)
        ).all()
        wishes = _wishes(connection, visit.person.id)
    return visit.page(
        "home",
        status,
        person=visit.person,
        loans=[_shown(visit, loan) for loan in visit.person.loans],
        papers=papers,
        closed=closed,
        windows=WINDOWS,
        wishes=wishes,
        sent=[row for row in sent if row.sent_at is not None],
        done=done if done in (*DONE, *REFUSED) else "",
        refused=done in REFUSED,
    )


def _wishes(connection: Connection, borrower_id: int) -> dict[str, str | None]:
    """`window`, null where the hours are none of `WINDOWS`, and `channel`: as they were last asked for."""
    person = borrower_table.c
    row = connection.execute(
        select(person.preferred_channel, person.preferred_from, person.preferred_until).where(
            person.id == borrower_id
        )
    ).one()
    hours = [row.preferred_from, row.preferred_until]
    window = next((name for name, each in WINDOWS.items() if each == hours), None)
    return {"window": window, "channel": row.preferred_channel}


def _shown(visit: Visit, loan: LoanFacts) -> dict[str, Any]:
    today, policy = visit.facts.today, visit.facts.policy.offers
    clabe = loan.pay_clabe or visit.facts.lender.pay_clabe
    situation = situation_of(loan, today, policy)
    return {
        "loan": loan,
        "due": loan.due_by(today),
        "part": _next_part(loan, today),
        "total": loan.outstanding.total,
        "next": loan.next_due,
        "clabe": clabe,
        "files": lacking(visit, loan),
        "bar_code": bar_code(loan.cash_reference),
        "bank": bank_name(clabe[:3]) or visit.facts.lender.pay_bank,
        "offers": bool(propose_plans(policy, situation)) or settlement(policy, situation) is not None,
    }


def _next_part(loan: LoanFacts, today: date) -> PlanPartFacts | None:
    """What an agreement asks for next, where it covers all that is due."""
    if loan.plan is None:
        return None
    covered = all(i.due_date <= loan.plan.covers_until for i in loan.instalments if i.due_date <= today)
    return loan.plan.next_part if covered else None
