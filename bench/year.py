"""A year of outreach to 20,000 borrowers in every zone of Mexico, on SQLite: `make drill-year`. Exits 1 where
the auditor finds a violation. The borrowers are shared out among processes, each with a database of its own.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import structlog

from bot.auditor import Report
from models import make_engine
from models.migrate import upgrade
from tests.properties.contact_year import world

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Lived:
    days: int
    done: Counter[str]
    report: Report
    cpu_seconds: float


def live(people: int, days: int, seed: int, minutes: float | None) -> Lived:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        engine = make_engine(f"sqlite:///{folder}/year.db")
        upgrade(engine)
        with world(engine, START, people, seed, days // 30 + 1) as found:
            lived = 0
            while lived < days and not (minutes and time.monotonic() - began > minutes * 60):
                found.live(1)
                lived += 1
            report = found.audit(date(START.year, START.month, START.day))
        engine.dispose()
    return Lived(lived, found.wire.done, report, time.process_time())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--minutes", type=float, help="stops after so long: what was lived by then counts")
    given = parser.parse_args()
    began = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        share = given.people // given.processes
        parts = [
            pool.submit(live, share, given.days, given.seed + number, given.minutes)
            for number in range(given.processes)
        ]
        lived = [part.result() for part in parts]
    for what, number in sorted(sum((each.done for each in lived), Counter[str]()).items()):
        print(f"{number:>9,} {what}")
    reports = [each.report for each in lived]
    violations = [violation for report in reports for violation in report.violations]
    print(
        f"{len(violations)} violations in {sum(report.messages for report in reports):,} messages and "
        f"{sum(report.calls for report in reports):,} calls, {share * given.processes:,} people, "
        f"{min(each.days for each in lived)} days, seed {given.seed}; "
        f"{sum(report.near_misses for report in reports):,} near misses; "
        f"{time.monotonic() - began:.0f} s, {sum(each.cpu_seconds for each in lived):.0f} s of CPU"
    )
    for report in reports:
        for rail, quiet in report.quiet.items():
            print(f"paid by {rail}: {quiet.payments:,} loans, quiet after {quiet.p50} s, p99 {quiet.p99} s")
    for each in violations[:20]:
        print(each)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
