"""One phone of the town: whose it is, what they owe, and what goes in and out of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from bot.channels import Outgoing
from bot.conversation import Incoming, receive, take_events
from bot.jobs.sweeps import SWEEPS
from bot.money import Reported
from bot.portfolio.payments import receive_payment
from bot.reach import NewEvent, enqueue_event
from models import (
    Borrower,
    Charge,
    ContactPoint,
    Conversation,
    LedgerEntry,
    Message,
    Task,
    read_tx,
    write_tx,
)
from models.base import AnyRow
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate
from tests.robot.borrower import RobotBorrower, Written
from tests.robot.judge import Seen
from tests.robot.moods import MOODS
from tests.services import ACCOUNT

if TYPE_CHECKING:
    from tests.robot.town import District

OTHERS = ("777.00", "733.00", "1,510.00")
"""What the other person of a shared phone owes: sums that nobody else has."""
NAMES = ("Ana López Ruiz", "María del Carmen Soto", "José Luis Peña", "Guadalupe Ríos", "Juan Pérez Gil")
OURS = "+525550000000"
PROVED, SHARED, CHARGED, TWO_LOANS = 0.5, 0.06, 0.15, 0.1
"""How many phones are confirmed, are two people's, have an automatic charge, have a second loan."""


class Phone:
    def __init__(self, district: District, number: int) -> None:
        self.district, self.services, dice = district, district.services, district.dice
        self.number, self.channel = number, "whatsapp"
        name, birthday = dice.choice(NAMES), date(1980 + number % 20, 1 + number % 12, 1 + number % 28)
        (mood,) = dice.choices(MOODS, [each.weight for each in MOODS])
        self.proved, self.shared = dice.random() < PROVED, dice.random() < SHARED
        self.key = f"+525500{number + 1:06d}"
        with write_tx(self.services.engine) as connection:
            self.borrower, self.conversation = add_borrower(
                connection,
                number + 1,
                name=name,
                birth_date=birthday,
                curp=None,
                language="en" if mood.english else "es_MX",
            )
            self.loans = [self._lend(connection, number + 1)]
            if dice.random() < TWO_LOANS:
                self.loans.append(self._lend(connection, number + 5001))
            self.charged = dice.random() < CHARGED
            if self.charged:
                add_mandate(connection, self.loans[0], at=self.services.clock.now(), provider="fake")
            if self.proved:
                self._prove(connection)
            self.others_loan = self._share(connection, name) if self.shared else 0
        self.robot = RobotBorrower(dice, name, birthday, clabe(number), mood)
        self.robot.honest = self.proved or dice.random() < 0.85

    @property
    def others(self) -> tuple[str, ...]:
        return OTHERS if self.shared else ()

    def _lend(self, connection: Connection, number: int) -> int:
        today = self.services.clock.now().date()
        first = today + timedelta(days=self.district.dice.choice((-9, -2, 0, 5)))
        due = [
            (first, {"principal": 60_000}),
            (today + timedelta(days=20), {"principal": 60_000, "interest": 4_000}),
        ]
        return add_loan(connection, self.borrower, number, due)

    def _share(self, connection: Connection, name: str) -> int:
        """Somebody else's loan on the same phone."""
        number = self.number + 90_001
        theirs = self.district.dice.choice([each for each in NAMES if each != name])
        other, _ = add_borrower(connection, number, key=self.key, name=theirs, birth_date=date(1971, 1, 31))
        today = self.services.clock.now().date()
        due = [
            (today - timedelta(days=4), {"principal": 77_700}),
            (today + timedelta(days=25), {"principal": 73_300}),
        ]
        return add_loan(connection, other, number, due)

    def _prove(self, connection: Connection) -> None:
        now = self.services.clock.now()
        for record, where, values in (
            (
                ContactPoint,
                ContactPoint.borrower_id == self.borrower,
                {"confirmed_at": now, "status": "confirmed"},
            ),
            (Conversation, Conversation.id == self.conversation, {"borrower_id": self.borrower}),
            (Borrower, Borrower.id == self.borrower, {"notice_given_at": now}),
        ):
            connection.execute(update(record).where(where).values(**values))

    def exchange(self, written: list[Written]) -> list[Outgoing]:
        """Writes, waits, and answers what arrived; the judge looks at it."""
        dice, handler = self.district.dice, self.handler()
        since, outcome = self._since(), "stepped"
        if dice.random() < 0.04:
            self.channel = "sms" if self.channel == "whatsapp" else "whatsapp"
        if self.channel != "whatsapp":
            written = [one for one in written if one.meaning != "old_button"] or [Written("hola", "greet")]
        for one in written:
            if one.meaning in ("another", "wrong_number"):
                self.proved = False
            received = self._receive(one)
            outcome = received if received == "unprocessed" else outcome
            self.district.advance(timedelta(seconds=1))
        self.district.advance(timedelta(seconds=dice.choice((3, 20, 90))))
        return self._seen(_as_one(written), outcome, handler, since)

    def fall_silent(self) -> list[Outgoing]:
        """Hours or days without a word; what arrives in them."""
        handler, since = self.handler(), self._since()
        hours = self.district.dice.choice((7, 30, 80))
        self.district.let_pass(hours)
        return self._seen(None, "stepped", handler, since, hours)

    def remind(self) -> list[Outgoing]:
        handler, since, now = self.handler(), self._since(), self.services.clock.now()
        data = {"flow": "reminder", "tone": "kind"}
        key = f"robot:{self.conversation}"
        about = self.others_loan if self.shared and self.district.dice.random() < 0.5 else self.loans[0]
        with write_tx(self.services.engine) as connection:
            event = NewEvent("outreach", self.conversation, key, now, data, about)
            enqueue_event(connection, event)
        take_events(self.services)
        return self._seen(None, "stepped", handler, since)

    def announce_charge(self) -> list[Outgoing]:
        """The notice of a charge, on a phone that has a debit."""
        handler, since = self.handler(), self._since()
        for name in ("charge_plan", "charge_notify"):
            SWEEPS[name].run(self.services)
        take_events(self.services)
        return self._seen(None, "stepped", handler, since)

    def pay(self) -> list[Outgoing]:
        """The lender receives a payment, whatever is being spoken of."""
        handler, since, now = self.handler(), self._since(), self.services.clock.now()
        self.district.serial += 1
        amount = self.district.dice.choice((15_000, 30_000, 60_000))
        reported = Reported("api", "spei", f"R{self.district.serial}", amount, now, "lender:robot")
        receive_payment(self.services, f"L{self.number + 1}", reported)
        take_events(self.services)
        return self._seen(None, "stepped", handler, since)

    def ask_for_a_person(self) -> None:
        """The way out that must always be there."""
        if self.handler() == "bot" and self._row(Borrower, self.borrower).opted_out_at is None:
            self.exchange([Written("quiero hablar con una persona", "human")])
            if self.handler() == "bot":
                self.district.judge.fault("no way to a person")

    def handler(self) -> str:
        return str(self._row(Conversation, self.conversation).handler)

    def _seen(
        self, written: Written | None, outcome: str, handler: str, since: dict[type, int], hours: int = 0
    ) -> list[Outgoing]:
        arrived = [each for each in self.district.sent() if self.key in each.address]
        rows = self._rows(Message, since[Message], Message.conversation_id == self.conversation)
        entries = self._rows(LedgerEntry, 0, LedgerEntry.loan_id.in_(self.loans))
        kinds = [row.kind for row in entries if row.id > since[LedgerEntry]]
        if "identity.confirmed" in kinds:
            self.proved = True
        tasks = self._rows(Task, 0, Task.conversation_id == self.conversation)
        self.district.judge.look(
            Seen(
                written,
                outcome,
                handler,
                self.handler(),
                self.proved and self.robot.honest,
                arrived,
                [row for row in rows if row.direction == "out"],
                kinds,
                frozenset(row.kind for row in entries),
                frozenset(row.kind for row in tasks),
                hours,
                sum(row.kind == "payment.posted" for row in entries),
                self._charge_days(),
            )
        )
        return arrived

    def _charge_days(self) -> frozenset[str]:
        where = Charge.loan_id.in_(self.loans), Charge.status.in_(("planned", "notified"))
        return frozenset(row.charge_on.isoformat() for row in self._rows(Charge, 0, *where))

    def _receive(self, written: Written) -> str:
        self.district.serial += 1
        whatsapp = self.channel == "whatsapp"
        media = {"id": "ME1", "url": "http://127.0.0.1:9/ME1", "content_type": "image/jpeg"}
        incoming = Incoming(
            self.channel,
            f"whatsapp:{self.key}" if whatsapp else self.key,
            self.key,
            f"whatsapp:{OURS}" if whatsapp else OURS,
            ACCOUNT,
            f"SMrobot{self.district.serial:09d}",
            written.text,
            self.services.clock.now(),
            kind=written.kind,
            payload=written.payload if whatsapp else None,
            media=(media,) if written.kind == "image" else (),
            extra={"OriginalRepliedMessageSid": self.district.sid(written.under)} if written.under else {},
        )
        return receive(self.services, incoming).outcome

    def _since(self) -> dict[type, int]:
        """The newest row of what is looked at after a turn."""
        with read_tx(self.services.engine) as connection:
            return {
                record: connection.scalar(select(record.id).order_by(record.id.desc()).limit(1)) or 0
                for record in (Message, LedgerEntry)
            }

    def _row(self, record: Any, row_id: int) -> AnyRow:
        with read_tx(self.services.engine) as connection:
            return connection.execute(select(record.__table__).where(record.id == row_id)).one()

    def _rows(self, record: Any, after: int, *where: Any) -> list[AnyRow]:
        with read_tx(self.services.engine) as connection:
            query = select(record.__table__).where(record.id > after, *where).order_by(record.id)
            return list(connection.execute(query))


def clabe(number: int) -> str:
    digits = f"01218{number:012d}"
    weighted = sum(int(digit) * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return f"{digits}{-weighted % 10}"


def _as_one(written: list[Written]) -> Written:
    """Several messages at once, by what binds among them."""
    if len(written) == 1:
        return written[0]
    meanings = [each.meaning for each in written]
    meaning = next((each for each in ("accept", "yes") if each in meanings), "several")
    return Written(" / ".join(each.text for each in written), meaning, exact=False)
