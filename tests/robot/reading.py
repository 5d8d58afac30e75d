"""What the books hold about a household, read after each turn."""

from dataclasses import dataclass

from sqlalchemy import Connection, FromClause, Select, bindparam, select

from models import (
    bank_account_table,
    borrower_table,
    charge_table,
    conversation_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    message_table,
    plan_instalment_table,
    plan_table,
    promise_table,
    task_table,
)
from models.base import AnyRow
from tests.robot.household import Household
from tests.robot.seen import Books

_first = plan_instalment_table.alias("first_part")
_PLANS = select(plan_table, _first.c.due_date.label("first_day"), _first.c.amount.label("first_amount"))
_MANDATES = select(mandate_table, bank_account_table.c.last4).join(
    bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id
)


def _of_loans(query: Select[tuple[object, ...]], table: FromClause) -> Select[tuple[object, ...]]:
    """Of one loan or two: a list that is bound is expanded at every execution."""
    loan = table.c.id if table is loan_table else table.c.loan_id
    return query.where(loan.in_([bindparam("loan"), bindparam("second")])).order_by(table.c.id)


_BOOKS = (
    _of_loans(select(ledger_entry_table), ledger_entry_table),
    select(task_table).where(task_table.c.conversation_id == bindparam("conversation")),
    _of_loans(select(promise_table), promise_table),
    _of_loans(
        _PLANS.join(_first, (_first.c.plan_id == plan_table.c.id) & (_first.c.number == 1)), plan_table
    ),
    _of_loans(_MANDATES, mandate_table),
    _of_loans(select(charge_table), charge_table),
    _of_loans(select(loan_table), loan_table),
)
_OUT = (
    select(message_table)
    .where(
        message_table.c.conversation_id == bindparam("conversation"),
        message_table.c.id > bindparam("after"),
        message_table.c.direction == "out",
    )
    .order_by(message_table.c.id)
)
_HEAD = (
    select(conversation_table.c.handler, borrower_table.c.opted_out_at)
    .select_from(conversation_table)
    .join(borrower_table, borrower_table.c.id == bindparam("borrower"))
    .where(conversation_table.c.id == bindparam("conversation"))
)


@dataclass(frozen=True, slots=True)
class Records:
    handler: str
    opted_out: bool
    out: tuple[AnyRow, ...]
    """Messages to them that were queued since."""
    books: Books


def read(connection: Connection, household: Household, after: int) -> Records:
    """`after`: the id of the last message that was read before."""
    asked = {
        "borrower": household.borrower,
        "conversation": household.conversation,
        "loan": household.loans[0],
        "second": household.loans[-1],
        "after": after,
    }
    head = connection.execute(_HEAD, asked).one()
    out = tuple(connection.execute(_OUT, asked))
    books = Books(*(connection.execute(query, asked).all() for query in _BOOKS))
    return Records(head.handler, head.opted_out_at is not None, out, books)
