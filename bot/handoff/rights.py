"""May an agent write here now, and how: as an answer, as an unasked contact, by template only, or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, and_, case, func, or_, select

from bot.compliance import Never, NotBefore, load_rules, may_contact
from bot.outreach import contact_request
from bot.outreach.outbox import LEFT, WINDOW
from bot.services import Services
from models import Borrower, ContactPoint, Hold, Loan, Message
from models.base import AnyRow

_B, _P, _L, _H, _M = (m.__table__ for m in (Borrower, ContactPoint, Loan, Hold, Message))


@dataclass(frozen=True, slots=True)
class Rights:
    how: Literal["reply", "contact", "template", "never"]
    """`reply`: the borrower wrote within the day. `contact`: free text, at a lawful hour. `template`: WhatsApp's window is closed."""
    purpose: Literal["reply", "contact", "notice"]
    at: datetime
    """When it leaves at the earliest."""
    until: datetime | None
    """When the day to answer ends; null where none is open."""
    rule: str | None
    """What forbids it, or puts it off."""
    person_id: int | None
    contacts_today: int = 0
    contacts_7_days: int = 0


def rights(connection: Connection, services: Services, head: AnyRow, now: datetime) -> Rights:
    """For whoever proved to be writing in the conversation `head`; else for the first whom the tape reaches there."""
    person = _person(connection, head)
    times = _contacts(connection, person.id, head.id, now) if person else []
    week = (sum(at > now - timedelta(days=1) for at in times), len(times))
    who = person.id if person else None
    closes = head.last_in_at + WINDOW if head.last_in_at else None
    if closes is not None and now < closes:
        return Rights("reply", "reply", now, closes, None, who, *week)
    if person is None:
        return Rights("never", "contact", now, None, "NO-BORROWER", None)
    loan = _loan(connection, person.id)
    if loan is None:
        return Rights("never", "contact", now, None, "NOTHING-OWED", who, *week)
    holds = frozenset(
        connection.scalars(select(_H.c.kind).where(_H.c.loan_id == loan.id, _H.c.lifted_at.is_(None), or_(_H.c.until.is_(None), _H.c.until > now)))
    )
    late = head.queue_reason is not None and person.opted_out_at is None
    purpose: Literal["contact", "notice"] = "notice" if late else "contact"
    request = contact_request(services, person, loan, person, holds, times, now, purpose)
    verdict = may_contact(request, load_rules(services.lender.lender.contact_country))
    if isinstance(verdict, Never):
        return Rights("never", purpose, now, None, verdict.rule, who, *week)
    at, rule = (verdict.at, verdict.rule) if isinstance(verdict, NotBefore) else (now, None)
    return Rights("template" if head.channel == "whatsapp" else "contact", purpose, at, None, rule, who, *week)


def _person(connection: Connection, head: AnyRow) -> AnyRow | None:
    """The borrower beside the health of the address that a reply would go to."""
    query = select(_B, _P.c.channel, _P.c.status).join(_P, _P.c.borrower_id == _B.c.id).where(_P.c.conversation_id == head.id)
    first = query.order_by(case((_B.c.id == head.borrower_id, 0), else_=1), case((_P.c.channel == head.channel, 0), else_=1), _P.c.id)
    return connection.execute(first.limit(1)).first()


def _loan(connection: Connection, borrower_id: int) -> AnyRow | None:
    owed = select(_L).where(_L.c.borrower_id == borrower_id, _L.c.outstanding_centavos > 0).order_by(_L.c.overdue_since, _L.c.id)
    return connection.execute(owed.limit(1)).first()


def _contacts(connection: Connection, person_id: int, conversation_id: int, now: datetime) -> list[datetime]:
    """To the person, or here to one who was not known yet."""
    theirs = or_(_M.c.borrower_id == person_id, and_(_M.c.borrower_id.is_(None), _M.c.conversation_id == conversation_id))
    left = func.coalesce(_M.c.sent_at, _M.c.created_at)
    query = select(left).where(
        theirs, _M.c.direction == "out", _M.c.purpose == "contact", _M.c.status.in_(("queued", *LEFT)),
        _M.c.created_at >= now - timedelta(days=7),
    )  # fmt: skip
    return list(connection.scalars(query))
