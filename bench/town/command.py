"""`make drill` breaks the town, `make soak` leaves it alone, `rate` drives it as fast as it goes."""

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import Engine, text

from bench.town import audit
from bench.town.faults import FAULTS, World, plan
from bench.town.rate import CONVERSATIONS, ROUNDS, measure
from bench.town.town import Town, load_sample, settled_town, until
from bench.town.traffic import Traffic

SETTLE_SECONDS = 600
SETTLE_MINUTES = 2
"""Memory is compared from here on: caches fill first."""
FAULTS_EACH = 20
LAST_DAYS, DAY_SECONDS = 3, 90
"""After the drill, with nothing broken: what was announced in it is charged, and has its result."""


def drill(town: Town, engine: Engine, traffic: Traffic, turns: int, kills: int, faults: int) -> Counter[str]:
    """What happened, by kind; it is over when this returns."""
    world = World(town, engine, traffic.chance)
    world.prepare(faults)
    to_come = plan(traffic.chance, turns, kills, faults)
    for turn in range(turns):
        world.end()
        while to_come and to_come[0][0] <= turn:
            _, kind = to_come.pop(0)
            world.kill() if kind == "kill" else world.begin(kind)
        traffic.turn(mail=True)
    world.end(all_of_them=True)
    for _ in range(LAST_DAYS):
        until(lambda: world.is_quiet() and audit.is_settled(engine, traffic), DAY_SECONDS)
        world.next_day()
    return world.counted


def soak(town: Town, traffic: Traffic, minutes: float, per_second: float) -> dict[str, list[float]]:
    """Sends at an even rate; megabytes by kind, each half minute."""
    sizes: dict[str, list[float]] = {}
    began = time.monotonic()
    measured = 0
    while (passed := time.monotonic() - began) < minutes * 60:
        if len(traffic.sent) < passed * per_second:
            traffic.turn()
        else:
            time.sleep(0.02)
        if passed >= measured * 30:
            measured += 1
            for kind, size in town.memory().items():
                sizes.setdefault(kind, []).append(size)
    return sizes


def settle(town: Town, engine: Engine, traffic: Traffic) -> dict[str, int]:
    """Waits until nothing is under way; what was lost, doubled or is unknown then."""

    def is_settled() -> bool:
        town.revive()
        return audit.is_settled(engine, traffic)

    until(traffic.is_over, SETTLE_SECONDS)
    if not until(is_settled, SETTLE_SECONDS):
        print("not settled:", *audit.under_way(engine), sep="\n  ")
    until(lambda: not is_wrong(audit.charges(town)), SETTLE_SECONDS / 5)
    end = time.monotonic() + SETTLE_SECONDS / 5
    while is_wrong(found := audit.audit(town, engine, traffic)) and time.monotonic() < end:
        time.sleep(1)  # what the clock begins meanwhile comes to rest; what is lost or doubled stays so
    return found | audit.charges(town)


def is_wrong(found: Mapping[str, int]) -> bool:
    return any(count for name, count in found.items() if name not in audit.COUNTS)


_PHONES = "SELECT key FROM conversation WHERE channel = 'whatsapp' ORDER BY id"


def phones(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = list(connection.scalars(text(_PHONES)))
        connection.commit()
    return found


def main(words: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its processes end with it
    given = _arguments(words)
    if given.what == "rate":
        return measure(given.conversations, given.rounds)
    found = run(words)
    for name, count in found.items():
        print(f"{name}: {count}")
    return int(is_wrong(found))


def run(words: Sequence[str] | None = None) -> dict[str, int]:
    """What was found afterwards; what happened is printed."""
    given = _arguments(words)
    counts = {"serve": given.serve, "scheduler": given.scheduler, "worker": given.worker}
    breaks = given.what == "drill"
    filled = partial(load_sample, loans=given.loans)
    with settled_town(counts, filled, forked=breaks, debited=breaks) as (town, engine):
        traffic = Traffic(town, random.Random(given.seed), phones(engine))
        began = time.monotonic()
        if breaks:
            counted = drill(town, engine, traffic, given.turns, given.kills, given.faults)
            print("; ".join(f"{kind} {times}" for kind, times in sorted(counted.items())))
        else:
            _print_memory(soak(town, traffic, given.minutes, given.per_second))
        took = time.monotonic() - began
        found = settle(town, engine, traffic)
        settled = time.monotonic() - began - took
        found["errors logged"] = 0 if breaks else town.errors()
    rate = found["turns"] / took
    print(f"{found['turns']} turns in {took:.0f} s: {rate:.1f} a second; settled after {settled:.0f} s")
    return found


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("drill", "soak", "rate"))
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=FAULTS_EACH, help=f"of each kind: {', '.join(FAULTS)}")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--per-second", type=float, default=10)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help="of ten turns, for rate")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of floor and town, for rate")
    parser.add_argument("--loans", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    for kind, count in {"serve": 2, "scheduler": 3, "worker": 3}.items():
        parser.add_argument(f"--{kind}", type=int, default=count, help=f"processes (default {count})")
    return parser.parse_args(words)


def _print_memory(sizes: dict[str, list[float]]) -> None:
    for kind, series in sorted(sizes.items()):
        after = series[min(2 * SETTLE_MINUTES, len(series) - 1) :]
        growth = 100 * (after[-1] / after[0] - 1)
        shown = ", ".join(f"{size:.0f}" for size in series[::4])
        print(f"{kind}: {growth:+.1f} % after the first two minutes; MB each two minutes: {shown}")
