"""May an agent write here now, and how: as an answer, as an unasked contact, by template only, or not at
all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, String, case, select, type_coerce

from bot.compliance import Never, NotBefore, load_rules, may_contact
from bot.reach import WINDOW, Destination, contact_request, destination_of, holds_on, past_contacts
from bot.services import Services
from models import borrower_table, contact_point_table, loan_table
from models.base import AnyRow


@dataclass(frozen=True, slots=True)
class ReplyPermission:
    how: Literal["reply", "contact", "template", "never"]
    """`reply`: the borrower wrote within the day. `contact`: free text, at a lawful hour. `template`:
    WhatsApp's window is closed.
    """
    purpose: Literal["reply", "contact", "notice"]
    at: datetime
    """When it leaves at the earliest."""
    until: datetime | None
    """When the day to answer ends; null where none is open."""
    rule: str | None
    """What forbids it, or puts it off."""
    person_id: int | None
    where: Destination
    contacts_today: int = 0
    contacts_7_days: int = 0


def reply_permission(
    connection: Connection, services: Services, head: AnyRow, now: datetime
) -> ReplyPermission:
    """For whoever proved to be writing in the conversation `head`; else for the first whom the tape reaches
    there.
    """
    where = destination_of(connection, head, now)
    person = _person(connection, head, where.channel)
    contacts = past_contacts(connection, person.id, head.id, now) if person else []
    week = (sum(at > now - timedelta(days=1) for at, _ in contacts), len(contacts))
    who = person.id if person else None
    closes = where.last_in_at + WINDOW if where.last_in_at else None
    if closes is not None and now < closes:
        return ReplyPermission("reply", "reply", now, closes, None, who, where, *week)
    if person is None:
        return ReplyPermission("never", "contact", now, None, "NO-BORROWER", None, where)
    loan = _loan(connection, person.id)
    if loan is None:
        return ReplyPermission("never", "contact", now, None, "NOTHING-OWED", who, where, *week)
    about = (loan.id, person.id)
    late = head.queue_reason is not None and person.opted_out_at is None
    purpose: Literal["contact", "notice"] = "notice" if late else "contact"
    request = contact_request(
        services,
        now,
        person.channel,
        purpose,
        zone=person.zone,
        opted_out=person.opted_out_at is not None,
        contact_point=person.status,
        holds=holds_on(connection, [about], now)[about],
        loan_status=loan.status,
        contacts=contacts,
        preferred=(person.preferred_from, person.preferred_until),
    )
    verdict = may_contact(request, load_rules(services.lender.lender.contact_country))
    if isinstance(verdict, Never):
        return ReplyPermission("never", purpose, now, None, verdict.rule, who, where, *week)
    at, rule = (verdict.at, verdict.rule) if isinstance(verdict, NotBefore) else (now, None)
    how: Literal["template", "contact"] = "template" if where.channel == "whatsapp" else "contact"
    return ReplyPermission(how, purpose, at, None, rule, who, where, *week)


def _person(connection: Connection, head: AnyRow, channel: str) -> AnyRow | None:
    """The borrower, with the health of the address that a reply would go to."""
    query = (
        select(borrower_table, contact_point_table.c.channel, contact_point_table.c.status)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .where(contact_point_table.c.conversation_id == head.id)
    )
    first = query.order_by(
        case((borrower_table.c.id == head.borrower_id, 0), else_=1),
        case((contact_point_table.c.channel == type_coerce(channel, String), 0), else_=1),
        contact_point_table.c.id,
    )
    return connection.execute(first.limit(1)).first()


def _loan(connection: Connection, borrower_id: int) -> AnyRow | None:
    owed = (
        select(loan_table)
        .where(loan_table.c.borrower_id == borrower_id, loan_table.c.outstanding_centavos > 0)
        .order_by(loan_table.c.overdue_since, loan_table.c.id)
    )
    return connection.execute(owed.limit(1)).first()
