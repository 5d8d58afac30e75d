"""Whoever tells of money, whenever and however often: at rest the ledger is the world."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.properties.books_world import ACTS, make_world

_NUMBERS = count(1)
EPISODES = 300

steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 59)), min_size=4, max_size=16)


@settings(max_examples=EPISODES)
@given(steps)
def test_at_rest_the_ledger_is_the_world(sqlite_engine: Engine, happens: list[tuple[str, int]]) -> None:
    world = make_world(sqlite_engine, next(_NUMBERS))
    for act, pick in happens:
        world.do(act, pick)
    world.come_to_rest()
    world.check()
