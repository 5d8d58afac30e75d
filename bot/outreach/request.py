"""An outreach that somebody asks for: the same rules as one that is planned."""

import secrets
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, or_, select

from bot.compliance import Allowed, ContactRequest, Never, NotBefore, load_rules, may_contact
from bot.compliance.rules import Hours
from bot.reach import NewEvent, best_contact_point, enqueue_event
from bot.services import Services
from models import (
    borrower_table,
    conversation_table,
    hold_table,
    loan_table,
    message_table,
    write_tx,
)
from models.base import AnyRow
from models.hold import stands as hold_stands

_LEFT = ("queued", "sending", "sent", "delivered", "read", "unknown")


class UnknownBorrower(LookupError):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no borrower {external_id[:64]!r}")


class NothingToSay(Exception):
    """There is nobody, or nothing, to write about."""

    def __init__(self, rule: str, because: str) -> None:
        super().__init__(because)
        self.rule = rule


def request_outreach(
    services: Services, borrower: str, flow: str, loan: str | None = None
) -> datetime | Never:
    """When it will leave at the earliest, or the rule that forbids it. Raises UnknownBorrower,
    NothingToSay.
    """
    now = services.clock.now()
    rules = load_rules(services.lender.lender.contact_country)
    with write_tx(services.engine) as connection:
        person = connection.execute(
            select(borrower_table).where(borrower_table.c.external_id == borrower)
        ).first()
        if person is None:
            raise UnknownBorrower(borrower)
        loans = (
            select(loan_table)
            .where(loan_table.c.borrower_id == person.id, loan_table.c.outstanding_centavos > 0)
            .order_by(loan_table.c.overdue_since, loan_table.c.id)
        )
        owed = connection.execute(loans.where(loan_table.c.external_id == loan) if loan else loans).first()
        if owed is None:
            raise NothingToSay("NOTHING-OWED", "this borrower owes nothing")
        point = best_contact_point(connection, person.id, usable_only=False)
        if point is None:
            raise NothingToSay("NO-CONTACT-POINT", "this borrower has no contact point")
        if _handler(connection, point.conversation_id) != "bot":
            raise NothingToSay("OWNER", "a person has this conversation")
        held = select(hold_table.c.kind).where(
            hold_table.c.loan_id == owed.id,
            hold_stands(now),
        )
        sent = select(message_table.c.sent_at, message_table.c.created_at).where(
            or_(
                message_table.c.borrower_id == person.id,
                and_(
                    message_table.c.borrower_id.is_(None),
                    message_table.c.conversation_id == point.conversation_id,
                ),
            ),
            message_table.c.purpose == "contact",
            message_table.c.status.in_(_LEFT),
            message_table.c.created_at >= now - timedelta(days=7),
        )
        times = [row.sent_at or row.created_at for row in connection.execute(sent)]
        verdict = may_contact(
            contact_request(services, person, owed, point, frozenset(connection.scalars(held)), times, now),
            rules,
        )
        if isinstance(verdict, Never):
            return verdict
        at = verdict.at if isinstance(verdict, NotBefore) else now
        assert isinstance(verdict, Allowed | NotBefore)
        event = NewEvent(
            "outreach",
            point.conversation_id,
            f"asked:{person.id}:{secrets.token_hex(8)}",
            now,
            {"flow": flow, "tone": "kind"},
            owed.id,
            point.id,
            not_before=at,
        )
        enqueue_event(connection, event)
    return at


def _handler(connection: Connection, conversation_id: int) -> str | None:
    query = select(conversation_table.c.handler).where(conversation_table.c.id == conversation_id)
    return connection.scalar(query)


def contact_request(
    services: Services,
    person: AnyRow,
    loan: AnyRow,
    point: AnyRow,
    holds: frozenset[str],
    times: list[datetime],
    now: datetime,
    purpose: Literal["contact", "notice"] = "contact",
) -> ContactRequest:
    """What the rules are asked of one loan's borrower; `times` are of the contacts of the last seven days."""
    zone = ZoneInfo(person.zone) if person.zone else None
    local = zone or ZoneInfo(services.settings.timezone)
    days = tuple(at.astimezone(local).date() for at in times)
    wish = (
        Hours.of(person.preferred_from, person.preferred_until)
        if person.preferred_from and person.preferred_until
        else None
    )
    return ContactRequest(
        now=now,
        zone=zone,
        channel=point.channel,
        purpose=purpose,
        opted_out=person.opted_out_at is not None,
        contact_point=point.status,
        holds=holds,
        loan_status=loan.status,
        contacts_today=sum(day == now.astimezone(local).date() for day in days),
        contacts_7_days=len(days),
        preferred=wish,
        sender_role=services.lender.lender.sender_role,
        last_contact_on=days,
    )
