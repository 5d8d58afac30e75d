"""What stands beside a thread: who it is and how we know, what may be written, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from bot.conversation import reading
from bot.handoff import Rights, rights
from bot.services import Services
from flows.border.facts import BorrowerFacts
from models import Borrower, ContactPoint, Hold, LedgerEntry
from models.base import AnyRow

_B, _P, _E, _H = (m.__table__ for m in (Borrower, ContactPoint, LedgerEntry, Hold))


@dataclass(frozen=True, slots=True)
class Beside:
    people: Sequence[AnyRow]
    """Everyone whom the tape reaches at the address, with the health of the address."""
    owing: Sequence[BorrowerFacts]
    known: BorrowerFacts | None
    """Who proved to be writing; null: nothing may be said of the debt."""
    known_since: datetime | None
    factor: str | None
    today: date
    """In the borrower's own zone."""
    zone: ZoneInfo
    rights: Rights
    holds: Sequence[AnyRow]


def beside(connection: Connection, services: Services, head: AnyRow, now: datetime) -> Beside:
    view = reading.view(connection, reading.by_id(connection, head.id, now), services, now)
    known = view.facts.borrower
    people = connection.execute(
        select(_B, _P.c.status.label("point"), _P.c.channel.label("via"))
        .join(_P, _P.c.borrower_id == _B.c.id)
        .where(_P.c.conversation_id == head.id)
        .order_by(_P.c.id)
    ).all()
    loans = [loan.id for person in view.facts.candidates for loan in person.loans]
    standing = _H.c.lifted_at.is_(None) & or_(_H.c.until.is_(None), _H.c.until > now)
    return Beside(
        people=list({row.id: row for row in reversed(people)}.values())[::-1],
        owing=view.facts.candidates,
        known=known,
        known_since=max((p.confirmed_at for p in view.points if known and p.borrower_id == known.id and p.confirmed_at), default=None),
        factor=_factor(connection, known),
        today=view.facts.today,
        zone=reading.zone(people[0].zone if people else None, services.settings.timezone),
        rights=rights(connection, services, head, now),
        holds=connection.execute(select(_H).where(_H.c.loan_id.in_(loans), standing).order_by(_H.c.id)).all() if loans else (),
    )


def _factor(connection: Connection, known: BorrowerFacts | None) -> str | None:
    """What they proved it by, as the ledger has it."""
    if known is None or not known.loans:
        return None
    proof = select(_E.c.data).where(_E.c.loan_id == known.loans[0].id, _E.c.kind == "identity.confirmed").order_by(_E.c.seq.desc()).limit(1)
    return (connection.scalar(proof) or {}).get("factor")
