"""Who is in which variant, and what its figures show."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select
from sqlalchemy.pool import StaticPool

from bot.outreach.planning.arms import CHAMPION, HELD_OUT, arms, part
from bot.outreach.planning.intervals import Share, any_look, difference, one_look
from bot.outreach.planning.strategy import InvalidStrategy, Strategy
from models import Base, Borrower, borrower_table

TRIED = """
name = "tried"
[[steps]]
name = "late"
day = 3
until = 6
flow = "reminder"
tone = "kind"
[[steps.variants]]
name = "firm"
percent = 30
tone = "firm"
[[steps.variants]]
name = "by-sms"
percent = 20
channels = ["sms"]
"""


def test_everybody_is_in_one_arm_the_same_in_python_and_in_sql() -> None:
    strategy = Strategy.parse(TRIED)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine, tables=[borrower_table])
    ids = [*range(1, 2_000), 10**9]
    with engine.begin() as connection:
        row = {"name": "n", "language": "es_MX", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
        connection.execute(insert(Borrower), [row | {"id": n, "external_id": str(n)} for n in ids])
        found = {
            arm.variant: set(connection.scalars(select(borrower_table.c.id).where(*arm.has())))
            for arm in arms(strategy.steps[0], strategy, 10)
        }
    assert sorted(found) == ["by-sms", CHAMPION, "firm", HELD_OUT]
    assert sorted(person for people in found.values() for person in people) == ids
    assert found[HELD_OUT] == {person for person in ids if part(person, HELD_OUT) < 10}
    shares = {name: len(people) / len(ids) for name, people in found.items()}
    assert shares == pytest.approx({HELD_OUT: 0.1, "firm": 0.27, "by-sms": 0.18, CHAMPION: 0.45}, abs=0.02)


def test_a_variant_that_was_stopped_leaves_its_part_to_the_champion() -> None:
    strategy = Strategy.parse(TRIED)
    found = {arm.variant: arm.last - arm.first for arm in arms(strategy.steps[0], strategy, 0, ["late:firm"])}
    assert found == {"by-sms": 20, CHAMPION: 80}
    (firm, sms, champion) = arms(strategy.steps[0], strategy)
    assert (firm.step.tone, sms.step.channels, sms.step.tone, champion.step.tone) == (
        "firm",
        ("sms",),
        "kind",
        "kind",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("percent = 30", "percent = 80", "more than 99 percent"),
        ('name = "firm"', 'name = "champion"', "names of their own"),
        ('tone = "firm"', 'tone = "rude"', "tone"),
        ('name = "tried"', 'name = "tried"\nbudget_usd = "much"', "line 3: budget_usd"),
        (
            'name = "tried"',
            'name = "tried"\n[alarm]\npaid_percent_from = 200',
            "line 4: alarm.paid_percent_from",
        ),
    ],
)
def test_a_fault_of_an_experiment_is_named(right: str, wrong: str, fault: str) -> None:
    assert right in TRIED
    with pytest.raises(InvalidStrategy) as refused:
        Strategy.parse(TRIED.replace(right, wrong, 1))
    assert fault in str(refused.value)


def test_newcombes_own_example() -> None:
    """Newcombe 1998, table II: 56 of 70 less 48 of 80, method 10."""
    low, high = difference(Share(56, 70), Share(48, 80), one_look(0.95))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


counts = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda two: Share(min(two), max(two)))


@given(counts, counts)
def test_an_interval_holds_the_share_and_is_mirrored(ours: Share, theirs: Share) -> None:
    low, high = ours.interval(one_look(0.95))
    assert -1e-9 <= low <= ours.value + 1e-9
    assert ours.value <= high + 1e-9
    one, other = (difference(*pair, one_look(0.95)) for pair in ((ours, theirs), (theirs, ours)))
    assert one == pytest.approx((-other[1], -other[0]))


_TRIALS = 200


def test_who_looks_every_day_is_shown_a_difference_by_chance_in_five_of_a_hundred_trials_at_most() -> None:
    chance = Random(5)
    told = {"once": 0, "daily": 0}
    for _ in range(_TRIALS):
        found = list(_days_of_a_trial_of_two_that_are_alike(chance))
        told["once"] += any(_differ(ours, theirs, one_look(0.95)) for ours, theirs in found)
        told["daily"] += any(
            _differ(*pair, any_look(0.95, sum(each.people for each in pair))) for pair in found
        )
    assert told["once"] > _TRIALS // 10, "the interval for one look does not do"
    assert told["daily"] <= _TRIALS // 20


def _days_of_a_trial_of_two_that_are_alike(chance: Random) -> Iterator[tuple[Share, Share]]:
    """Thirty days, twenty people a day on each side, of whom three of ten pay."""
    ours = theirs = 0
    for day in range(1, 31):
        ours += sum(chance.random() < 0.3 for _ in range(20))
        theirs += sum(chance.random() < 0.3 for _ in range(20))
        yield Share(ours, 20 * day), Share(theirs, 20 * day)


def _differ(ours: Share, theirs: Share, z: float) -> bool:
    low, high = difference(ours, theirs, z)
    return low > 0 or high < 0
