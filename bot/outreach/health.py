"""What the fate of messages tells about the addresses they went to."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.channels import Reaction
from bot.outreach.entries import tell_of_people
from bot.outreach.next_step import Again, NextStep
from models import Borrower, ContactPoint, Conversation, Template
from models.base import AnyRow

_P, _B, _C, _T = ContactPoint.__table__, Borrower.__table__, Conversation.__table__, Template.__table__
_PROVIDER = "provider:twilio"


def learn(connection: Connection, row: AnyRow, code: str, reaction: Reaction, step: NextStep, now: datetime) -> None:
    """Marks the contact point, the person or the template that a refusal is about."""
    here = (_P.c.conversation_id == row.conversation_id) & (_P.c.channel == row.channel)
    match reaction:
        case "opted_out":
            _opted_out(connection, row, code, now)
        case "other_form" if isinstance(step, Again) and step.channel is None:
            connection.execute(update(_P).where(here, _P.c.address == row.address).values(address=step.address))
            connection.execute(update(_C).where(_C.c.id == row.conversation_id, _C.c.address == row.address).values(address=step.address))
        case "other_form" | "point_invalid":
            dead = here & _P.c.status.in_(("unverified", "confirmed"))
            connection.execute(update(_P).where(dead).values(status="invalid", closed_reason=code, failures=_P.c.failures + 1))
        case "template_bug" if sid := (row.extra or {}).get("template"):
            connection.execute(update(_T).where(_T.c.content_sid == sid).values(status="stopped", rejection=f"refused when sent: {code}"))
        case "later_then_channel" | "other_channel" | "wait_day":
            connection.execute(update(_P).where(here).values(failures=_P.c.failures + 1))
        case _:
            pass


def _opted_out(connection: Connection, row: AnyRow, code: str, now: datetime) -> None:
    """A person who blocks us, or whom the carrier has unsubscribed, has asked for silence; nobody else at the address has less reason to."""
    here = (_P.c.conversation_id == row.conversation_id) & (_P.c.channel == row.channel) & (_P.c.status != "closed")
    connection.execute(update(_P).where(here).values(status="closed", closed_reason=f"blocked:{code}"))
    people = [row.borrower_id] if row.borrower_id is not None else select(_P.c.borrower_id).where(_P.c.conversation_id == row.conversation_id)
    connection.execute(update(_B).where(_B.c.id.in_(people), _B.c.opted_out_at.is_(None)).values(opted_out_at=now))
    tell_of_people(connection, row, "optout.recorded", now, _PROVIDER, error=code)
    tell_of_people(connection, row, "contact_point.closed", now, _PROVIDER, reason=f"blocked:{code}")


def reached(connection: Connection, row: AnyRow) -> None:
    """Somebody is there: earlier failures no longer count."""
    here = (_P.c.conversation_id == row.conversation_id) & (_P.c.channel == row.channel) & (_P.c.failures > 0)
    connection.execute(update(_P).where(here).values(failures=0))
