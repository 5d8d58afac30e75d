"""The drill of `make drill`, small: all processes on PostgreSQL and Redis, killed and broken around."""

from bench.town.audit import COUNTS
from bench.town.command import run

SMALL = "drill --turns 90 --kills 8 --faults 5 --loans 40 --scheduler 2 --worker 2"


def test_nothing_is_lost_doubled_or_unknown() -> None:
    found = run(SMALL.split())
    assert {name: count for name, count in found.items() if count and name not in COUNTS} == {}
    assert all(found[name] for name in COUNTS), found
