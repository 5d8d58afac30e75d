"""The whole drill: `make drill-talk`. Exits 1 where something happened that never must."""

import argparse
import logging
import sys
import time

import structlog

from tests.robot.town import run


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--show", type=int, default=5, help="faults to show with what led to them")
    chosen = parser.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    start = time.monotonic()
    judge = run(chosen.seed, chosen.conversations, chosen.processes)
    for fault in judge.faults[: chosen.show]:
        sys.stdout.write(f"{fault}\n\n")
    sys.stdout.write(judge.report(time.monotonic() - start) + "\n")
    return bool(judge.faults)


if __name__ == "__main__":
    sys.exit(main())
