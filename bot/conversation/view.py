"""What a turn must know, in one read: the conversation, who may be writing, and what they owe."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, literal_column, select

from bot.conversation import plans
from bot.conversation.charges import in_flight, next_charge, open_charges
from bot.page_links import page_url
from flows.engine import Conversation
from flows.types.facts import (
    BorrowerFacts,
    Facts,
    InstalmentFacts,
    LoanFacts,
    MandateFacts,
    PromiseFacts,
)
from models import (
    bank_account_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    hold_table,
    instalment_table,
    loan_table,
    mandate_table,
    page_access_table,
    promise_table,
)
from models.base import AnyRow, rows_of, word, words
from models.hold import stands as hold_stands
from models.instalment import UNPAID
from models.loan import CLOSED_LOANS
from models.mandate import ACTIVE_STATES
from values import BorrowerId, Breakdown, LoanId, Money, bank_name, roll_forward

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
    mandate_table.c.id.label("mandate_id"),
    mandate_table.c.folio,
    mandate_table.c.status.label("mandate_status"),
    mandate_table.c.max_amount,
    mandate_table.c.frequency,
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
_PERSON_BY_PHONE = (
    select(borrower_table.c.id)
    .select_from(
        contact_point_table.join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
    )
    .where(contact_point_table.c.key == bindparam("key"))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class ContactPointView:
    id: int
    borrower_id: int
    channel: str
    key: str
    address: str
    confirmed_at: datetime | None
    answered_at: datetime | None

    @property
    def proved_at(self) -> datetime | None:
        """Until when the proof of identity is known to stand: since it was given, or kept by answering."""
        if self.confirmed_at is None or self.answered_at is None:
            return self.confirmed_at
        return max(self.confirmed_at, self.answered_at)


@dataclass(frozen=True, slots=True)
class View:
    """A conversation as one read found it, and everything that its next step may know."""

    id: int
    version: int
    channel: str
    address: str
    sender: str | None
    handler: str
    expecting: str | None
    last_in_at: datetime | None
    contacted_at: datetime | None
    conversation: Conversation
    points: tuple[ContactPointView, ...]
    facts: Facts
    urgency: int = 0
    shown: AnyRow | None = None
    """The choices shown last, with the SID of their message; read only for an answer that may mean one of
    them.
    """
    moved: Mapping[str, str] = field(default_factory=dict)
    """Where answers go, as far as the conversation's row still says otherwise."""

    @property
    def confirmed_id(self) -> BorrowerId | None:
        return self.facts.borrower.id if self.facts.borrower else None


@lru_cache(maxsize=64)
def zone(name: str | None, fallback: str) -> ZoneInfo:
    return ZoneInfo(name or fallback)


def find(connection: Connection, key: str, now: datetime) -> list[AnyRow]:
    """The rows of the conversation that this address belongs to, by its own key or by an alias; empty when
    there is none.
    """
    rows = connection.execute(BY_KEY, {"key": key, "now": now}).all()
    if not rows and (other := connection.scalar(_BY_ALIAS, {"key": key})) is not None:
        return by_id(connection, other, now)
    return _in_order(rows)


def by_id(connection: Connection, conversation_id: int, now: datetime) -> list[AnyRow]:
    return _in_order(connection.execute(_BY_ID, {"id": conversation_id, "now": now}).all())


def _in_order(rows: Sequence[AnyRow]) -> list[AnyRow]:
    return (
        sorted(rows, key=lambda row: (row.contact_point_id or 0, row.loan_id or 0))
        if len(rows) > 1
        else list(rows)
    )


def claimed(conversation: Conversation) -> list[int]:
    """Borrowers whom a sender without a phone of ours says to be: shown nothing, asked for the factor."""
    return [int(i) for frame in conversation.stack for i in frame.slots.get("claimed", ())]


def borrowers_at(connection: Connection, key: str) -> list[int]:
    """Ids of the borrowers whom the tape reaches at a phone."""
    return list(connection.scalars(_PERSON_BY_PHONE, {"key": key}))


def people(
    connection: Connection, ids: Sequence[int], now: datetime, submit_until: time
) -> tuple[BorrowerFacts, ...]:
    """Borrowers with all that they owe, wherever they write from."""
    rows = connection.execute(_PERSONS, {"ids": ids, "now": now}).all()
    loans = _loans(connection, rows, now, submit_until)
    return tuple(
        _borrower(row, loans.get(row.person_id, ())) for row in {row.person_id: row for row in rows}.values()
    )


