"""A tick is recorded once and taken once, whatever number of schedulers and workers are up."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.jobs import ticks

JOB = "dispatch"


def test_a_tick_is_recorded_once(engine: Engine, now: datetime) -> None:
    assert ticks.record(engine, JOB, 60, now)
    assert not ticks.record(engine, JOB, 60, now + timedelta(seconds=30))
    assert ticks.record(engine, JOB, 60, now + timedelta(seconds=60))
    assert ticks.record(engine, "plan", 60, now)


def test_a_tick_is_taken_once(engine: Engine, now: datetime) -> None:
    ticks.record(engine, JOB, 60, now)
    ticks.record(engine, "plan", 60, now)
    assert ticks.claim(engine, now) == {JOB, "plan"}
    assert ticks.claim(engine, now) == set()


def test_a_tick_that_is_done_is_not_taken_again(engine: Engine, now: datetime) -> None:
    ticks.record(engine, JOB, 60, now)
    ticks.claim(engine, now)
    ticks.done(engine, JOB, now)
    assert ticks.claim(engine, now + timedelta(hours=1)) == set()


def test_the_tick_of_a_dead_worker_is_taken_again(engine: Engine, now: datetime) -> None:
    ticks.record(engine, JOB, 60, now)
    ticks.claim(engine, now)
    assert ticks.claim(engine, now + ticks.ABANDONED_AFTER - timedelta(seconds=1)) == set()
    assert ticks.claim(engine, now + ticks.ABANDONED_AFTER + timedelta(seconds=1)) == {JOB}


def test_only_what_was_claimed_is_done(engine: Engine, now: datetime) -> None:
    ticks.record(engine, JOB, 60, now)
    ticks.claim(engine, now)
    ticks.record(engine, JOB, 60, now + timedelta(minutes=1))
    ticks.done(engine, JOB, now)
    assert ticks.claim(engine, now + timedelta(seconds=61)) == {JOB}
