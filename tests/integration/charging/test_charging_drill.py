"""The drill of charging: killed at seeded statements, commits and calls, with answers lost on the way and a
provider that forgets our keys. No charge is lost or doubled, every unknown is resolved, and the ledger is
what the provider's book says, to the centavo.
"""

import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update

from bot.conversation import take_events
from bot.debit import charging
from bot.debit.charging.banking_days import result_at, week_of
from bot.debit.port import TransientError, UnknownOutcome
from bot.outreach import dispatch, resolve_unknown
from bot.services import Services
from models import (
    ContactPoint,
    Conversation,
    Loan,
    Message,
    Transition,
    charge_table,
    instalment_table,
    message_table,
    read_tx,
    write_tx,
)
from models.ledger import verify
from models.transitions import MOVES
from tests.fake_provider import FakeProvider
from tests.loans import OPENED, add_borrower, add_loan
from tests.mandates import add_mandate
from tests.services import StandingClock, Wire, approve_templates, make_test_services, set_provider
from values import CITY, city_day

KILLS, BORROWERS = 60, 6


class Killed(BaseException):
    """As `kill -9`: what was not committed is gone, what was sent is sent."""


@dataclass
class Town:
    """Borrowers who owe weekly instalments of odd sums, a provider with a mind of its own, and somebody who
    kills.
    """

    services: Services
    clock: StandingClock
    rng: random.Random
    provider: FakeProvider = field(default_factory=lambda: FakeProvider(name="belvo", forgets=True))
    wire: Wire = field(default_factory=Wire)
    fuse: int | None = None
    kills: int = 0

    def passing(self, *_: Any) -> None:
        """One more point at which it may die."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse <= 0:
                self.fuse = None
                self.kills += 1
                raise Killed

    def tick(self) -> None:
        """What the worker does, in any order."""
        services = self.services
        sweeps = [
            lambda: charging.plan(services),
            lambda: charging.notify(services),
            lambda: take_events(services),
            lambda: dispatch(services, self.wire),
            lambda: charging.submit(services),
            lambda: charging.resolve(services),
            lambda: charging.poll_results(services),
            lambda: charging.cancel_in_flight(services),
            lambda: charging.poll_settled(services),
            lambda: resolve_unknown(services, self.wire),
        ]
        self.rng.shuffle(sweeps)
        for sweep in sweeps:
            sweep()

    def until_killed(self) -> None:
        self.fuse = self.rng.randint(1, 120)
        if self.rng.random() < 0.5:
            getattr(self.provider, self.rng.choice(("failures", "lost"))).append(
                self.rng.choice((UnknownOutcome("timeout"), TransientError("down")))
            )
            self.provider.lost = [error for error in self.provider.lost if isinstance(error, UnknownOutcome)]
        try:
            self.tick()
        except Killed:
            pass
        finally:
            self.fuse = None

    def bank(self) -> None:
        """What became of the charges whose results are out: by the key, the same in every run."""
        for provider_id, report in self.provider.book.items():
            charge_on = city_day(self.submitted[report.key])
            delivery = random.Random(report.key).random()
            if report.status in ("submitted", "processing") and self.clock.now() >= result_at(
                charge_on, time(12)
            ):
                self.provider.turn(
                    provider_id, "returned" if delivery < 0.3 else "collected", "04" if delivery < 0.3 else ""
                )
            elif (
                report.status == "collected"
                and delivery > 0.9
                and self.clock.now() >= result_at(charge_on, time(12)) + timedelta(days=9)
            ):
                self.provider.turn(provider_id, "reversed", "13")

    @property
    def submitted(self) -> dict[str, datetime]:
        with read_tx(self.services.engine) as connection:
            return dict(connection.execute(select(charge_table.c.key, charge_table.c.submitted_at)).all())


@pytest.fixture
def town(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Town:
    services = make_test_services(engine, OPENED)
    with write_tx(engine) as connection:
        for number in range(1, BORROWERS + 1):
            borrower, conversation = add_borrower(connection, number)
            dues = [
                (date(2026, 11, 20) + timedelta(days=7 * n), {"principal": 10_001 + 137 * n * number})
                for n in range(5)
            ]
            loan = add_loan(connection, borrower, number, dues)
            add_mandate(connection, loan, max_amount=20_000)
            connection.execute(
                update(Conversation).where(Conversation.id == conversation).values(borrower_id=borrower)
            )
        connection.execute(
            update(ContactPoint).values(
                status="confirmed", confirmed_at=datetime(2026, 11, 2, 12, tzinfo=CITY)
            )
        )
        approve_templates(connection, services)
    assert isinstance(services.clock, StandingClock)
    services.clock.at = datetime(2026, 11, 19, 8, tzinfo=CITY)
    for module in (
        "bot.debit.charging.submit",
        "bot.debit.charging.unknown",
        "bot.outreach.sending.dispatch",
        "bot.outreach.sending.senders",
        "bot.outreach.sending.unknown",
    ):
        monkeypatch.setattr(sys.modules[module], "system_now", services.clock.now)
    town = Town(services, services.clock, random.Random(20261125))
    set_provider(services, town.provider)
    return town


@pytest.mark.no_cover
def test_sixty_kills(town: Town) -> None:
    engine = town.services.engine
    town.provider.around = town.passing
    event.listen(engine, "before_cursor_execute", town.passing)
    event.listen(engine, "commit", town.passing)
    while town.kills < KILLS or town.clock.now() < datetime(2026, 12, 10, 8, tzinfo=CITY):
        town.until_killed()
        if town.rng.random() < 0.5:
            town.bank()
        town.clock.advance(minutes=town.rng.choice((1, 20, 90, 240)))
    town.provider.failures, town.provider.lost = [], []
    for _ in range(40 * 6):
        town.tick()
        town.bank()
        town.clock.advance(hours=4)
    assert town.kills >= KILLS
    _audit(town)


def _audit(town: Town) -> None:
    with read_tx(town.services.engine) as connection:
        assert list(verify(connection)) == []
        assert charging.reconcile(connection, town.provider.book.values()) == []
        charges = connection.execute(
            select(charge_table, message_table.c.sent_at).outerjoin(
                message_table, Message.id == charge_table.c.notice_message_id
            )
        ).all()
        moves = connection.execute(
            select(Transition.from_status, Transition.to_status).where(Transition.subject == "charge")
        ).all()
        owed = dict(connection.execute(select(Loan.id, Loan.outstanding_centavos)).all())
        due = connection.execute(select(instalment_table)).all()
        borrower = dict(connection.execute(select(Loan.id, Loan.borrower_id)).all())
    book = list(town.provider.book.values())
    assert Counter(report.key for report in book).most_common(1)[0][1] == 1, "a charge was made twice"
    assert {report.key for report in book} == {row.key for row in charges if row.provider_id}, (
        "the book and the database disagree"
    )
    assert {row.status for row in charges} <= {
        "planned",
        "notified",
        "collected",
        "settled",
        "returned",
        "reversed",
        "cancelled",
    }, "a delivery is not known"
    assert all(to in MOVES["charge"][was] for was, to in moves if was is not None)
    taken = Counter({row.key: row.amount for row in charges if row.status in ("collected", "settled")})
    assert taken == Counter(
        {report.key: report.amount.centavos for report in book if report.status == "collected"}
    ), "money was lost or made"
    for loan, outstanding in owed.items():
        assert outstanding == sum(i.amount_centavos for i in due if i.loan_id == loan) - sum(
            r.amount for r in charges if r.loan_id == loan and r.key in taken
        )
    sent = [row for row in charges if row.submitted_at is not None]
    assert all(city_day(row.sent_at) < row.charge_on == city_day(row.submitted_at) for row in sent), (
        "a charge was made that was not announced"
    )
    assert max(Counter(row.instalment_id for row in sent).values()) <= 3
    assert max(Counter((borrower[row.loan_id], week_of(row.charge_on)) for row in sent).values()) <= 2
    days = defaultdict(list)
    for row in sent:
        days[row.instalment_id].append(row.charge_on)
    assert all(
        (later - earlier).days >= 3
        for on in days.values()
        for earlier, later in zip(sorted(on), sorted(on)[1:], strict=False)
    )
    assert {"collected", "returned", "reversed"} & {row.status for row in charges if row.provider_id} >= {
        "returned",
        "reversed",
    }, "the drill tried little"
    assert len(sent) > 20
