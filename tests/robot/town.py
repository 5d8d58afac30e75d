"""A town of robot borrowers: each has a phone, a loan, and one conversation through the real turn, on SQLite
in memory.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, select, update

from bot.conversation import Incoming, fire_timers, receive, take_events
from bot.outreach import dispatch
from bot.reach import NewEvent, enqueue_event
from bot.services import Services
from models import (
    Borrower,
    ContactPoint,
    Conversation,
    LedgerEntry,
    Message,
    Task,
    make_engine,
    read_tx,
    write_tx,
)
from models.base import AnyRow
from models.migrate import upgrade
from tests.loans import add_borrower, add_loan
from tests.robot.borrower import RobotBorrower, Written
from tests.robot.judge import Judge, Seen
from tests.services import ACCOUNT, Wire, approve_templates, make_test_services

START = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
DISTRICT = 300
"""Conversations of one database."""
NAMES = ("Ana López Ruiz", "María del Carmen Soto", "José Luis Peña", "Guadalupe Ríos", "Juan Pérez Gil")


def clabe(number: int) -> str:
    digits = f"01218{number:012d}"
    weighted = sum(int(digit) * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return f"{digits}{-weighted % 10}"


class Town:
    def __init__(self, seed: int, judge: Judge) -> None:
        self.dice, self.judge = random.Random(seed), judge
        self.template = make_engine("sqlite://")
        upgrade(self.template)

    def run(self, conversations: int) -> float:
        """Seconds that it took."""
        start = time.monotonic()
        for first in range(0, conversations, DISTRICT):
            district = District(self._database(), self.dice, self.judge)
            for number in range(first, min(first + DISTRICT, conversations)):
                district.converse(number)
            district.services.engine.dispose()
        return time.monotonic() - start

    def _database(self) -> Engine:
        engine = make_engine("sqlite://")
        with self.template.connect() as source, engine.connect() as target:
            origin, copy = source.connection.driver_connection, target.connection.driver_connection
            assert isinstance(origin, sqlite3.Connection)
            assert isinstance(copy, sqlite3.Connection)
            origin.backup(copy)
        return engine


class District:
    """One database and its clock."""

    def __init__(self, engine: Engine, dice: random.Random, judge: Judge) -> None:
        self.services: Services = make_test_services(engine, START, reply_wait_seconds=2)
        self.dice, self.judge, self.wire = dice, judge, Wire()
        self.serial = 0
        with write_tx(engine) as connection:
            approve_templates(connection, self.services)

    def converse(self, number: int) -> None:
        """One conversation, from the first word to the last."""
        phone = Phone(self, number)
        self.judge.begin()
        shown = phone.reminded() if self.dice.random() < 0.4 else []
        while written := phone.robot.write(shown):
            shown = phone.exchange(written) or shown
        if phone.handler() == "bot" and not phone.opted_out():
            phone.exchange([Written("quiero hablar con una persona", "human")])
            if phone.handler() == "bot":
                self.judge.fault("no way to a person")

    def advance(self, by: timedelta) -> None:
        self.services.clock.at += by  # type: ignore[attr-defined]
        fire_timers(self.services)
        take_events(self.services)

    def sent(self) -> Iterator[object]:
        before = len(self.wire.sent)
        while dispatch(self.services, self.wire):
            pass
        return iter(self.wire.sent[before:])


class Phone:
    def __init__(self, district: District, number: int) -> None:
        self.district, self.services, dice = district, district.services, district.dice
        name, birthday = dice.choice(NAMES), date(1980 + number % 20, 1 + number % 12, 1 + number % 28)
        now = self.services.clock.now()
        with write_tx(self.services.engine) as connection:
            self.borrower, self.conversation = add_borrower(
                connection, number + 1, name=name, birth_date=birthday, curp=None
            )
            due = [
                (now.date() + timedelta(days=dice.choice((-9, -2, 0, 5))), {"principal": 60_000}),
                (now.date() + timedelta(days=20), {"principal": 60_000, "interest": 4_000}),
            ]
            self.loan = add_loan(connection, self.borrower, number + 1, due)
            self.proved = dice.random() < 0.5
            if self.proved:
                self._prove(connection, now)
        self.robot = RobotBorrower(dice, name, birthday, clabe(number), patience=dice.randint(2, 9))
        self.robot.honest = self.proved or dice.random() < 0.85
        self.address = f"+525500{number + 1:06d}"

    def _prove(self, connection: object, now: datetime) -> None:
        for statement in (
            update(ContactPoint)
            .where(ContactPoint.borrower_id == self.borrower)
            .values(confirmed_at=now, status="confirmed"),
            update(Conversation)
            .where(Conversation.id == self.conversation)
            .values(borrower_id=self.borrower),
            update(Borrower).where(Borrower.id == self.borrower).values(notice_given_at=now),
        ):
            connection.execute(statement)  # type: ignore[attr-defined]

    def exchange(self, written: list[Written]) -> list[object]:
        """Writes, waits, and answers what arrived; the judge looks at it."""
        dice, before = self.district.dice, self._newest(Message)
        entries, handler = self._newest(LedgerEntry), self.handler()
        outcome = "stepped"
        for one in written:
            self._note(one)
            received = self._receive(one)
            outcome = received if received == "unprocessed" else outcome
            self.district.advance(timedelta(seconds=1))
        self.district.advance(timedelta(seconds=dice.choice((3, 20, 90))))
        arrived = list(self.district.sent())
        rows = self._rows(Message, before, Message.conversation_id == self.conversation)
        kinds = [row.kind for row in self._rows(LedgerEntry, entries, LedgerEntry.loan_id == self.loan)]
        if "identity.confirmed" in kinds:
            self.proved = True
        ours = [row for row in rows if row.direction == "out"]
        tasks = [row.kind for row in self._rows(Task, 0, Task.conversation_id == self.conversation)]
        last = written[-1] if len(written) == 1 else Written(" / ".join(w.text for w in written), "several")
        meaning = last if last.meaning != "several" else Written(last.text, self._binding(written))
        self.district.judge.look(
            Seen(meaning, outcome, handler, self.proved and self.robot.honest, arrived, ours, kinds, tasks)  # type: ignore[arg-type]
        )
        if dice.random() < 0.05:
            self.district.advance(timedelta(hours=dice.choice((7, 30, 80))))
            self.district.sent()
        return arrived

    @staticmethod
    def _binding(written: list[Written]) -> str:
        meanings = [each.meaning for each in written]
        return next((meaning for meaning in ("accept", "yes") if meaning in meanings), "several")

    def _note(self, written: Written) -> None:
        if written.meaning in ("another", "wrong_number"):
            self.proved = False

    def _receive(self, written: Written) -> str:
        self.district.serial += 1
        channel, address = "whatsapp", f"whatsapp:{self.address}"
        if self.district.dice.random() < 0.03:
            channel, address = "sms", self.address
        incoming = Incoming(
            channel,
            address,
            self.address,
            "whatsapp:+525550000000" if channel == "whatsapp" else "+525550000000",
            ACCOUNT,
            f"SMrobot{self.district.serial:09d}",
            written.text,
            self.services.clock.now(),
            payload=written.payload if channel == "whatsapp" else None,
        )
        return receive(self.services, incoming).outcome

    def reminded(self) -> list[object]:
        now = self.services.clock.now()
        with write_tx(self.services.engine) as connection:
            enqueue_event(
                connection,
                NewEvent(
                    "outreach",
                    self.conversation,
                    f"robot:{self.conversation}",
                    now,
                    {"flow": "reminder", "tone": "kind"},
                    self.loan,
                ),
            )
        take_events(self.services)
        return list(self.district.sent())

    def handler(self) -> str:
        return str(self._row(Conversation, self.conversation).handler)

    def opted_out(self) -> bool:
        return self._row(Borrower, self.borrower).opted_out_at is not None

    def _row(self, record: type, row_id: int) -> AnyRow:
        table = record.__table__  # type: ignore[attr-defined]
        with read_tx(self.services.engine) as connection:
            return connection.execute(select(table).where(table.c.id == row_id)).one()

    def _newest(self, record: type) -> int:
        table = record.__table__  # type: ignore[attr-defined]
        with read_tx(self.services.engine) as connection:
            return connection.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0

    def _rows(self, record: type, after: int, *where: object) -> list[AnyRow]:
        table = record.__table__  # type: ignore[attr-defined]
        with read_tx(self.services.engine) as connection:
            query = select(table).where(table.c.id > after, *where).order_by(table.c.id)  # type: ignore[arg-type]
            return list(connection.execute(query))
