"""What becomes of a message that a provider did not take, or could not deliver: it waits, goes another way,
or is a person's task. By the answer to the call or, later, by a receipt.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from bot.channels import NoTemplate, Reaction
from bot.outreach.sending import attempts, health, pace
from bot.outreach.sending.entries import record_contact
from bot.outreach.sending.next_step import SOON, Drop, NextStep, Refused, Replan, SendAgain, next_step
from bot.reach import NewEvent, NewTask, best_contact_points, enqueue_event, open_task
from bot.services import Services
from models import (
    borrower_table,
    contact_point_table,
    event_table,
    loan_table,
    message_table,
)
from models.base import AnyRow
from values import address_key

_COPIED = (
    "conversation_id",
    "borrower_id",
    "loan_id",
    "direction",
    "author",
    "agent_id",
    "wording",
    "media",
    "purpose",
    "event_id",
    "created_at",
)
SYSTEM, PROVIDER = "system:dispatch", "provider:twilio"
DAY_IS_FULL = ("63018", "63038", "30454")
"""The sender's or the account's own limit is reached: each further call would be refused too."""
HOUR = timedelta(hours=1)
PATIENCE, TEMPLATE_CHECK = timedelta(days=3), timedelta(minutes=5)
"""How long a message waits for its template where no step says so, and how often it is looked at again."""


def refused(
    connection: Connection, services: Services, row: AnyRow, code: str, reaction: Reaction, now: datetime
) -> NextStep:
    """`row` is as `attempts.reload` gives it. One that the provider had taken stays as it failed, and a copy
    goes on: their receipts must not mix.
    """
    taken = row.sid is not None
    if row.attempt_id is not None:
        attempts.settle(connection, row.attempt_id, "taken" if taken else "refused", now, code)
    step = next_step(reaction, _situation(connection, services, row))
    if reaction == "retry" and now - row.created_at < PATIENCE and pace.is_broken(connection, row.channel):
        step = SendAgain(SOON, counted=False)  # the provider is away for all: nobody's message is given up
    health.learn(connection, row, code, reaction, step, now)
    match step:
        case SendAgain() if not taken and step.channel is None:
            _again(connection, row, step, now)
        case SendAgain():
            _failed(connection, row, code, now, taken=taken)
            _copy(connection, row, step, now)
        case Replan() if is_planned(row):
            _failed(connection, row, code, now, taken=taken)
            plan_again(connection, row, now, now)
        case Replan():
            fail(connection, row, code, now, taken=taken)
        case Drop(shown=shown):
            fail(connection, row, code, now, taken=taken, shown=shown)
    if reaction == "stop_sender":
        pace.pause_sender(connection, services, row.channel, code, now + SOON, now)
    if reaction == "wait_day" and code in DAY_IS_FULL:
        pace.close_day(connection, services, row.channel, code, now + HOUR, now)
    return step


def _situation(connection: Connection, services: Services, row: AnyRow) -> Refused:
    return Refused(
        channel=row.channel,
        address=row.address,
        purpose=row.purpose or "reply",
        tries=row.attempts,
        form=row.form,
        others=tuple(_others(connection, services, row)),
        has_choices=bool(row.choices),
        was_template=row.template is not None,
    )


def _others(connection: Connection, services: Services, row: AnyRow) -> Iterator[tuple[str, str]]:
    """The other channels that are configured and reach the same person, in the lender's order."""
    for channel in services.lender.policy.next_channel.get(row.channel, ()):
        address = _REACHED_BY[channel](connection, services, row)
        if address is not None:
            yield channel, address


def _by_sms(_connection: Connection, services: Services, row: AnyRow) -> str | None:
    phone = address_key(row.address)
    return phone if services.settings.sms_from and phone.startswith("+") else None


def _by_email(connection: Connection, services: Services, row: AnyRow) -> str | None:
    if not services.settings.smtp_url or row.borrower_id is None:
        return None
    points = best_contact_points(("email",)).where(
        contact_point_table.c.borrower_id == row.borrower_id,
        contact_point_table.c.conversation_id == row.conversation_id,
    )
    found = points.subquery()
    return connection.scalar(select(found.c.address).where(found.c.rank == 1))


_REACHED_BY: dict[str, Callable[[Connection, Services, AnyRow], str | None]] = {
    "whatsapp": lambda _connection, _services, _row: None,
    "sms": _by_sms,
    "email": _by_email,
}
"""The address at which the same person is reached by another channel; nobody falls back to WhatsApp."""


def _again(connection: Connection, row: AnyRow, step: SendAgain, now: datetime) -> None:
    values = {
        "status": "queued",
        "not_before": now + step.wait,
        "form": step.form,
        "attempts": row.attempts - (not step.counted),
        "address": step.address or row.address,
    }
    connection.execute(update(message_table).where(message_table.c.id == row.id).values(**values))


