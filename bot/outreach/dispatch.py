"""The dispatcher: claim, ask the rules, mark `sending`, commit; then words on the wire with no transaction open; then what came of it."""

import os
import socket
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, bindparam, select, update

from bot import drill
from bot.channels import Choice, Outgoing, Transport
from bot.clock import system_now
from bot.compliance import Allowed, Never, NotBefore, load_rules, may_contact
from bot.conversation.upsert import insert_new
from bot.outreach import fate
from bot.outreach.outbox import Due, any_due, due
from bot.services import Services
from bot.wording import TEMPLATES, decode, templates
from bot.wording.templates import template_name
from flows.border.effects import Say
from models import Event, Message, Template, reading, writing
from models.ledger import NewEntry, append_many

log = structlog.get_logger(__name__)

_M, _E, _T = Message.__table__, Event.__table__, Template.__table__
WINDOW = timedelta(hours=24) - timedelta(minutes=2)
"""WhatsApp's window, less a margin for the way."""
ME = f"{socket.gethostname()[:20]}:{os.getpid()}"

_MARK = (
    update(_M)
    .where(_M.c.id == bindparam("message"))
    .values(
        status="sending", body=bindparam("words"), choices=bindparam("shown"), claimed_at=bindparam("claimed"), claimed_by=ME,
        attempts=_M.c.attempts + 1, sent_at=bindparam("now"),
    )
)  # fmt: skip


def make_transport(services: Services) -> Transport:
    """Twilio's, made once per worker: its package is heavy and belongs nowhere else."""
    from bot.channels.twilio.client import TwilioTransport
    from bot.channels.twilio.contents import ContentStore

    return TwilioTransport(services.settings, ContentStore(services.engine, services.clock))


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message with its words."""

    due: Due
    outgoing: Outgoing


def dispatch(services: Services, transport: Transport, batch: int = 20) -> int:
    """Sends what is due; how many rows it moved."""
    now = services.clock.now()
    with reading(services.engine) as connection:
        if not any_due(connection, now):
            return 0
    with writing(services.engine) as connection:
        found = due(connection, now, batch)
        ready = [claimed for each in found if (claimed := _judge(connection, services, each, now)) is not None]
        if ready:
            connection.execute(_MARK, [_mark(one, now) for one in ready])
    for one in ready:
        drill.passing("before_call")
        tried = fate.attempt(transport, one.outgoing)
        drill.passing("after_call")
        fate.record(services, one.due.row, tried)
    return len(found)


def _mark(one: Ready, now: datetime) -> dict[str, Any]:
    shown = [dict(choice) for choice in one.outgoing.choices] or None
    return {"message": one.due.row.id, "words": one.outgoing.text, "shown": shown, "claimed": system_now(), "now": now}


def _judge(connection: Connection, services: Services, each: Due, now: datetime) -> Ready | None:
    """Whether it leaves now; else it is put off, or dropped with the rule that forbids it."""
    row = each.row
    if row.author == "bot" and not (row.handler == "bot" or (row.handler == "queue" and row.queued_at and row.created_at <= row.queued_at)):
        _suppress(connection, each, "OWNER", now)
        return None
    if row.purpose == "contact" and row.loan_id is not None and not row.outstanding_centavos:
        _suppress(connection, each, "PAID", now)
        return None
    match may_contact(each.request(services, now), load_rules(services.lender.lender.contact_country)):
        case Never(rule=rule):
            _suppress(connection, each, rule, now)
        case NotBefore(at=at, rule=rule):
            _put_off(connection, each, at, rule, now)
        case Allowed(until=until):
            if row.purpose == "contact" and (each.money_moved or _day(services, each, row.created_at) != _day(services, each, now)):
                _plan_again(connection, each, now, "STALE", now)
                return None
            return _ready(connection, services, each, until, now)
    return None


def _day(services: Services, each: Due, at: datetime) -> object:
    return at.astimezone(each.zone or ZoneInfo(services.settings.timezone)).date()


def _put_off(connection: Connection, each: Due, at: datetime, rule: str, now: datetime) -> None:
    """A contact is worded anew when it may leave: what it says must be true then."""
    if each.row.purpose == "contact":
        _plan_again(connection, each, at, rule, now)
    else:
        connection.execute(update(_M).where(_M.c.id == each.row.id).values(not_before=at, error=rule))


def _plan_again(connection: Connection, each: Due, at: datetime, rule: str, now: datetime) -> None:
    row = each.row
    event = {
        "conversation_id": row.conversation_id, "loan_id": row.loan_id, "kind": "outreach", "data": {"flow": "reminder", "tone": (row.wording or {}).get("tone", "kind")},
        "key": f"again:{row.id}", "not_before": at, "attempts": 0, "created_at": now,
    }  # fmt: skip
    connection.execute(insert_new(connection, _E, ("key",)), event)
    connection.execute(update(_M).where(_M.c.id == row.id).values(status="suppressed", error=rule))


def _suppress(connection: Connection, each: Due, rule: str, now: datetime) -> None:
    row = each.row
    connection.execute(update(_M).where(_M.c.id == row.id).values(status="suppressed", error=rule))
    if row.purpose != "reply":
        data = {"message": row.id, "channel": row.channel, "rule": rule}
        loans = fate.loans_of(connection, row)
        if loans:
            append_many(
                connection,
                {loan: [NewEntry("contact.suppressed", data, "system:dispatch", key=f"suppressed:{row.id}:{loan}")] for loan in loans},
                now,
            )


def _ready(connection: Connection, services: Services, each: Due, until: datetime, now: datetime) -> Ready | None:
    """The words; outside WhatsApp's window only an approved template may carry them."""
    row = each.row
    language = row.language or services.wording.locales[-1]
    if row.wording is None:  # an agent's own words
        outgoing = Outgoing(row.id, row.channel, row.address, row.body, language)
    else:
        say = decode(row.wording)
        rendered = services.wording.render(say, language)
        choices = tuple(Choice(payload=c["payload"], title=c["title"]) for c in rendered.choices)
        outgoing = Outgoing(row.id, row.channel, row.address, rendered.text, language, choices)
        open_until = row.last_in_at + WINDOW if row.last_in_at else None
        if row.channel == "whatsapp" and (open_until is None or open_until <= now):
            found = _template(connection, services, say, language)
            if found is None:
                fate.fail(connection, row, "no_template", now)
                return None
            outgoing = replace(outgoing, template=found[0], variables=found[1])
    if row.purpose != "reply":
        outgoing = replace(outgoing, valid_seconds=int((until - now).total_seconds()))
    return Ready(each, outgoing)


def _template(connection: Connection, services: Services, say: Say, language: str) -> tuple[str, tuple[str, ...]] | None:
    """`(content sid, variables)` of the approved template for these words; null when they are none."""
    key, params = say.lines[0]
    if len(say.lines) != 1 or key not in TEMPLATES:
        return None
    name = template_name(key, say.tone)
    sid = connection.scalar(select(_T.c.content_sid).where(_T.c.name == name, _T.c.language == language, _T.c.status == "approved"))
    wanted = next((t for t in templates(services.wording) if t.name == name and t.language == language), None)
    return (sid, services.wording.variables(wanted.params, params, language)) if sid and wanted else None
