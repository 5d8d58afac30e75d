"""A town of robot borrowers, on SQLite in memory: districts of a few hundred phones, each with a database, a
clock and dice of its own, so that a district is the same alone and in the whole drill.
"""

import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import repeat

from sqlalchemy import Engine

from bot.channels import Outgoing
from bot.conversation import fire_timers, take_events
from bot.jobs.sweeps import SWEEPS
from bot.outreach import dispatch
from models import make_engine, write_tx
from models.migrate import upgrade
from tests.robot import colleague
from tests.robot.judge import Judge
from tests.robot.phone import Phone
from tests.services import Wire, approve_templates, make_test_services

START = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
DISTRICT = 25
"""Conversations of one database. While somebody is silent for days, sweeps go over all of its phones."""
PAYS = 0.05
"""How often the lender receives a payment between two messages."""
MEETS = 0.3
"""How often a colleague answers who waits for a person."""
_HAPPENS = ("expire_promises", "judge_plans")
_OF_DEBITS = (
    "submit_mandates",
    "poll_mandates",
    "charge_plan",
    "charge_notify",
    "charge_submit",
    "charge_results",
)
"""What goes on while a borrower is silent, and what besides where they have a debit."""


class District:
    def __init__(self, seed: int, number: int, judge: Judge) -> None:
        self.dice = random.Random(f"{seed}:{number}")
        self.judge, self.wire, self.serial = judge, Wire(), 0
        self.services = make_test_services(_database(), START, reply_wait_seconds=2)
        with write_tx(self.services.engine) as connection:
            approve_templates(connection, self.services)
            self.agent = colleague.hire(connection, START)

    def converse(self, number: int) -> None:
        """One conversation, from the first word to the last."""
        phone = Phone(self, number)
        self.judge.begin(phone.robot.mood.name, phone.others)
        shown = phone.remind() if self.dice.random() < 0.4 else []
        if phone.household.charged and self.dice.random() < 0.7:
            shown = phone.announce_charge() or shown
        while written := phone.robot.write(shown):
            shown = phone.exchange(written) or shown
            if self.dice.random() < phone.robot.mood.silent:
                shown = phone.fall_silent() or shown
            if self.dice.random() < PAYS:
                shown = phone.pay() or shown
            if phone.handler != "bot" and self.dice.random() < MEETS:
                shown = phone.meet_a_person() or shown
        phone.close_cases()
        phone.ask_for_a_person()

    def advance(self, by: timedelta) -> None:
        self.services.clock.advance(seconds=by.total_seconds())  # type: ignore[attr-defined]
        fire_timers(self.services)
        take_events(self.services)

    def let_pass(self, hours: int, *, debits: bool) -> None:
        """Time in which banks, sweeps and timers do their part."""
        for _ in range(0, hours, 24):
            self.advance(timedelta(hours=min(24, hours)))
            for name in (*_HAPPENS, *(_OF_DEBITS if debits else ())):
                SWEEPS[name].run(self.services)
            take_events(self.services)

    def sent(self) -> Iterator[Outgoing]:
        """What leaves now."""
        before = len(self.wire.sent)
        while dispatch(self.services, self.wire):
            pass
        return iter(self.wire.sent[before:])

    def sid(self, outgoing: Outgoing) -> str:
        """The provider's, of a message that left."""
        sent = self.wire.sent
        place = next(place for place in range(len(sent), 0, -1) if sent[place - 1] is outgoing)
        return f"SM{place:032d}"


def run(seed: int, conversations: int, processes: int = 1) -> Judge:
    """What was found in all of them; the same for any number of processes."""
    sizes = [min(DISTRICT, conversations - first) for first in range(0, conversations, DISTRICT)]
    judge = Judge()
    if processes == 1:
        for number, size in enumerate(sizes):
            judge.add(run_district(seed, number, size))
        return judge
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(run_district, repeat(seed), range(len(sizes)), sizes):
            judge.add(found)
    return judge


def run_district(seed: int, number: int, conversations: int) -> Judge:
    judge = Judge(place=f"seed {seed}, district {number}")
    district = District(seed, number, judge)
    for phone in range(conversations):
        district.converse(phone)
    district.services.engine.dispose()
    return judge


def _database() -> Engine:
    """A copy of one that was migrated once for the process."""
    engine = make_engine("sqlite://")
    with _template().connect() as source, engine.connect() as target:
        origin, copy = source.connection.driver_connection, target.connection.driver_connection
        assert isinstance(origin, sqlite3.Connection)
        assert isinstance(copy, sqlite3.Connection)
        origin.backup(copy)
    return engine


@lru_cache(maxsize=1)
def _template() -> Engine:
    template = make_engine("sqlite://")
    upgrade(template)
    return template
