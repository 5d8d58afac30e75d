"""An outreach that is requested: under the same rules as one that is planned."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from bot.compliance import Allowed, Never, NotBefore, load_rules, may_contact
from bot.outreach.planning.addresses import add_sms_address_of
from bot.reach import (
    WINDOW,
    NewEvent,
    best_contact_point,
    channels_of,
    contact_request,
    enqueue_event,
    holds_on,
    past_contacts,
)
from bot.services import Services
from flows.contact.invitation import OFFERED
from models import (
    borrower_table,
    conversation_table,
    event_table,
    loan_table,
    message_table,
)


class UnknownBorrower(LookupError):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"there is no borrower {external_id[:64]!r}")


class NothingToSay(Exception):
    """There is nobody, or nothing, to write about."""

    def __init__(self, rule: str, because: str) -> None:
        super().__init__(because)
        self.rule = rule


def request_outreach(
    connection: Connection, services: Services, borrower: str, flow: str, loan: str | None = None
) -> datetime | Never:
    """When it will leave at the earliest, in UTC, or the rule that forbids it. Raises UnknownBorrower,
    NothingToSay.
    """
    now = services.clock.now()
    rules = load_rules(services.lender.lender.contact_country)
    person = connection.execute(
        select(borrower_table).where(borrower_table.c.external_id == borrower).with_for_update()
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
    add_sms_address_of(connection, services, person.id)
    point = best_contact_point(connection, person.id, usable_only=False, channels=channels_of(services))
    if point is None:
        raise NothingToSay("NO-CONTACT-POINT", "this borrower has no contact point")
    thread = connection.execute(
        select(conversation_table).where(conversation_table.c.id == point.conversation_id)
    ).one()
    if thread.handler != "bot":
        raise NothingToSay("OWNER", "a person has this conversation")
    if (waiting := _waiting(connection, person.id, flow)) is not None:
        return max(waiting, now)
    about = (owed.id, person.id)
    verdict = may_contact(
        contact_request(
            services,
            now,
            point.channel,
            "contact",
            zone=person.zone,
            opted_out=person.opted_out_at is not None,
            contact_point=point.status,
            holds=holds_on(connection, [about], now)[about],
            loan_status=owed.status,
            contacts=past_contacts(connection, person.id, point.conversation_id, now),
            preferred=(person.preferred_from, person.preferred_until),
        ),
        rules,
    )
    if isinstance(verdict, Never):
        return verdict
    at = verdict.at.astimezone(UTC) if isinstance(verdict, NotBefore) else now
    assert isinstance(verdict, Allowed | NotBefore)
    event = NewEvent(
        "outreach",
        point.conversation_id,
        f"asked:{person.id}:{secrets.token_hex(8)}",
        now,
        {"flow": flow, "tone": "kind"} | _step(flow, point.channel, thread.last_in_at, at),
        owed.id,
        point.id,
        not_before=at,
    )
    enqueue_event(connection, event)
    return at


def _step(flow: str, channel: str, last_in_at: datetime | None, at: datetime) -> dict[str, str]:
    """Outside WhatsApp's window it is offered first, as a strategy's step is."""
    open_still = channel != "whatsapp" or (last_in_at is not None and at < last_in_at + WINDOW)
    return {} if open_still or flow not in OFFERED else {"step": "asked"}


def _waiting(connection: Connection, borrower_id: int, flow: str) -> datetime | None:
    """When this flow leaves at the earliest, where it waits for this borrower already."""
    theirs = (
        select(event_table.c.not_before)
        .join(loan_table, loan_table.c.id == event_table.c.loan_id)
        .where(
            loan_table.c.borrower_id == borrower_id,
            event_table.c.kind == "outreach",
            event_table.c.data["flow"].as_string() == flow,
        )
    )
    planned = theirs.where(event_table.c.done_at.is_(None))
    worded = theirs.with_only_columns(message_table.c.not_before).join(
        message_table, message_table.c.event_id == event_table.c.id
    )
    queued = worded.where(message_table.c.status == "queued")
    return connection.scalar(planned.order_by(event_table.c.not_before).limit(1)) or connection.scalar(
        queued.order_by(message_table.c.not_before).limit(1)
    )
