"""Conversations through the real turn: a borrower who writes, our answers that leave, what the records say
afterwards.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Engine, select, update

from bot.conversation import Incoming, Received, receive
from bot.outreach import dispatch
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, LedgerEntry, Message, read_tx, write_tx
from models.base import AnyRow
from tests.fake_provider import FakeProvider
from tests.loans import add_borrower, add_loan
from tests.services import ACCOUNT, Wire, make_test_services

CLABE = "012180001234567899"
DUE = [
    (date(2026, 11, 30), {"principal": 50_000, "interest": 10_000}),
    (date(2026, 12, 15), {"principal": 50_000, "interest": 5_000}),
]
_SIDS = count(1)


@dataclass
class Talk:
    """One borrower's phone. What is sent to them leaves at once, unless `dispatching` is false."""

    services: Services
    number: int
    borrower: int
    conversation: int
    loan: int
    wire: Wire = field(default_factory=Wire)
    dispatching: bool = True

    @property
    def phone(self) -> str:
        return f"+525500{self.number:06d}"

    @property
    def provider(self) -> FakeProvider:
        found = self.services.debit
        assert isinstance(found, FakeProvider)
        return found

    def say(self, text: str, payload: str | None = None, channel: str = "whatsapp") -> Received:
        scheme, sid = "whatsapp:" if channel == "whatsapp" else "", f"SMin{next(_SIDS):08d}"
        received = receive(
            self.services,
            Incoming(
                channel,
                f"{scheme}{self.phone}",
                self.phone,
                f"{scheme}+525550000000",
                ACCOUNT,
                sid,
                text,
                self.services.clock.now(),
                payload=payload,
            ),
        )
        self.send()
        return received

    def send(self) -> None:
        while self.dispatching and dispatch(self.services, self.wire):
            pass

    def advance(self, **by: float) -> None:
        self.services.clock.advance(**by)  # type: ignore[attr-defined]

    def rows(self, record: Any, *where: Any) -> list[AnyRow]:
        table = record.__table__
        with read_tx(self.services.engine) as connection:
            return list(connection.execute(select(table).where(*where).order_by(table.c.id)))

    def ours(self) -> list[AnyRow]:
        return self.rows(Message, Message.direction == "out", Message.conversation_id == self.conversation)

    def ledger(self, prefix: str = "") -> list[AnyRow]:
        return [
            row
            for row in self.rows(LedgerEntry, LedgerEntry.loan_id == self.loan)
            if row.kind.startswith(prefix)
        ]

    def kinds(self, prefix: str = "") -> list[str]:
        return [row.kind for row in self.ledger(prefix)]

    def to_terms(self) -> None:
        """Until the terms are on the phone."""
        for text in ("quiero domiciliar mi pago", CLABE, "sí"):
            self.say(text)

    def to_authorized(self) -> None:
        self.to_terms()
        self.say("ACEPTO")


def talk(
    engine: Engine, at: datetime, number: int = 1, services: Services | None = None, **person: Any
) -> Talk:
    """A confirmed borrower, who owes two instalments and has had the notice."""
    services = services or make_test_services(engine, at)
    with write_tx(engine) as connection:
        values = {"birth_date": date(1990, 3, 15), "notice_given_at": at, **person}
        borrower, conversation = add_borrower(connection, number, **values)
        loan = add_loan(connection, borrower, number, DUE)
        connection.execute(
            update(ContactPoint)
            .where(ContactPoint.borrower_id == borrower)
            .values(confirmed_at=at, status="confirmed")
        )
        connection.execute(
            update(Conversation).where(Conversation.id == conversation).values(borrower_id=borrower)
        )
        connection.execute(update(Borrower).where(Borrower.id == borrower).values(curp=person.get("curp")))
    return Talk(services, number, borrower, conversation, loan)
