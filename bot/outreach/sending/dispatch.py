"""The dispatcher: claim, ask the rules, mark `sending`, commit; then send with no transaction open; then
record the outcome.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, bindparam, select, update

from bot.channels import NoTemplate, Outgoing, Transport, as_numbered
from bot.clock import system_now
from bot.compliance import Allowed, Never, NotBefore, load_rules, may_contact
from bot.outreach.sending import attempts, delivery, pace
from bot.outreach.sending.entries import record_contact
from bot.outreach.sending.outbox import ANY_DUE, Due, any_due, due, known, without
from bot.outreach.sending.senders import Call, Senders, send
from bot.outreach.sending.words import outgoing_for
from bot.services import Services
from models import message_table, read_autocommit, write_tx
from models.base import AnyRow
from models.trace import traced
from values import sms_segments

log = structlog.get_logger(__name__)

ME = f"{socket.gethostname()[:20]}:{os.getpid()}"
CLAIM = timedelta(seconds=7)
"""Longer than a call may take: a claim this old was left behind by a process that is gone."""

_LOOK = select(ANY_DUE.exists(), attempts.ANY_LEFT_BEHIND.exists())
"""Asked seven times a second by each worker: one statement while there is nothing to do."""
_MARK = (
    update(message_table)
    .where(message_table.c.id == bindparam("message"))
    .values(
        status="sending",
        body=bindparam("words"),
        choices=bindparam("shown"),
        attempts=message_table.c.attempts + 1,
        sent_at=bindparam("now"),
        segments=bindparam("segments"),
    )
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message with its words."""

    due: Due
    outgoing: Outgoing


def dispatch(
    services: Services, transport: Transport, batch: int = 64, senders: Senders | None = None
) -> int:
    """Sends what is due, all at once by `senders` where given; how many rows it moved."""
    now, at = services.clock.now(), system_now()
    dead = at - CLAIM
    with read_autocommit(services.engine) as connection:
        waiting, left_behind = connection.execute(_LOOK, {"now": now, "dead": dead, **without(())}).one()
        speed = pace.read_pace(connection, services, now, at) if waiting else pace.Pace()
        if speed.closed:
            waiting = any_due(connection, now, speed.closed)
    if left_behind:
        take_up(services, dead)
    batch = int(min(batch, speed.room, senders.free() if senders else batch))
    if not waiting or batch < 1:
        return 0
    with write_tx(services.engine) as connection:
        rows = due(connection, now, batch, speed.closed)
        found = known(connection, pace.within_rate(connection, services, rows, at), now)
        judged = [_judged(connection, services, each, now, speed) for each in found]
        ready = _opened(connection, services, [one for one in judged if one is not None], now)
        claimed_at = system_now()
        pace.spend(connection, services, [one.outgoing.channel for one in ready], claimed_at)
        if ready:
            connection.execute(_MARK, [_marked(one, now) for one in ready])
            begun = attempts.begin(connection, [_attempt(one, now, claimed_at) for one in ready])
    calls = [Call(one.due.row, one.outgoing, begun[one.due.row.id], claimed_at) for one in ready]
    if senders:
        senders.run(services, transport, calls)
    else:
        for call in calls:
            send(services, transport, call)
    return len(found)


def _opened(connection: Connection, services: Services, ready: list[Ready], now: datetime) -> list[Ready]:
    """Without those that would open more conversations than WhatsApp lets us: they wait."""
    opening = [one for one in ready if one.outgoing.template is not None]
    beyond = opening[pace.may_open(connection, services, len(opening), now) :]
    for one in beyond:
        _wait(connection, one.due, now + pace.FULL)
    return [one for one in ready if one not in beyond]


def take_up(services: Services, dead: datetime) -> int:
    """Claims older than `dead` (machine time) belong to processes that are gone; what became of those
    messages the provider must say.
    """
    with write_tx(services.engine) as connection:
        messages = attempts.abandon(connection, dead)
        left = message_table.c.id.in_(messages) & (message_table.c.status == "sending")
        return connection.execute(update(message_table).where(left).values(status="unknown")).rowcount


def _marked(one: Ready, now: datetime) -> dict[str, Any]:
    outgoing = one.outgoing
    shown = [dict(choice) for choice in outgoing.choices] or None
    return {
        "message": one.due.row.id,
        "words": outgoing.text,
        "shown": shown,
        "now": now,
        "segments": _segments(outgoing) if outgoing.channel == "sms" else None,
    }


def _segments(outgoing: Outgoing) -> int:
    return sms_segments(as_numbered(outgoing.text, outgoing.choices))


def _attempt(one: Ready, now: datetime, claimed_at: datetime) -> dict[str, Any]:
    return {
        "message_id": one.due.row.id,
        "address": one.outgoing.address,
        "template": one.outgoing.template,
        "claimed_by": ME,
        "claimed_at": claimed_at,
        "started_at": now,
    }


