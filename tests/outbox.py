"""An outbox for tests: a borrower with one loan, and a transport that remembers and answers as scripted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from bot.channels import Held, Listed, Outgoing, Sent
from bot.channels.twilio.templates import template_hash
from bot.compliance import Never
from bot.conversation import Incoming
from bot.outreach import dispatch, request_outreach
from bot.services import Services
from bot.wording import encode, templates
from flows.types.effects import Choice, Say
from models import (
    DeliveryAttempt,
    LedgerEntry,
    Message,
    Task,
    Template,
    delivery_attempt_table,
    message_table,
    read_tx,
    sender_table,
    write_tx,
)
from models.base import AnyRow
from tests.services import ACCOUNT

REPLY = Say((("thanks.back", {}),))
OPENING = Say(
    (("identity.opening", {"name": "Ana", "lender": "Jacaranda"}),),
    (Choice("yes", "answer.yes"), Choice("no", "answer.no")),
    purpose="contact",
)


def ask_outreach(services: Services, borrower: str, flow: str = "reminder") -> datetime | Never:
    """A flow asked for by the lender."""
    with write_tx(services.engine) as connection:
        return request_outreach(connection, services, borrower, flow)


SETTLED_AS = {
    "queued": "refused",
    "suppressed": "refused",
    "failed": "refused",
    "sending": "sending",
    "unknown": "unknown",
}


def add_attempt(connection: Connection, message: int, **values: Any) -> None:
    """An attempt to deliver `message`, as its status says that it ended."""
    row = connection.execute(select(message_table).where(Message.id == message)).one()
    at = row.sent_at or row.created_at
    attempt = {
        "message_id": message,
        "address": row.address,
        "outcome": "taken" if values.get("provider_sid") else SETTLED_AS.get(row.status, "taken"),
        "claimed_by": "test",
        "claimed_at": at,
        "started_at": at,
    } | values
    connection.execute(insert(DeliveryAttempt).values(**attempt))


def with_newest_attempt() -> Select[Any]:
    """Messages with the error code and the SID of their newest attempt."""
    newest = select(func.max(DeliveryAttempt.id)).where(DeliveryAttempt.message_id == Message.id)
    tried = delivery_attempt_table.c.id == newest.correlate(message_table).scalar_subquery()
    return select(
        message_table,
        delivery_attempt_table.c.provider_sid.label("sid"),
        delivery_attempt_table.c.error_code,
        delivery_attempt_table.c.outcome,
        delivery_attempt_table.c.template,
    ).outerjoin_from(message_table, delivery_attempt_table, tried)


@dataclass
class FakeTwilio:
    """What was sent; what it answers, once each, before it goes back to taking everything."""

    sent: list[Outgoing] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    during: Callable[[Outgoing], None] = lambda _: None

    def send(self, outgoing: Outgoing) -> Sent:
        self.during(outgoing)
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(outgoing)
        return Sent(f"SM{len(self.sent):032d}", ACCOUNT)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        return self.listed

    def received_since(self, since: datetime) -> list[Held]:
        return []

    def incoming(self, held: Held, at: datetime) -> Incoming:
        raise NotImplementedError


@dataclass
class Outbox:
    services: Services
    twilio: FakeTwilio
    borrower: int
    conversation: int
    loan: int

    def queue(self, say: Say = REPLY, attempt: dict[str, Any] | None = None, **values: Any) -> int:
        with write_tx(self.services.engine) as connection:
            row = self.reply(values, say)
            message = connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one()
            if attempt is not None:
                add_attempt(connection, message, **attempt)
        return message

    def reply(self, values: Mapping[str, Any], say: Say = REPLY) -> dict[str, Any]:
        """A queued message as a row."""
        now = self.services.clock.now()
        return {
            "conversation_id": self.conversation,
            "borrower_id": self.borrower,
            "loan_id": self.loan,
            "direction": "out",
            "author": "bot",
            "channel": "whatsapp",
            "address": "whatsapp:+525500000001",
            "status": "queued",
            "wording": encode(say),
            "purpose": say.purpose,
            "not_before": now,
            "created_at": now,
        } | dict(values)

    def run(self) -> int:
        return dispatch(self.services, self.twilio)

    def row(self, message: int) -> AnyRow:
        with read_tx(self.services.engine) as connection:
            return connection.execute(with_newest_attempt().where(Message.id == message)).one()

    def rows(self) -> list[AnyRow]:
        with read_tx(self.services.engine) as connection:
            return list(
                connection.execute(
                    with_newest_attempt().where(Message.direction == "out").order_by(Message.id)
                )
            )

    def sender(self, channel: str) -> AnyRow:
        with read_tx(self.services.engine) as connection:
            return connection.execute(select(sender_table).where(sender_table.c.channel == channel)).one()

    def set(self, record: type, **values: Any) -> None:
        with write_tx(self.services.engine) as connection:
            connection.execute(update(record).values(**values))

    def advance(self, **by: float) -> None:
        self.services.clock.advance(**by)  # type: ignore[attr-defined]

    def tasks(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            return list(connection.scalars(select(Task.kind).order_by(Task.id)))

    def open_tasks(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            return list(connection.scalars(select(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id)))

    def ledger(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            kinds = (
                select(LedgerEntry.kind)
                .where(LedgerEntry.kind.regexp_match("^(contact|optout)"))
                .order_by(LedgerEntry.id)
            )
            return list(connection.scalars(kinds))

    def add_template(self, key: str = "identity.opening", **values: Any) -> None:
        """A template that was submitted, and not decided yet unless `values` say otherwise."""
        wanted = next(t for t in templates(self.services.wording) if (t.key, t.language) == (key, "es_MX"))
        row = {
            "hash": template_hash(wanted),
            "name": wanted.name,
            "language": "es_MX",
            "content_sid": "HX1",
            "status": "pending",
            "category": None,
            "created_at": self.services.clock.now(),
        }
        with write_tx(self.services.engine) as connection:
            connection.execute(insert(Template).values(**(row | values)))
