"""A year of outreach to 20,000 borrowers in every zone of Mexico, on SQLite: `make drill-year`. Exits 1 where
the auditor finds a violation.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, date, datetime

import structlog

from models import make_engine
from models.migrate import upgrade
from tests.properties.contact_year import world

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stops after so long: what was lived by then counts")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/year.db")
        upgrade(engine)
        with world(engine, START, given.people, given.seed, given.days // 30 + 1) as found:
            days = 0
            while days < given.days and not (given.minutes and time.monotonic() - began > given.minutes * 60):
                found.live(1)
                days += 1
            report = found.audit(date(START.year, START.month, START.day))
        engine.dispose()
    for what, number in sorted(found.wire.done.items()):
        print(f"{number:>9,} {what}")
    seconds = time.monotonic() - began
    print(
        f"{len(report.violations)} violations in {report.messages:,} messages and {report.calls:,} calls, "
        f"{given.people:,} people, {days} days, seed {given.seed}; {report.near_misses:,} near misses; "
        f"{seconds:.0f} s"
    )
    for rail, quiet in report.quiet.items():
        print(f"paid by {rail}: {quiet.payments} loans, quiet after {quiet.p50} s, p99 {quiet.p99} s")
    for each in report.violations[:20]:
        print(each)
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
