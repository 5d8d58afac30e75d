"""What the delivery of messages shows about the addresses they went to."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, update

from bot.channels import Reaction, stop_template
from bot.outreach.sending.entries import record_of_people
from bot.outreach.sending.next_step import NextStep, SendAgain
from models import borrower_table, contact_point_table, conversation_table, message_table
from models.base import AnyRow

_PROVIDER = "provider:twilio"
POINT_FAILED = (
    exists()
    .where(
        contact_point_table.c.conversation_id == message_table.c.conversation_id,
        contact_point_table.c.channel == message_table.c.channel,
        contact_point_table.c.failures > 0,
    )
    .label("point_failed")
)
"""Whether a message went where earlier ones failed."""
_REACHED = (
    update(contact_point_table)
    .where(
        contact_point_table.c.conversation_id == bindparam("conversation"),
        contact_point_table.c.channel == bindparam("by"),
        contact_point_table.c.failures > 0,
    )
    .values(failures=0)
)


def learn(
    connection: Connection, row: AnyRow, code: str, reaction: Reaction, step: NextStep, now: datetime
) -> None:
    """Marks the contact point, the person or the template that a refusal is about."""
    here = (contact_point_table.c.conversation_id == row.conversation_id) & (
        contact_point_table.c.channel == row.channel
    )
    match reaction:
        case "opted_out":
            _opted_out(connection, row, code, now)
        case "other_form" if isinstance(step, SendAgain) and step.channel is None:
            connection.execute(
                update(contact_point_table)
                .where(here, contact_point_table.c.address == row.address)
                .values(address=step.address)
            )
            connection.execute(
                update(conversation_table)
                .where(
                    conversation_table.c.id == row.conversation_id,
                    conversation_table.c.address == row.address,
                )
                .values(address=step.address)
            )
        case "other_form" | "point_invalid":
            dead = here & contact_point_table.c.status.in_(("unverified", "confirmed"))
            connection.execute(
                update(contact_point_table)
                .where(dead)
                .values(status="invalid", closed_reason=code, failures=contact_point_table.c.failures + 1)
            )
        case "template_bug" if sid := row.template:
            stop_template(connection, sid, code, now)
        case "later_then_channel" | "other_channel" | "wait_day":
            connection.execute(
                update(contact_point_table).where(here).values(failures=contact_point_table.c.failures + 1)
            )
        case _:
            pass


def _opted_out(connection: Connection, row: AnyRow, code: str, now: datetime) -> None:
    """A person who blocks us, or whom the carrier has unsubscribed, has asked for silence; nobody else at the
    address has less reason to.
    """
    here = (
        (contact_point_table.c.conversation_id == row.conversation_id)
        & (contact_point_table.c.channel == row.channel)
        & (contact_point_table.c.status != "closed")
    )
    connection.execute(
        update(contact_point_table).where(here).values(status="closed", closed_reason=f"blocked:{code}")
    )
    people = (
        [row.borrower_id]
        if row.borrower_id is not None
        else select(contact_point_table.c.borrower_id).where(
            contact_point_table.c.conversation_id == row.conversation_id
        )
    )
    connection.execute(
        update(borrower_table)
        .where(borrower_table.c.id.in_(people), borrower_table.c.opted_out_at.is_(None))
        .values(opted_out_at=now)
    )
    record_of_people(connection, row, "optout.recorded", now, _PROVIDER, error=code)
    record_of_people(connection, row, "contact_point.closed", now, _PROVIDER, reason=f"blocked:{code}")


def reached(connection: Connection, row: AnyRow) -> None:
    """Somebody is there: earlier failures no longer count. `row` has `POINT_FAILED`."""
    if row.point_failed:
        there = {"conversation": row.conversation_id, "by": row.channel}
        connection.execute(_REACHED, there)