def _copy(connection: Connection, row: AnyRow, step: SendAgain, now: datetime) -> None:
    """`created_at` is the first one's: what was queued yesterday is as old as it is."""
    other = step.channel is not None
    copy = {name: getattr(row, name) for name in _COPIED} | {
        "status": "queued",
        "body": row.body if row.wording is None else "",
        "channel": step.channel or row.channel,
        "address": step.address or row.address,
        "sender": None if other else row.sender,
        "not_before": now + step.wait,
        "attempts": 0 if other else row.attempts - (not step.counted),
        "contact_point_id": None if other else row.contact_point_id,
        "form": step.form,
        "instead_of_id": row.id,
    }
    connection.execute(insert(message_table), copy)


def goes_elsewhere(connection: Connection, services: Services, row: AnyRow, rule: str, now: datetime) -> bool:
    """The same words by another channel that reaches this person, where there is one: by `rule` this one may
    not carry them.
    """
    other = next(_others(connection, services, row), None)
    if other is None:
        return False
    here = message_table.c.id == row.id
    connection.execute(update(message_table).where(here).values(status="suppressed", reason=rule))
    _copy(connection, row, SendAgain(channel=other[0], address=other[1]), now)
    return True


def _failed(connection: Connection, row: AnyRow, code: str, now: datetime, *, taken: bool) -> None:
    connection.execute(
        update(message_table).where(message_table.c.id == row.id).values(status="failed", reason=code)
    )
    if not taken:
        _notice_not_given(connection, row)
    record_contact(connection, row, "failed", now, PROVIDER if taken else SYSTEM, error=code)


def fail(
    connection: Connection,
    row: AnyRow,
    code: str,
    now: datetime,
    *,
    taken: bool = False,
    shown: bool = True,
    key: str | None = None,
) -> None:
    """It does not arrive; the ledger says so and, where `shown`, a person is notified: once per `key`."""
    _failed(connection, row, code, now, taken=taken)
    if shown:
        open_task(
            connection,
            NewTask(
                "not_sent",
                now,
                key=key or f"not_sent:{row.id}",
                conversation_id=row.conversation_id,
                loan_id=row.loan_id,
                message_id=row.id,
                data={"error": code, "channel": row.channel},
            ),
        )


def withdraw(connection: Connection, row: AnyRow, rule: str) -> None:
    """It does not leave; the first-contact notice, if it was among its words, is not given yet."""
    connection.execute(
        update(message_table).where(message_table.c.id == row.id).values(status="suppressed", reason=rule)
    )
    _notice_not_given(connection, row)


def _notice_not_given(connection: Connection, row: AnyRow) -> None:
    if row.borrower_id is not None:
        with_it = (borrower_table.c.id == row.borrower_id) & (
            borrower_table.c.notice_given_at == row.created_at
        )
        connection.execute(update(borrower_table).where(with_it).values(notice_given_at=None))


def window_end(connection: Connection, services: Services, row: AnyRow) -> datetime:
    """How long a message that we send unasked may wait: to the last day of its step; else for some days."""
    query = (
        select(event_table.c.data, loan_table.c.overdue_since)
        .outerjoin(loan_table, loan_table.c.id == event_table.c.loan_id)
        .where(event_table.c.id == row.event_id)
    )
    cause = connection.execute(query).first()
    if cause is None or cause.overdue_since is None or "until" not in cause.data:
        queued_at: datetime = row.created_at
        return queued_at + PATIENCE
    after = cause.overdue_since + timedelta(days=cause.data["until"] + 1)
    return datetime.combine(after, time(), ZoneInfo(services.settings.timezone))


def wait_for_template(connection: Connection, row: AnyRow, error: NoTemplate, now: datetime) -> None:
    """It leaves once its template is approved; meanwhile a person is shown what it waits for, unless they are
    notified of WhatsApp's decision.
    """
    waits = {"not_before": now + TEMPLATE_CHECK, "reason": "TEMPLATE"}
    connection.execute(update(message_table).where(message_table.c.id == row.id).values(**waits))
    if error.refused:
        return
    data = {"error": "no_template", "channel": row.channel}
    key = error.task_key(row)
    open_task(connection, NewTask("not_sent", now, key=key, message_id=row.id, data=data))


def is_planned(row: AnyRow | Row[Any]) -> bool:
    """A contact of the bot's: worded and planned anew rather than sent late. An agent's own words stand as
    they are.
    """
    return row.purpose == "contact" and row.wording is not None and row.author == "bot"


def plan_again(connection: Connection, row: AnyRow | Row[Any], at: datetime, now: datetime) -> None:
    """The contact is taken up as a new turn at `at`, with its flow and its contact point: what it says must
    be true then.
    """
    cause = connection.execute(
        select(event_table.c.kind, event_table.c.data, event_table.c.contact_point_id).where(
            event_table.c.id == (row.event_id or 0)  # SQLite walks the table for a null
        )
    ).first()
    data = cause.data if cause else {"flow": "reminder", "tone": row.wording["tone"]}
    event = NewEvent(
        cause.kind if cause else "outreach",
        row.conversation_id,
        f"again:{row.id}",
        now,
        {
            **data,
            "unasked_at": row.created_at.isoformat(timespec="seconds"),
            "instead_of": row.id,
        },
        row.loan_id,
        cause.contact_point_id if cause else row.contact_point_id,
        not_before=at,
    )
    enqueue_event(connection, event)
