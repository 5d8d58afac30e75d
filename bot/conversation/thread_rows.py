"""The rows a turn is built from: the conversation, who may be writing, what they owe, in one read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, literal_column, select

from bot.conversation import plans
from models import (
    balance_table,
    bank_account_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    hold_table,
    inflow_table,
    instalment_table,
    loan_table,
    mandate_table,
    page_access_table,
    promise_table,
)
from models.base import AnyRow, record_of, rows_of, word, words
from models.hold import stands as hold_stands
from models.instalment import UNPAID
from models.loan import CLOSED_LOANS

_ENDED_MANDATES = ("draft", "rejected", "cancelled", "expired")

_head = (
    conversation_table.c.id,
    conversation_table.c.version,
    conversation_table.c.channel,
    conversation_table.c.address,
    conversation_table.c.sender,
    conversation_table.c.borrower_id,
    conversation_table.c.state,
    conversation_table.c.handler,
    conversation_table.c.urgency,
    conversation_table.c.queue_reason,
    conversation_table.c.expecting,
    conversation_table.c.last_in_at,
    conversation_table.c.contacted_at,
)
_point = (
    contact_point_table.c.id.label("contact_point_id"),
    contact_point_table.c.confirmed_at,
    contact_point_table.c.answered_at,
    contact_point_table.c.channel.label("point_channel"),
    contact_point_table.c.key.label("point_key"),
    contact_point_table.c.address.label("point_address"),
)
_closed = loan_table.alias("closed_loan")
_paid_into = loan_table.alias("paid_into")
_person = (
    borrower_table.c.id.label("person_id"),
    borrower_table.c.name,
    borrower_table.c.language,
    borrower_table.c.birth_date,
    borrower_table.c.curp,
    borrower_table.c.rfc,
    borrower_table.c.email,
    borrower_table.c.zone,
    borrower_table.c.opted_out_at,
    borrower_table.c.notice_given_at,
    select(page_access_table.c.generation)
    .where(page_access_table.c.borrower_id == borrower_table.c.id)
    .correlate(borrower_table)
    .scalar_subquery()
    .label("page_generation"),
    select(rows_of(_closed.c.id, _closed.c.lender, _closed.c.status, _closed.c.external_id))
    .where(_closed.c.borrower_id == borrower_table.c.id, _closed.c.status.in_(words(*CLOSED_LOANS)))
    .correlate(borrower_table)
    .scalar_subquery()
    .label("closed_loans"),
    select(rows_of(balance_table.c.amount))
    .select_from(_paid_into.join(balance_table, balance_table.c.loan_id == _paid_into.c.id))
    .where(
        _paid_into.c.borrower_id == borrower_table.c.id,
        balance_table.c.account == word("unapplied"),
        balance_table.c.amount < 0,
    )
    .correlate(borrower_table)
    .scalar_subquery()
    .label("credits"),
)
_owed = (
    loan_table.c.id.label("loan_id"),
    loan_table.c.external_id,
    loan_table.c.status.label("loan_status"),
    loan_table.c.product,
    loan_table.c.lender.label("brand"),
    loan_table.c.pay_clabe,
    loan_table.c.pay_reference,
    loan_table.c.cash_reference,
    loan_table.c.overdue_since,
    hold_table.c.kind.label("hold"),
    promise_table.c.amount.label("promise_amount"),
    promise_table.c.due_date.label("promise_due"),
    promise_table.c.rest.label("promise_rest"),
    mandate_table.c.id.label("mandate_id"),
    mandate_table.c.folio,
    mandate_table.c.status.label("mandate_status"),
    mandate_table.c.max_amount,
    mandate_table.c.frequency,
    bank_account_table.c.fingerprint.label("account_fingerprint"),
    bank_account_table.c.bank_code,
    bank_account_table.c.last4,
    select(
        rows_of(
            instalment_table.c.number,
            instalment_table.c.due_date,
            instalment_table.c.unpaid_principal,
            instalment_table.c.unpaid_interest,
            instalment_table.c.unpaid_late_fees,
            instalment_table.c.unpaid_tax,
        )
    )
    .where(instalment_table.c.loan_id == loan_table.c.id, literal_column(UNPAID))
    .correlate(loan_table)
    .scalar_subquery()
    .label("unpaid"),
    select(rows_of(inflow_table.c.id, inflow_table.c.amount))
    .where(
        inflow_table.c.loan_id == loan_table.c.id,
        inflow_table.c.created_at >= bindparam("paid_since"),
        inflow_table.c.reversed_at.is_(None),
    )
    .correlate(loan_table)
    .scalar_subquery()
    .label("paid_lately"),
    *plans.COLUMNS,
)


def _none_of(column: ColumnElement[str], values: Sequence[str]) -> list[ColumnElement[bool]]:
    """Not NOT IN, for which SQLite makes a table."""
    return [column != value for value in words(*values)]


def _with_loans(people: FromClause) -> FromClause:
    """With the open loans of each, their holds, their open promise and their mandates: one row for each that
    there is.
    """
    return (
        people.outerjoin(
            loan_table,
            and_(
                loan_table.c.borrower_id == borrower_table.c.id, *_none_of(loan_table.c.status, CLOSED_LOANS)
            ),
        )
        .outerjoin(
            hold_table,
            and_(
                hold_table.c.loan_id == loan_table.c.id,
                hold_stands(bindparam("now")),
            ),
        )
        .outerjoin(
            promise_table,
            and_(promise_table.c.loan_id == loan_table.c.id, promise_table.c.status == word("open")),
        )
        .outerjoin(
            mandate_table,
            and_(
                mandate_table.c.loan_id == loan_table.c.id, *_none_of(mandate_table.c.status, _ENDED_MANDATES)
            ),
        )
        .outerjoin(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
    )


_reachable = and_(
    contact_point_table.c.conversation_id == conversation_table.c.id,
    *_none_of(contact_point_table.c.status, ("closed", "invalid")),
)
_here = _with_loans(
    conversation_table.outerjoin(contact_point_table, _reachable).outerjoin(
        borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id
    )
)
_thread = select(*_head, *_point, *_person, *_owed).select_from(
    _here
)  # in no order: SQLite would copy each row to sort them
_of_thread = record_of(_thread)
BY_KEY = _thread.where(conversation_table.c.key == bindparam("key"))
_BY_ID = _thread.where(conversation_table.c.id == bindparam("id"))
_BY_ALIAS = (
    select(contact_point_table.c.conversation_id)
    .where(contact_point_table.c.key == bindparam("key"))
    .limit(1)
)
_PERSONS = (
    select(*_person, *_owed)
    .select_from(_with_loans(borrower_table))
    .where(borrower_table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(borrower_table.c.id, loan_table.c.id)
)
_of_person = record_of(_PERSONS)
_PERSON_BY_PHONE = (
    select(borrower_table.c.id)
    .select_from(
        contact_point_table.join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
    )
    .where(contact_point_table.c.key == bindparam("key"))
    .distinct()
)


PAID_LATELY = timedelta(days=3)
"""So long a payment that was received is what «¿ya les llegó?» and «ya pagué» are about."""


def _at(now: datetime) -> dict[str, datetime]:
    return {"now": now, "paid_since": now - PAID_LATELY}


def find(connection: Connection, key: str, now: datetime) -> list[AnyRow]:
    """The rows of the conversation that this address belongs to, by its own key or by an alias; empty when
    there is none.
    """
    rows = connection.execute(BY_KEY, {"key": key, **_at(now)}).all()
    if not rows and (other := connection.scalar(_BY_ALIAS, {"key": key})) is not None:
        return by_id(connection, other, now)
    return _in_order(rows)


def by_id(connection: Connection, conversation_id: int, now: datetime) -> list[AnyRow]:
    return _in_order(connection.execute(_BY_ID, {"id": conversation_id, **_at(now)}).all())


def _in_order(rows: Sequence[AnyRow]) -> list[AnyRow]:
    found = [_of_thread(row) for row in rows]
    if len(found) > 1:
        found.sort(key=lambda row: (row.contact_point_id or 0, row.loan_id or 0))
    return found


def borrowers_at(connection: Connection, key: str) -> list[int]:
    """Ids of the borrowers whom the tape reaches at a phone."""
    return list(connection.scalars(_PERSON_BY_PHONE, {"key": key}))


def of_borrowers(connection: Connection, ids: Sequence[int], now: datetime) -> Sequence[AnyRow]:
    """Borrowers with all that they owe, wherever they write from: a row for each loan, hold and mandate."""
    if not ids:
        return ()
    return [_of_person(row) for row in connection.execute(_PERSONS, {"ids": ids, **_at(now)}).all()]