def view(
    connection: Connection, rows: Sequence[AnyRow], services: Any, now: datetime, phone: str | None = None
) -> View:
    """Builds the view from the thread's rows; `phone` is one that an unknown sender gave as theirs."""
    head = rows[0]
    conversation = Conversation.from_json(head.state)
    people: Sequence[AnyRow] = [row for row in rows if row.person_id is not None]
    registered = bool(people)
    if not registered:
        ids = claimed(conversation) or (borrowers_at(connection, phone) if phone else [])
        people = connection.execute(_PERSONS, {"ids": ids, "now": now}).all() if ids else ()
    policy = services.policy
    loans = _loans(connection, people, now, services.settings.debit_submit_until)
    candidates = tuple(
        _borrower(row, loans.get(row.person_id, ()))
        for row in {row.person_id: row for row in people}.values()
    )
    reachable = {row.contact_point_id: row for row in people} if registered else {}
    points = tuple(
        ContactPointView(
            r.contact_point_id,
            r.person_id,
            r.point_channel,
            r.point_key,
            r.point_address,
            r.confirmed_at,
            r.answered_at,
        )
        for r in reachable.values()
    )
    here = zone(people[0].zone if people else None, services.settings.timezone)
    proved = _proved(head.borrower_id, points, candidates, now - timedelta(days=policy.identity_days))
    return View(
        id=head.id,
        version=head.version,
        channel=head.channel,
        address=head.address,
        sender=head.sender,
        handler=head.handler,
        urgency=head.urgency,
        expecting=head.expecting,
        last_in_at=head.last_in_at,
        contacted_at=head.contacted_at,
        conversation=conversation,
        points=points,
        facts=Facts(
            now=now,
            today=now.astimezone(here).date(),
            lender=services.lender.facts,
            policy=policy,
            candidates=candidates,
            borrower=proved,
            channel=head.channel,
            registered_phone=registered,
            page_url=_page_url(services, proved, people, now),
        ),
    )


def _page_url(
    services: Any, proved: BorrowerFacts | None, people: Iterable[AnyRow], now: datetime
) -> str | None:
    """Of the pages of whoever proved to be writing."""
    if proved is None:
        return None
    generation = next((row.page_generation for row in people if row.person_id == proved.id), None)
    return page_url(services, proved.id, generation or 0, now).url


def _proved(
    borrower_id: int | None,
    points: Iterable[ContactPointView],
    candidates: Iterable[BorrowerFacts],
    since: datetime,
) -> BorrowerFacts | None:
    """The one who proved to be writing here, unless that was too long ago."""
    proved = any(
        p.borrower_id == borrower_id and p.proved_at is not None and p.proved_at >= since for p in points
    )
    return next((b for b in candidates if b.id == borrower_id), None) if proved else None


def _borrower(row: AnyRow, loans: Sequence[LoanFacts]) -> BorrowerFacts:
    return BorrowerFacts(
        id=BorrowerId(row.person_id),
        name=row.name,
        language=row.language,
        birth_date=row.birth_date,
        curp=row.curp,
        rfc=row.rfc,
        email=row.email,
        opted_out=row.opted_out_at is not None,
        notice_given=row.notice_given_at is not None,
        loans=tuple(loans),
    )


def _loans(
    connection: Connection, people: Iterable[AnyRow], now: datetime, submit_until: time
) -> dict[int, list[LoanFacts]]:
    """By borrower, the most overdue first."""
    grouped: dict[int, list[AnyRow]] = {}
    for row in people:
        if row.loan_id is not None:
            grouped.setdefault(row.loan_id, []).append(row)
    standing = [
        row.mandate_id for rows in grouped.values() for row in rows if row.mandate_status in ACTIVE_STATES
    ]
    charges = open_charges(connection, list(dict.fromkeys(standing)))
    loans: dict[int, list[LoanFacts]] = {}
    for found in sorted(
        grouped.values(), key=lambda found: (found[0].overdue_since or date.max, found[0].loan_id)
    ):
        loans.setdefault(found[0].person_id, []).append(_loan(found, charges, now, submit_until))
    return loans


def _loan(
    rows: Sequence[AnyRow], charges: Mapping[int, Sequence[AnyRow]], now: datetime, submit_until: time
) -> LoanFacts:
    """From the rows of one loan: one for each of its holds, times its mandates, times the addresses of its
    borrower.
    """
    row = rows[0]
    mandates = {
        r.mandate_status in ACTIVE_STATES: _mandate(r, charges.get(r.mandate_id, ()))
        for r in rows
        if r.mandate_id is not None
    }
    return LoanFacts(
        id=LoanId(row.loan_id),
        external_id=row.external_id,
        status=row.loan_status,
        product=row.product,
        instalments=tuple(sorted((_instalment(*each) for each in row.unpaid or ()), key=_by_day)),
        pay_clabe=row.pay_clabe,
        pay_reference=row.pay_reference,
        cash_reference=row.cash_reference,
        holds=frozenset(r.hold for r in rows if r.hold is not None),
        promise=PromiseFacts(Money(row.promise_amount), row.promise_due, "open")
        if row.promise_amount is not None
        else None,
        mandate=mandates.get(True),
        pending=mandates.get(False),
        announced_charge=next_charge(rows, charges, now, submit_until),
        brand=row.brand,
        **plans.facts(row),
    )


def _instalment(
    number: int, due: str, principal: int, interest: int, late_fees: int, tax: int
) -> InstalmentFacts:
    return InstalmentFacts(
        number, _payable(due), Breakdown(Money(principal), Money(interest), Money(late_fees), Money(tax))
    )


def _by_day(instalment: InstalmentFacts) -> tuple[date, int]:
    return instalment.due_date, instalment.number


def _mandate(row: AnyRow, charges: Sequence[AnyRow]) -> MandateFacts:
    return MandateFacts(
        row.mandate_id,
        row.folio,
        row.mandate_status,
        row.frequency,
        bank_name(row.bank_code) or row.bank_code,
        row.last4,
        Money(row.max_amount),
        in_flight(charges),
    )


@lru_cache(maxsize=4096)
def _payable(due: str) -> date:
    """A day on which the banks are closed moves the limit to the next one on which they open."""
    return roll_forward(date.fromisoformat(due))
