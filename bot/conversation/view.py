"""What a turn must know, made of the rows that one read found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from bot.conversation import plans, thread_rows
from bot.conversation.charges import in_flight, next_charge, open_charges
from bot.page_links import page_url
from bot.reach import confirmed_since
from flows.engine import Conversation
from flows.types.facts import (
    BorrowerFacts,
    CaseFacts,
    Facts,
    InstalmentFacts,
    LoanFacts,
    MandateFacts,
    PromiseFacts,
)
from flows.types.offer import Part
from models import task_table
from models.base import AnyRow, words
from models.mandate import ACTIVE_STATES
from models.task import HELD_BY
from values import BorrowerId, Breakdown, LoanId, Money, bank_name, roll_forward

_NEVER = datetime.min.replace(tzinfo=UTC)


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
    queue_reason: str | None = None
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


def claimed(conversation: Conversation) -> list[int]:
    """Borrowers whom a sender without a phone of ours says to be: shown nothing, asked for the factor."""
    return [int(i) for frame in conversation.stack for i in frame.slots.get("claimed", ())]


def people(
    connection: Connection, ids: Sequence[int], now: datetime, submit_until: time
) -> tuple[BorrowerFacts, ...]:
    """Borrowers with all that they owe, wherever they write from."""
    rows = thread_rows.of_borrowers(connection, ids, now)
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
        ids = claimed(conversation) or (thread_rows.borrowers_at(connection, phone) if phone else [])
        people = thread_rows.of_borrowers(connection, ids, now)
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
    proved = _proved(
        head.borrower_id,
        [
            point
            for point in points
            if point.confirmed_at and point.confirmed_at >= confirmed_since(services, now)
        ],
        candidates,
        now - timedelta(days=policy.identity_days),
    )
    only = candidates[0] if registered and proved is None and len(candidates) == 1 else None
    return View(
        id=head.id,
        version=head.version,
        channel=head.channel,
        address=head.address,
        sender=head.sender,
        handler=head.handler,
        urgency=head.urgency,
        queue_reason=head.queue_reason,
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
            cases=_cases(connection, head.id, people),
            spoken_at=max(head.contacted_at or _NEVER, head.last_in_at or _NEVER),
            page_url=_page_url(services, proved, people, now),
            own_page_url=_page_url(services, only, people, now),
        ),
    )


def of_person(connection: Connection, view: View, services: Any, borrower_id: int) -> View:
    """The same view, of a borrower who proved elsewhere to be the one who acts."""
    now = view.facts.now
    rows = thread_rows.of_borrowers(connection, [borrower_id], now)
    loans = _loans(connection, rows, now, services.settings.debit_submit_until)
    person = _borrower(rows[0], loans.get(borrower_id, ()))
    url = _page_url(services, person, rows, now)
    facts = replace(
        view.facts,
        borrower=person,
        candidates=(person,),
        registered_phone=True,
        page_url=url,
        own_page_url=url,
    )
    return replace(view, facts=facts)


_OPEN_CASES = (
    select(task_table.c.kind, task_table.c.data)
    .where(
        task_table.c.conversation_id == bindparam("conversation"),
        task_table.c.kind.in_(words(*HELD_BY)),
        task_table.c.done_at.is_(None),
    )
    .order_by(task_table.c.id)
)


def _cases(connection: Connection, conversation_id: int, people: Iterable[AnyRow]) -> tuple[CaseFacts, ...]:
    """Those with a folio; asked for where a hold of their kind stands."""
    if not any(row.hold in HELD_BY for row in people):
        return ()
    rows = connection.execute(_OPEN_CASES, {"conversation": conversation_id})
    return tuple(
        CaseFacts(row.kind, row.data["folio"], date.fromisoformat(row.data["due"]))
        for row in rows
        if "folio" in row.data
    )


def _page_url(
    services: Any, person: BorrowerFacts | None, people: Iterable[AnyRow], now: datetime
) -> str | None:
    if person is None:
        return None
    generation = next((row.page_generation for row in people if row.person_id == person.id), None)
    return page_url(services, person.id, generation or 0, now).url


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
    closed = row.closed_loans or ()
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
        credit=Money(-sum(amount for (amount,) in row.credits or ())),
        closed_brands=tuple((LoanId(loan), brand) for loan, brand, *_ in closed),
        written_off=tuple(named for _, _, status, named in closed if status == "written_off"),
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
        promise=_promise(row),
        mandate=mandates.get(True),
        pending=mandates.get(False),
        paid_lately=tuple(Money(amount) for _, amount in sorted(row.paid_lately or (), reverse=True)),
        announced_charge=next_charge(rows, charges, now, submit_until),
        brand=row.brand,
        **plans.facts(row),
    )


def _promise(row: AnyRow) -> PromiseFacts | None:
    if row.promise_amount is None:
        return None
    rest = tuple(
        Part(date.fromisoformat(part["date"]), Money(part["amount"])) for part in row.promise_rest or ()
    )
    return PromiseFacts(Money(row.promise_amount), row.promise_due, "open", rest)


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
        row.account_fingerprint,
    )


@lru_cache(maxsize=4096)
def _payable(due: str) -> date:
    """A day on which the banks are closed moves the limit to the next one on which they open."""
    return roll_forward(date.fromisoformat(due))
