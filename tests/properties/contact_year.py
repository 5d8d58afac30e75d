"""A year of outreach: borrowers in every zone, clocks that change, people who ask for silence at the last
moment, workers that are killed, hours in which nothing runs. Afterwards the auditor reads the log.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from unittest.mock import patch

from sqlalchemy import Engine, select, update

from bot import money
from bot.auditor import Report
from bot.channels import Listed, Outgoing, Sent, TransientFailure
from bot.compliance import Allowed
from bot.conversation import Incoming, receive, take_events
from bot.jobs.daily_audit import audit_days
from bot.jobs.sweeps import refresh_statuses
from bot.outreach import dispatch, learn, plan, resolve_unknown
from bot.reach import AgentContact, may_call, record_call
from bot.services import Services
from models import ContactPoint, Conversation, Loan, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.services import ACCOUNT, approve_templates, make_test_services

ZONES = (
    "America/Mexico_City",
    "America/Merida",
    "America/Monterrey",
    "America/Chihuahua",
    "America/Bahia_Banderas",
    "America/Mazatlan",
    "America/Hermosillo",
    "America/Tijuana",
    "America/Cancun",
    "America/Matamoros",
    "America/Ciudad_Juarez",
    "America/Ojinaga",
    None,
)
INSTALMENT = 50_000
CLOCKS = ("dispatch", "pace", "senders", "unknown")


@dataclass
class Wire:
    """Takes most messages; now and then it is away, or the worker dies before or after the call."""

    chance: random.Random
    taken: defaultdict[str, list[Listed]] = field(default_factory=lambda: defaultdict(list))
    """By address."""
    done: Counter[str] = field(default_factory=Counter)

    def send(self, outgoing: Outgoing) -> Sent:
        fate = self.chance.random()
        if fate < 0.06:
            self.done["killed before the call"] += 1
            raise RuntimeError("killed")
        if fate < 0.12:
            self.done["not taken"] += 1
            raise TransientFailure("503")
        self.done["taken"] += 1
        sid = f"SM{self.done['taken']:032d}"
        self.taken[outgoing.address].append(Listed(sid, ACCOUNT, outgoing.text))
        if fate < 0.18:
            self.done["killed after the call"] += 1
            raise RuntimeError("killed")
        return Sent(sid, ACCOUNT)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        del channel, since
        return self.taken[address][-20:]


@dataclass
class World:
    services: Services
    wire: Wire
    chance: random.Random
    people: list[int]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    planned_on: date | None = None

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    def live(self, days: int) -> None:
        end = self.now + timedelta(days=days)
        while self.now < end:
            self.services.clock.advance(minutes=self.chance.choice((20, 90, 240, 480)))  # type: ignore[attr-defined]
            self.tick()

    def tick(self) -> None:
        """What falls due is planned and announced; people act between that and the sending."""
        services = self.services
        refresh_statuses(services)
        today = services.day(self.now)
        if today != self.planned_on or self.chance.random() < 0.05:  # what is due is due all day
            plan(services)
            self.planned_on = today
        while take_events(services):
            pass
        for act, chance, of in ((self._opt_out, 0.05, 20_000), (self._pay, 0.3, 100), (self._call, 0.3, 500)):
            if self.chance.random() < chance:
                for person in self.chance.choices(self.people, k=max(1, len(self.people) // of)):
                    act(person)
        if self.chance.random() < 0.2:
            return  # no worker is up for hours, and much waits
        while dispatch(services, self.wire):  # type: ignore[arg-type]
            pass
        services.clock.advance(seconds=90)  # type: ignore[attr-defined]
        resolve_unknown(services, self.wire)  # type: ignore[arg-type]
        learn(services)

    def _opt_out(self, person: int) -> None:
        with read_tx(self.services.engine) as connection:
            point = connection.execute(
                select(ContactPoint.__table__).where(ContactPoint.borrower_id == person)
            ).one()
        sid, channel = f"SMin{next(self.numbers):08d}", point.channel
        ours = "whatsapp:+525550000000" if channel == "whatsapp" else "26262"
        receive(
            self.services,
            Incoming(channel, point.address, point.key, ours, ACCOUNT, sid, "BAJA", self.now),
        )
        self.wire.done["asked for silence"] += 1

    def _pay(self, person: int) -> None:
        reference = f"P{next(self.numbers)}"
        with write_tx(self.services.engine) as connection:
            external = connection.scalar(select(Loan.external_id).where(Loan.borrower_id == person))
            loan = money.lock_loan(connection, external or "")
            assert loan is not None
            if loan.outstanding_centavos:
                paid = money.Reported("api", "spei", reference, INSTALMENT, self.now, "lender:test")
                money.receive(connection, loan, paid, self.now)
                self.wire.done["paid"] += 1

    def _call(self, person: int) -> None:
        with write_tx(self.services.engine) as connection:
            if isinstance(may_call(connection, self.services, person, self.now, "call"), Allowed):
                made = AgentContact(
                    person, "call", "no_answer", self.now, "agent:1", f"C{next(self.numbers)}"
                )
                record_call(connection, made, self.now)
                self.wire.done["called"] += 1

    def audit(self, first: date) -> Report:
        return audit_days(self.services, first, self.services.day(self.now))


@contextmanager
def world(engine: Engine, at: datetime, people: int, seed: int, instalments: int) -> Iterator[World]:
    """Borrowers whose instalments fall due every thirty days, each on a day of their own."""
    chance = random.Random(seed)
    services = make_test_services(engine, at)
    with write_tx(engine) as connection:
        approve_templates(connection, services)
    ids = []
    for start in range(0, people, 500):
        with write_tx(engine) as connection:
            for number in range(start + 1, min(start + 500, people) + 1):
                person, _ = add_borrower(connection, number, zone=ZONES[number % len(ZONES)])
                first = at.date() + timedelta(days=chance.randrange(-20, 10))
                due = [
                    (first + timedelta(days=30 * n), {"principal": INSTALMENT}) for n in range(instalments)
                ]
                add_loan(connection, person, number, due)
                ids.append(person)
    with write_tx(engine) as connection:
        third = ContactPoint.id % 3 == 0
        connection.execute(update(ContactPoint).where(third).values(channel="sms", address=ContactPoint.key))
        threads = select(ContactPoint.conversation_id).where(ContactPoint.channel == "sms")
        moved = update(Conversation).where(Conversation.id.in_(threads))
        connection.execute(moved.values(channel="sms", address=Conversation.key))
    found = World(services, Wire(chance), chance, ids)
    with ExitStack() as stack:
        for name in CLOCKS:
            module = sys.modules[f"bot.outreach.sending.{name}"]
            stack.enter_context(patch.object(module, "system_now", services.clock.now))
        yield found
