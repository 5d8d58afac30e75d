"""Who has a phone of the town, and what they owe: the records as they stand before the first word."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, update

from models import Borrower, ContactPoint, Conversation
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate

OTHERS = ("777.00", "733.00", "1,510.00")
"""What the other person of a shared phone owes: sums that nobody else has."""
NAMES = ("Ana López Ruiz", "María del Carmen Soto", "José Luis Peña", "Guadalupe Ríos", "Juan Pérez Gil")
PROVED, SHARED, CHARGED, TWO_LOANS = 0.5, 0.06, 0.15, 0.1
"""How many phones are confirmed, are two people's, have an automatic charge, have a second loan."""
CHANNELS = {"whatsapp": 78, "sms": 6, "email": 10, "web": 6}
"""Where conversations begin, in a hundred."""
_DUE_IN = (-130, -40, -9, -9, -2, 0, 5)
"""Days until the first payment is due."""


@dataclass(frozen=True, slots=True)
class Household:
    name: str
    birthday: date
    channel: str
    key: str
    """Of the phone, or the address of the e-mail."""
    borrower: int
    conversation: int
    loans: tuple[int, ...]
    others_loan: int
    """Of the other one who shares the phone; 0 where nobody does."""
    proved: bool
    charged: bool


def move_in(
    connection: Connection, dice: random.Random, number: int, now: datetime, language: str
) -> Household:
    name, birthday = dice.choice(NAMES), date(1980 + number % 20, 1 + number % 12, 1 + number % 28)
    (channel,) = dice.choices(tuple(CHANNELS), tuple(CHANNELS.values()))
    phone = f"+525500{number + 1:06d}"
    key = f"robot{number + 1}@correo.example" if channel == "email" else phone
    borrower, conversation = add_borrower(
        connection, number + 1, key=key, name=name, birth_date=birthday, curp=None, language=language
    )
    loans = [_lend(connection, dice, borrower, number + 1, now)]
    if dice.random() < TWO_LOANS:
        loans.append(_lend(connection, dice, borrower, number + 5001, now))
    charged = dice.random() < CHARGED
    if charged:
        add_mandate(connection, loans[0], at=now, provider="fake")
    proved = channel == "web" or dice.random() < PROVED
    if channel == "email":
        _by_mail(connection, borrower, conversation, key)
    if proved:
        _prove(connection, borrower, conversation, now)
    shares = channel in ("whatsapp", "sms") and dice.random() < SHARED
    others = _share(connection, dice, number, phone, name, now) if shares else 0
    return Household(
        name, birthday, channel, key, borrower, conversation, tuple(loans), others, proved, charged
    )


def _lend(connection: Connection, dice: random.Random, borrower: int, number: int, now: datetime) -> int:
    first = now.date() + timedelta(days=dice.choice(_DUE_IN))
    due = [
        (first, {"principal": 60_000}),
        (now.date() + timedelta(days=20), {"principal": 60_000, "interest": 4_000}),
    ]
    return add_loan(connection, borrower, number, due)


def _share(
    connection: Connection, dice: random.Random, number: int, phone: str, name: str, now: datetime
) -> int:
    """Somebody else's loan on the same phone."""
    theirs = dice.choice([each for each in NAMES if each != name])
    other, _ = add_borrower(connection, number + 90_001, key=phone, name=theirs, birth_date=date(1971, 1, 31))
    due = [
        (now.date() - timedelta(days=4), {"principal": 77_700}),
        (now.date() + timedelta(days=25), {"principal": 73_300}),
    ]
    return add_loan(connection, other, number + 90_001, due)


def _by_mail(connection: Connection, borrower: int, conversation: int, address: str) -> None:
    where = {"channel": "email", "address": address}
    connection.execute(update(ContactPoint).where(ContactPoint.borrower_id == borrower).values(**where))
    connection.execute(update(Conversation).where(Conversation.id == conversation).values(**where))


def _prove(connection: Connection, borrower: int, conversation: int, now: datetime) -> None:
    for record, where, values in (
        (ContactPoint, ContactPoint.borrower_id == borrower, {"confirmed_at": now, "status": "confirmed"}),
        (Conversation, Conversation.id == conversation, {"borrower_id": borrower}),
        (Borrower, Borrower.id == borrower, {"notice_given_at": now}),
    ):
        connection.execute(update(record).where(where).values(**values))
