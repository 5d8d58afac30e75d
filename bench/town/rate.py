"""Turns a second with every process running, against the floor of `bench.turn`, both on PostgreSQL: one after
the other in each round.
"""

import time
from statistics import median

import psutil
from sqlalchemy import Engine, text

from bench.town.audit import UNSETTLED
from bench.town.town import ROOT, Town, settled_town, until
from bench.turn import ACCOUNT, CONNECTIONS, TOKEN, TURNS, Version, compare, drive

CONVERSATIONS, ROUNDS = 160, 3
DRAIN_SECONDS = 300
GOAL = 0.5
COUNTS = {"serve": 1, "scheduler": 1, "worker": 1}
_QUEUED = f"SELECT count(*) FROM message WHERE {UNSETTLED}"


def measure() -> int:
    """1 where it is less than half of the floor."""
    versions, ratios = {"floor": Version("bench.floor:app", ROOT)}, []
    for _ in range(ROUNDS):
        floor = compare("postgres", versions, CONVERSATIONS, 1, "talk")["floor"][0].rate
        taken, answered = _town()
        ratios.append(taken / floor)
        print(f"all processes: {taken:.0f} turns a second, {answered:.0f} until the last answer has left")
        print(f"{taken / floor:.2f} and {answered / floor:.2f} × floor", flush=True)
    print(f"taken: {median(ratios):.2f} × floor (goal ≥ 0.5) on {psutil.cpu_count()} cores")
    return int(median(ratios) < GOAL)


def _town() -> tuple[float, float]:
    """`(taken, answered)` a second: the web process is the stand-in Twilio's too."""

    def fill(town: Town) -> None:
        Version("", ROOT).prepare(town.database_url, CONVERSATIONS + CONNECTIONS)

    own = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    with settled_town(COUNTS, fill, web_workers=2, more=own) as (town, engine):
        drive(town.ports[0], CONNECTIONS, 0, TURNS)
        until(lambda: _is_drained(engine), DRAIN_SECONDS)
        began = time.perf_counter()
        taken = len(drive(town.ports[0], CONVERSATIONS, CONNECTIONS, TURNS))
        accepted = taken / (time.perf_counter() - began)
        until(lambda: _is_drained(engine), DRAIN_SECONDS)
        return accepted, taken / (time.perf_counter() - began)


def _is_drained(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = connection.scalar(text(_QUEUED))
        connection.commit()
    return not waiting