def _judged(
    connection: Connection, services: Services, each: Due, now: datetime, speed: pace.Pace
) -> Ready | None:
    """By what caused it: what is put off, or planned anew, bears the same trace."""
    with traced(each.row.trace):
        return _judge(connection, services, each, now, speed)


def _judge(
    connection: Connection, services: Services, each: Due, now: datetime, speed: pace.Pace
) -> Ready | None:
    """Whether it leaves now; else it is put off, or dropped with the rule that forbids it."""
    row = each.row
    if row.author == "bot" and not _bot_may_speak(each):
        _suppress(connection, each, "OWNER", now)
        return None
    if row.somebody_else_since is not None and row.id < row.somebody_else_since:
        _take_back(connection, each, "IDENTITY", now)
        return None
    if row.purpose == "contact" and row.loan_id is not None and not row.outstanding_centavos:
        _suppress(connection, each, "PAID", now)
        return None
    match may_contact(each.request(services, now), load_rules(services.lender.lender.contact_country)):
        case Never(rule=rule):
            if rule != "THIRD-PARTY" or not delivery.goes_elsewhere(connection, services, row, rule, now):
                _suppress(connection, each, rule, now)
        case NotBefore(at=at, rule=rule):
            _put_off(connection, each, at, rule, now)
        case Allowed(until=until):
            if delivery.is_planned(row) and _stale(services, each, now):
                _put_off(connection, each, now, "STALE", now)
            elif (free_at := speed.waits_until(each, now)) is not None:
                _wait(connection, each, free_at)
            else:
                return _worded(connection, services, each, until, now)
    return None


def _bot_may_speak(each: Due) -> bool:
    """The bot's conversation; or an answer that was queued before, or by, the turn that handed it over."""
    row = each.row
    before = row.purpose == "reply" and row.queued_at is not None and row.created_at <= row.queued_at
    return row.handler == "bot" or (row.handler == "queue" and before)


def _stale(services: Services, each: Due, now: datetime) -> bool:
    """Whether it would say what is no longer true: money moved, the borrower wrote, or the day is another."""
    zone = each.zone or ZoneInfo(services.settings.timezone)
    answered = each.row.last_in_at is not None and each.row.last_in_at > each.row.created_at
    return (
        answered
        or each.money_moved
        or each.row.created_at.astimezone(zone).date() != now.astimezone(zone).date()
    )


def _put_off(connection: Connection, each: Due, at: datetime, rule: str, now: datetime) -> None:
    """A contact is taken up as a new turn when it may leave: what it says must be true then."""
    row = each.row
    if delivery.is_planned(row):
        delivery.plan_again(connection, row, at, now)
        delivery.withdraw(connection, row, rule)
    else:
        connection.execute(update(message_table).where(message_table.c.id == row.id).values(not_before=at))


def _take_back(connection: Connection, each: Due, rule: str, now: datetime) -> None:
    """It was worded for whoever had proved to be writing; a contact is planned anew, for who is there now."""
    if delivery.is_planned(each.row):
        _put_off(connection, each, now, rule, now)
    else:
        _suppress(connection, each, rule, now)


def _wait(connection: Connection, each: Due, at: datetime) -> None:
    """The sender's day is full."""
    waits = {"not_before": at, "reason": "SENDER-FULL"}
    connection.execute(update(message_table).where(message_table.c.id == each.row.id).values(**waits))


def _suppress(connection: Connection, each: Due, rule: str, now: datetime) -> None:
    log.info("message suppressed", message=each.row.id, rule=rule)
    delivery.withdraw(connection, each.row, rule)
    record_contact(connection, each.row, "suppressed", now, delivery.SYSTEM, rule=rule)


def _worded(
    connection: Connection, services: Services, each: Due, until: datetime, now: datetime
) -> Ready | None:
    """A message whose words cannot be made is a person's to see; it holds up no other."""
    row = each.row
    try:
        return Ready(each, outgoing_for(connection, services, each, until, now))
    except NoTemplate as error:
        _without_template(connection, services, row, error, now)
    except Exception as error:
        log.exception("words raised", message=row.id, conversation=row.conversation_id)
        delivery.fail(connection, row, type(error).__name__[:16], now)
    return None


def _without_template(
    connection: Connection, services: Services, row: AnyRow, error: NoTemplate, now: datetime
) -> None:
    """What nobody asked for goes another way where WhatsApp refused its template, else it waits inside its
    window.
    """
    if not error.about or row.purpose == "reply":
        delivery.fail(connection, row, "no_template", now, key=error.task_key(row))
    elif error.refused and delivery.goes_elsewhere(connection, services, row, "TEMPLATE", now):
        pass
    elif now < delivery.window_end(connection, services, row):
        delivery.wait_for_template(connection, row, error, now)
    else:
        delivery.fail(connection, row, "no_template", now, key=error.task_key(row))
