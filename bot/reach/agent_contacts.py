"""Calls and visits: recorded on the desk or given by the lender's dialer, and counted like what is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from bot.compliance import Verdict, load_rules, may_contact
from bot.reach.history import past_contacts
from bot.reach.holds import holds_on
from bot.reach.request import contact_request
from bot.services import Services
from models import agent_contact_table, borrower_table, contact_point_table, loan_table
from models.ledger import NewEntry, append_many
from models.loan import is_open as loan_is_open
from models.upsert import add_new

AgentChannel = Literal["call", "visit"]
ContactOutcome = Literal["answered", "message_left", "no_answer", "wrong_person"]


@dataclass(frozen=True, slots=True)
class AgentContact:
    """A call or a visit that a person made."""

    borrower_id: int
    channel: AgentChannel
    outcome: ContactOutcome
    at: datetime
    made_by: str
    """`agent:<id>`, or the name that the lender's dialer gives."""
    reference: str
    """The same one, of the same borrower, is the same contact."""
    phone: str | None = None
    """The number that was called, as `values.address_key` writes it."""


def record_call(connection: Connection, contact: AgentContact, now: datetime) -> int | None:
    """Its id; null where it was recorded before. From now on it counts in the caps of a day and a week. A
    number where somebody else answered is closed: nobody is written to there.
    """
    row = {
        "borrower_id": contact.borrower_id,
        "channel": contact.channel,
        "outcome": contact.outcome,
        "at": contact.at,
        "phone": contact.phone,
        "made_by": contact.made_by[:64],
        "reference": contact.reference,
        "created_at": now,
    }
    kept = add_new(connection, agent_contact_table, ("borrower_id", "reference"), row)
    if kept is None:
        return None
    data = {"contact": kept, "channel": contact.channel, "outcome": contact.outcome}
    new = [NewEntry("contact.recorded", data | {"made_at": contact.at.isoformat()}, contact.made_by[:64])]
    if contact.outcome == "wrong_person" and _close(connection, contact):
        new.append(NewEntry("contact_point.closed", data | {"reason": "wrong_person"}, contact.made_by[:64]))
    loans = connection.scalars(
        select(loan_table.c.id)
        .where(loan_table.c.borrower_id == contact.borrower_id, loan_is_open())
        .order_by(loan_table.c.id)
    )
    if entries := dict.fromkeys(loans, new):
        append_many(connection, entries, now)
    return kept


def may_call(
    connection: Connection, services: Services, borrower_id: int, now: datetime, channel: AgentChannel
) -> Verdict:
    """Whether a person may call or visit now, by the rules that the bot keeps."""
    person = connection.execute(select(borrower_table).where(borrower_table.c.id == borrower_id)).one()
    owed = connection.execute(
        select(loan_table.c.id, loan_table.c.status)
        .where(loan_table.c.borrower_id == borrower_id, loan_table.c.outstanding_centavos > 0)
        .order_by(loan_table.c.overdue_since, loan_table.c.id)
    ).first()
    about = (owed.id if owed else None, borrower_id)
    request = contact_request(
        services,
        now,
        channel,
        "contact",
        zone=person.zone,
        opted_out=person.opted_out_at is not None,
        holds=holds_on(connection, [about], now)[about],
        loan_status=owed.status if owed else "settled",
        contacts=past_contacts(connection, borrower_id, None, now),
        preferred=(person.preferred_from, person.preferred_until),
    )
    return may_contact(request, load_rules(services.lender.lender.contact_country))


def _close(connection: Connection, contact: AgentContact) -> bool:
    there = (contact_point_table.c.borrower_id == contact.borrower_id) & (
        contact_point_table.c.key == contact.phone
    )
    closed = {"status": "closed", "closed_reason": "wrong_person", "confirmed_at": None}
    still = there & (contact_point_table.c.status != "closed")
    return connection.execute(update(contact_point_table).where(still).values(**closed)).rowcount > 0
