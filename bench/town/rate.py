"""Turns a second with every process running, against the floor of `bench.turn`, both on PostgreSQL: one after
the other in each round. Every answer is sent and its three receipts come back, meanwhile and after.

The phones, the stand-in Twilio and the driver are processes of their own, next to the floor's as well, on the
same cores.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from statistics import median

import psutil
from sqlalchemy import Engine, text

from bench.town.town import ROOT, Town, settled_town, until
from bench.town.twilio import STATUSES, stand_in
from bench.turn import ACCOUNT, CONNECTIONS, TOKEN, TURNS, Version, compare, cpu_of, drive
from values import CITY

CONVERSATIONS, ROUNDS = 160, 3
DRAIN_SECONDS = 300
GOAL = 0.5
COUNTS = {"serve": 1, "scheduler": 1, "worker": 1}
_NOT_LEFT = "SELECT count(*) FROM message WHERE status IN ('queued', 'sending', 'unknown')"
_NOT_REPORTED = f"""SELECT (SELECT count(*) FROM message WHERE direction = 'out') * {len(STATUSES)}
- (SELECT count(*) FROM receipt)"""

Cpu = dict[str, float]
"""Seconds, by process."""


def measure(conversations: int, rounds: int) -> int:
    """1 where it is less than half of the floor."""
    versions, ratios = {"floor": Version("bench.floor:app", ROOT)}, []
    for _ in range(rounds):
        floor = compare("postgres", versions, conversations, 1, "talk")["floor"][0].rate
        taken, answered = _town(conversations)
        ratios.append(taken / floor)
        print(f"all processes: {taken:.0f} turns a second, {answered:.0f} until the last answer has left")
        print(f"{taken / floor:.2f} and {answered / floor:.2f} × floor", flush=True)
    print(f"taken: {median(ratios):.2f} × floor (goal ≥ {GOAL}) on {psutil.cpu_count()} cores")
    return int(median(ratios) < GOAL)


def _town(conversations: int) -> tuple[float, float]:
    """`(taken, answered)` a second; what each process took for a turn is printed."""

    def fill(town: Town) -> None:
        Version("", ROOT).prepare(town.database_url, conversations + CONNECTIONS)

    with stand_in() as (address, twilio):
        own = {
            "ACUERDO_NOW": datetime.now(CITY).replace(hour=23, minute=30).isoformat(),  # nobody is reminded
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": address,
        }
        with settled_town(COUNTS, fill, web_workers=2, more=own) as (town, engine):
            watched = _watched(town) | {"stand-in Twilio": twilio}
            drive(town.ports[0], CONNECTIONS, 0, TURNS)
            _wait(engine, _NOT_REPORTED)
            before, began = _cpu(watched), time.perf_counter()
            turns = len(drive(town.ports[0], conversations, CONNECTIONS, TURNS))
            taken, during = time.perf_counter() - began, _cpu(watched)
            _wait(engine, _NOT_LEFT)
            answered = time.perf_counter() - began
            _wait(engine, _NOT_REPORTED)
            after = _cpu(watched)
    for name in watched:
        spent = [1e3 * (then[name] - before[name]) / turns for then in (during, after)]
        print(f"  {name}: {spent[0]:.2f} ms of CPU a turn while they come, {spent[1]:.2f} in all")
    return turns / taken, turns / answered


def _watched(town: Town) -> dict[str, psutil.Process]:
    processes = {name: process.pid for name, process in town.processes.items()}
    return {
        name: psutil.Process(pid) for name, pid in (processes | {"postgres": town.postgres.get_pid()}).items()
    }


def _cpu(watched: Mapping[str, psutil.Process]) -> Cpu:
    return {name: cpu_of([top]) for name, top in watched.items()}


def _wait(engine: Engine, query: str) -> None:
    """Until it counts nothing."""

    def is_over() -> bool:
        with engine.connect() as connection:
            waiting = connection.scalar(text(query))
            connection.commit()
        return not waiting

    until(is_over, DRAIN_SECONDS)
