"""The panel next to a thread: who it is and how we know, what may be sent, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.handoff import ReplyPermission, reply_permission
from bot.offers import plans_for
from bot.services import Services
from flows.types.facts import BorrowerFacts, LoanFacts
from flows.types.offer import Offer
from models import (
    agent_name,
    agent_table,
    borrower_table,
    contact_point_table,
    hold_table,
    ledger_entry_table,
    task_table,
)
from models.base import AnyRow
from models.hold import stands as hold_stands

APPROVAL = "plan_approval"
MOST_CASES, MOST_READ = 8, 50


@dataclass(frozen=True, slots=True)
class BorrowerPanel:
    people: Sequence[AnyRow]
    """Everyone whom the tape reaches at the address, with the health of the address."""
    owing: Sequence[BorrowerFacts]
    known: BorrowerFacts | None
    """Who proved to be writing; null: nothing about the debt may be disclosed."""
    known_since: datetime | None
    factor: str | None
    today: date
    """In the borrower's own zone."""
    zone: ZoneInfo
    reply_permission: ReplyPermission
    holds: Sequence[AnyRow]
    approvals: Sequence[AnyRow]
    """Offers that wait for a person's word."""
    cases: Sequence[AnyRow]
    """What is open for a person, of the conversation and its loans, with its `owner`."""
    contact_points: Sequence[AnyRow]
    """Every address of everyone who is reached here."""
    plans: Sequence[tuple[LoanFacts, Sequence[Offer]]]
    """Of who proved to be writing: what may be put to them by one click."""


def borrower_panel(connection: Connection, services: Services, head: AnyRow, now: datetime) -> BorrowerPanel:
    view = views.view(connection, thread_rows.by_id(connection, head.id, now), services, now)
    known = view.facts.borrower
    people = connection.execute(
        select(
            borrower_table,
            contact_point_table.c.status.label("point"),
            contact_point_table.c.channel.label("via"),
        )
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .where(contact_point_table.c.conversation_id == head.id)
        .order_by(contact_point_table.c.id)
    ).all()
    loans = [loan.id for person in view.facts.candidates for loan in person.loans]
    cases, standing = _cases(connection, head.id, loans), hold_stands(now)
    return BorrowerPanel(
        people=list({row.id: row for row in reversed(people)}.values())[::-1],
        owing=view.facts.candidates,
        known=known,
        known_since=max(
            (p.confirmed_at for p in view.points if known and p.borrower_id == known.id and p.confirmed_at),
            default=None,
        ),
        factor=_factor(connection, known),
        today=view.facts.today,
        zone=views.zone(people[0].zone if people else None, services.settings.timezone),
        reply_permission=reply_permission(connection, services, head, now),
        holds=connection.execute(
            select(hold_table).where(hold_table.c.loan_id.in_(loans), standing).order_by(hold_table.c.id)
        ).all()
        if loans
        else (),
        approvals=[case for case in cases if case.kind == APPROVAL and case.conversation_id == head.id],
        cases=[case for case in cases if case.kind != APPROVAL][:MOST_CASES],
        contact_points=_contact_points(connection, head.id),
        plans=[
            (loan, plans_for(loan, view.facts.policy.offers, view.facts.today))
            for loan in (known.loans if known else ())
            if not loan.plan
        ],
    )


def _cases(connection: Connection, conversation_id: int, loans: Sequence[int]) -> Sequence[AnyRow]:
    row = task_table.c
    return connection.execute(
        select(task_table, agent_name.label("owner"))
        .outerjoin(agent_table, agent_table.c.id == row.agent_id)
        .where(row.done_at.is_(None), or_(row.conversation_id == conversation_id, row.loan_id.in_(loans)))
        .order_by(row.kind != APPROVAL, row.due_at.is_(None), row.due_at, row.id)
        .limit(MOST_READ)
    ).all()


def _contact_points(connection: Connection, conversation_id: int) -> Sequence[AnyRow]:
    here = contact_point_table.alias("here")
    reached = select(here.c.borrower_id).where(here.c.conversation_id == conversation_id)
    return connection.execute(
        select(contact_point_table, borrower_table.c.name)
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .where(contact_point_table.c.borrower_id.in_(reached))
        .order_by(
            contact_point_table.c.borrower_id, contact_point_table.c.additional, contact_point_table.c.id
        )
    ).all()


def reached_here(connection: Connection, conversation_id: int) -> frozenset[int]:
    """The borrowers whom the tape reaches here."""
    return frozenset(
        connection.scalars(
            select(contact_point_table.c.borrower_id).where(
                contact_point_table.c.conversation_id == conversation_id
            )
        )
    )


def _factor(connection: Connection, known: BorrowerFacts | None) -> str | None:
    """What they proved it by, as the ledger has it."""
    if known is None or not known.loans:
        return None
    proof = (
        select(ledger_entry_table.c.data)
        .where(
            ledger_entry_table.c.loan_id == known.loans[0].id,
            ledger_entry_table.c.kind == "identity.confirmed",
        )
        .order_by(ledger_entry_table.c.seq.desc())
        .limit(1)
    )
    return (connection.scalar(proof) or {}).get("factor")
