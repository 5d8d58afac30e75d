"""Charging as the worker runs it, over a provider in memory and a wire that takes every message."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bot.conversation import take_events
from bot.debit import charging
from bot.debit.port import ChargeReport
from bot.money import Outcome, Reported
from bot.outreach import dispatch
from bot.portfolio.payments import receive_payment
from bot.services import Services
from models import (
    ContactPoint,
    Conversation,
    Event,
    Instalment,
    LedgerEntry,
    Mandate,
    Message,
    Task,
    Transition,
    charge_table,
    message_table,
    read_tx,
    write_tx,
)
from models.base import AnyRow
from models.ledger import verify
from tests.fake_provider import FakeProvider
from tests.loans import OPENED, add_borrower, add_loan
from tests.mandates import add_mandate
from tests.services import Wire, approve_templates, make_test_services, set_provider
from values import CITY, Money


@dataclass
class House:
    """One borrower, Ana, known on WhatsApp, whose templates are approved; her loan and its active mandate."""

    services: Services
    provider: FakeProvider
    loan: int
    mandate: int
    wire: Wire = field(default_factory=Wire)

    def at(self, text: str) -> None:
        """The clock, Mexico City time."""
        self.services.clock.at = datetime.fromisoformat(text).replace(tzinfo=CITY)  # type: ignore[attr-defined]

    def announce(self) -> None:
        """Plans, queues notices, takes their turns, sends them, notes that they left."""
        charging.plan(self.services)
        self.talk()
        charging.notify(self.services)

    def talk(self) -> None:
        charging.notify(self.services)
        take_events(self.services)
        while dispatch(self.services, self.wire):
            pass

    def submit(self) -> int:
        return charging.submit(self.services)

    def look(self) -> int:
        return charging.poll_results(self.services)

    def charges(self) -> list[AnyRow]:
        with read_tx(self.services.engine) as connection:
            return list(connection.execute(select(charge_table).order_by(charge_table.c.id)))

    @property
    def charge(self) -> AnyRow:
        return self.charges()[-1]

    def statuses(self) -> list[str]:
        return [row.status for row in self.charges()]

    def texts(self) -> list[str]:
        return [outgoing.text for outgoing in self.wire.sent]

    def scalars(self, query: Any) -> list[Any]:
        with read_tx(self.services.engine) as connection:
            return list(connection.scalars(query))

    def tasks(self) -> list[str]:
        return self.scalars(select(Task.kind).order_by(Task.id))

    def ledger(self, like: str = "^(charge|mandate|payment)") -> list[str]:
        kinds = self.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id))
        return [kind for kind in kinds if re.search(like, kind)]

    def events(self) -> list[str]:
        return self.scalars(select(Event.kind).order_by(Event.id))

    def history(self, charge: int) -> list[str]:
        return self.scalars(
            select(Transition.to_status)
            .where(Transition.subject == "charge", Transition.subject_id == charge)
            .order_by(Transition.seq)
        )

    def mandate_status(self) -> str:
        return self.scalars(select(Mandate.status).where(Mandate.id == self.mandate))[0]

    def set(self, record: type, **values: Any) -> None:
        with write_tx(self.services.engine) as connection:
            connection.execute(update(record).values(**values))

    def owed(self) -> int:
        from models import Loan

        return int(self.scalars(select(Loan.outstanding_centavos))[0])

    def receive(self, amount: int, at: str, **values: str) -> Outcome:
        """The lender reports a payment."""
        return receive_payment(self.services, "L1", self.paid(amount, at, **values))

    def paid(self, amount: int, paid_at: str, rail: str = "spei", reference: str = "R1") -> Reported:
        day = datetime.fromisoformat(paid_at).replace(tzinfo=CITY)
        return Reported("api", rail, reference, amount, day, "lender:test")

    def sound(self) -> None:
        """The ledger holds together and is what the provider's book says."""
        with read_tx(self.services.engine) as connection:
            assert list(verify(connection)) == []
            assert charging.reconcile(connection, self.provider.book.values()) == []


DUES = [
    (date(2026, 11, 27), {"principal": 50_000, "interest": 10_000}),
    (date(2026, 12, 11), {"principal": 50_000, "interest": 10_000}),
]


def make_house(
    engine: Engine, instalments: list[tuple[date, dict[str, int]]] | None = None, **mandate: Any
) -> House:
    """Monday 23 November 2026, noon. Due on Friday 27th and two weeks later, 600 pesos each."""
    services = make_test_services(engine, OPENED)
    with write_tx(engine) as connection:
        borrower, conversation = add_borrower(connection)
        loan = add_loan(connection, borrower, instalments=instalments or DUES)
        mandate_id = add_mandate(connection, loan, **mandate)
        connection.execute(
            update(ContactPoint).values(
                status="confirmed", confirmed_at=datetime(2026, 11, 2, 12, tzinfo=CITY)
            )
        )
        connection.execute(
            update(Conversation).where(Conversation.id == conversation).values(borrower_id=borrower)
        )
        approve_templates(connection, services)
    provider = FakeProvider(name="belvo")
    set_provider(services, provider)
    house = House(services, provider, loan, mandate_id)
    house.at("2026-11-23T12:00")
    return house


def messages(house: House, purpose: str) -> list[AnyRow]:
    with read_tx(house.services.engine) as connection:
        return list(
            connection.execute(select(message_table).where(Message.purpose == purpose).order_by(Message.id))
        )


CHARGES = 40


def make_many(engine: Engine) -> House:
    """So many charges under way since Friday 27th; the provider has taken all of them. Monday noon."""
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 1000 + n}) for n in range(CHARGES)])
    with write_tx(engine) as connection:
        instalments = connection.execute(select(Instalment.id, Instalment.amount_centavos)).all()
        for n, (instalment, amount) in enumerate(instalments, 1):
            charge = {
                "mandate_id": house.mandate,
                "loan_id": house.loan,
                "instalment_id": instalment,
                "attempt": 1,
                "amount": amount,
                "status": "submitted",
                "charge_on": date(2026, 11, 27),
                "key": f"K-{n}",
                "provider": "belvo",
                "provider_id": f"P{n}",
                "submitted_at": house.services.clock.now(),
                "created_at": house.services.clock.now(),
            }
            connection.execute(insert(charge_table).values(**charge))
            house.provider.book[f"P{n}"] = ChargeReport(f"P{n}", f"K-{n}", "submitted", Money(amount))
    house.at("2026-11-30T12:00")
    return house
