"""Whoever reports money, whenever and however often, with tapes of any day in between: at rest the ledger is
the world. `make drill-books` tries far more of it.
"""

from functools import partial
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from tests.properties.books_world import make_world

_NUMBERS = count(1)
EPISODES, STEPS = 300, 6
picks = st.integers(0, 59)


class Books(RuleBasedStateMachine):
    """One loan for each episode; all is reported in the end."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.world = make_world(engine, next(_NUMBERS))

    @initialize(pick=picks)
    def open(self, pick: int) -> None:
        self.world.open(pick)

    @rule(pick=picks)
    def pay(self, pick: int) -> None:
        self.world.do("pay", pick)

    @rule(pick=picks)
    def debit(self, pick: int) -> None:
        self.world.do("debit", pick)

    @precondition(lambda self: self.world.paid)
    @rule(pick=picks)
    def settle(self, pick: int) -> None:
        self.world.do("settle", pick)

    @precondition(lambda self: self.world.paid)
    @rule(pick=picks)
    def report(self, pick: int) -> None:
        self.world.do("report", pick)

    @precondition(lambda self: self.world.paid)
    @rule(pick=picks)
    def report_by_file(self, pick: int) -> None:
        self.world.do("report_by_file", pick)

    @precondition(lambda self: self.world.paid)
    @rule(pick=picks)
    def bounce(self, pick: int) -> None:
        self.world.do("bounce", pick)

    @precondition(lambda self: self.world.paid)
    @rule(pick=picks)
    def report_a_bounce(self, pick: int) -> None:
        self.world.do("report_bounces", pick)

    @rule(pick=picks)
    def tape(self, pick: int) -> None:
        self.world.do("tape", pick)

    def teardown(self) -> None:
        self.world.come_to_rest()
        self.world.check()


def test_at_rest_the_ledger_is_the_world(sqlite_engine: Engine) -> None:
    run_state_machine_as_test(
        partial(Books, sqlite_engine),
        settings=settings(max_examples=EPISODES, stateful_step_count=STEPS, derandomize=True),
    )


MORE_THAN_THERE_IS = (
    "debit 14, pay 42, settle 40, bounce 32, report_bounces 57, report 0, tape 51, report 38, "
    "report_by_file 55, tape 7, pay 43, debit 41, debit 7, tape 28, bounce 17, tape 18"
)


PAID_BEYOND_ALL = (
    "debit 11, pay 40, report_by_file 14, report_bounces 13, report_bounces 34, tape 3, settle 8, debit 52, "
    "report 57, pay 15, report_by_file 3, report 9, bounce 20, bounce 33, report 39, bounce 41, "
    "report_bounces 34, tape 9"
)


@pytest.mark.parametrize(
    ("seed", "opening", "acts"),
    [
        pytest.param(626, 23, MORE_THAN_THERE_IS, id="what the first tape counted pays, and no debit does"),
        pytest.param(314, 12, PAID_BEYOND_ALL, id="a tape that shows all as paid hides what was paid beyond"),
    ],
)
def test_what_the_drill_found(sqlite_engine: Engine, seed: int, opening: int, acts: str) -> None:
    world = make_world(sqlite_engine, seed)
    world.open(opening)
    for act in acts.split(", "):
        name, pick = act.split()
        world.do(name, int(pick))
    world.come_to_rest()
    world.check()
