"""One-line breaks in what must never be wrong, and how many of them a test catches: `make mutants`.

Each break is tried in a process forked from one in which the program, the tests and an empty database are
ready: the broken function takes the place of the sound one, and the tests that reach its line run, the
quickest first, until one fails. Of each group of `GROUPS` as many are drawn.
"""

import argparse
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest
from _pytest.runner import call_and_report, runtestprotocol

from bench.breaks import ROOT, Break, CannotBeMade, breaks_of

FLOOR = 0.85
GROUPS = {
    "contact rules": ("bot/compliance/*.py",),
    "effects": ("bot/conversation/effects/*.py",),
    "charging guard": ("bot/debit/charging/guard.py",),
    "planner": ("bot/outreach/planning/planner.py", "bot/outreach/planning/candidates.py"),
    "promises": ("models/ledger/promises.py",),
    "ledger": ("models/ledger/[!p]*.py", "models/ledger/p[!r]*.py"),
}
TESTS = (
    "tests/unit/compliance",
    "tests/unit/debit/charging",
    "tests/unit/models",
    "tests/unit/offers/test_plan_outcome.py",
    "tests/unit/outreach",
    "tests/properties/test_ledger.py",
    "tests/integration/api/test_api_loans.py",
    "tests/integration/api/test_api_payments.py",
    "tests/integration/charging/test_charging_guard.py",
    "tests/integration/charging/test_charging_promise.py",
    "tests/integration/conversation",
    "tests/integration/test_experiments.py",
    "tests/integration/test_identity_kept.py",
    "tests/integration/test_learning.py",
    "tests/integration/test_mandate_consent.py",
    "tests/integration/test_mandates.py",
    "tests/integration/test_planner.py",
    "tests/integration/test_plans.py",
    "tests/integration/test_promises_judged.py",
    "tests/integration/test_reported_payments.py",
    "tests/integration/test_tape_truth.py",
    "tests/integration/test_verify.py",
)
ALIVE, CAUGHT, NOT_MADE = 0, 1, 2
CPU_SECONDS, SECONDS = 60, 600
"""What the tests of one break may take: a break that makes them go on for ever is caught."""


@dataclass(frozen=True)
class Reached:
    tests_by_line: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def tests(self, each: Break) -> list[str]:
        """Those that reach its lines; of what stands outside of functions, its file. The quickest first."""
        by_line = self.tests_by_line.get(each.path, {})
        lines = by_line if each.name else range(each.first_line, each.last_line + 1)
        return sorted(
            {test for line in lines for test in by_line.get(line, ())}, key=self.seconds.__getitem__
        )


class Trial:
    """A plugin that tries breaks where pytest would run its tests."""

    def __init__(self, breaks: dict[str, list[Break]], each: int, draw: random.Random, kept: Path) -> None:
        self.breaks, self.each, self.draw, self.kept = breaks, each, draw, kept
        self.caught: dict[str, list[bool]] = {group: [] for group in breaks}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        _make_database(session.items)
        if not self.kept.exists() and _fork(lambda: self._map(session.items), 3600):
            pytest.exit("a test fails before anything is broken", returncode=1)
        reached = Reached(*pickle.loads(self.kept.read_bytes()))
        for group, breaks in self.breaks.items():
            for each in self.draw.sample(breaks, len(breaks)):
                if len(self.caught[group]) == self.each:
                    break
                self._try(group, each, [items[test] for test in reached.tests(each)])
        return True

    def _try(self, group: str, each: Break, items: list[pytest.Item]) -> None:
        broken = each.compiled()
        if broken is None:
            return

        def run() -> int:
            _silence()
            try:
                each.apply(broken)
            except CannotBeMade:
                return NOT_MADE
            return CAUGHT if _fails(items) else ALIVE

        outcome = _fork(run, CPU_SECONDS)
        if outcome != NOT_MADE:
            self.caught[group].append(outcome != ALIVE)
        if outcome == ALIVE:
            print(f"\n{each.path}, caught by none of {len(items)} tests\n{each.shown()}", flush=True)
        elif outcome == CAUGHT:
            print(".", end="", flush=True)

    def _map(self, items: list[pytest.Item]) -> int:
        """Which tests reach a line, and how long each takes. Not 0 where one fails."""
        files = [str(ROOT / path) for group in GROUPS for path in _paths(group)]
        measured = coverage.Coverage(data_file=None, config_file=False, include=files)
        seconds: dict[str, float] = {}
        errors = os.dup(2)
        _silence()
        measured.start()
        for item, reports in _run(items, lambda item: measured.switch_context(item.nodeid)):
            seconds[item.nodeid] = sum(report.duration for report in reports)
            if failed := [str(report.longrepr) for report in reports if report.failed]:
                os.write(errors, f"{item.nodeid}\n{failed[0]}\n".encode())
                return 1
        measured.stop()
        data = measured.get_data()
        by_line = {
            str(Path(file).relative_to(ROOT)): data.contexts_by_lineno(file) for file in data.measured_files()
        }
        self.kept.write_bytes(pickle.dumps((by_line, seconds)))
        return 0


def _paths(group: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for each in GROUPS[group] for path in sorted(ROOT.glob(each))]


def _make_database(items: list[pytest.Item]) -> None:
    """By preparing a test that needs one, without running it."""
    functions = [each for each in items if isinstance(each, pytest.Function)]
    first = next(each for each in functions if "sqlite_url" in each.fixturenames)
    other = next(each for each in functions if each is not first)
    call_and_report(first, "setup", log=False)
    call_and_report(first, "teardown", log=False, nextitem=other)
    first._initrequest()  # noqa: SLF001 - else it would run with what it was given now


def _run(
    items: list[pytest.Item], before: Callable[[pytest.Item], object] = lambda _: None
) -> Iterator[tuple[pytest.Item, list[pytest.TestReport]]]:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.session._setupstate.teardown_exact(item)  # noqa: SLF001 - of what only another needs
        before(item)
        yield item, runtestprotocol(item, log=False, nextitem=following)


def _fails(items: list[pytest.Item]) -> bool:
    return any(report.failed for _, reports in _run(items) for report in reports)


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _fork(run: Callable[[], int], cpu_seconds: int) -> int:
    """What a process of its own answers; CAUGHT, where it comes to no answer."""
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        signal.alarm(SECONDS)
        answer = CAUGHT
        try:
            answer = run()
        finally:
            os._exit(answer)
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else CAUGHT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", choices=tuple(GROUPS), help="this one only")
    parser.add_argument("--kept", type=Path, help="file of which tests reach which line: made, or used again")
    given = parser.parse_args()
    groups = [group for group in GROUPS if given.group in (None, group)]
    breaks = {group: [each for path in _paths(group) for each in breaks_of(path)] for group in groups}
    kept = given.kept or Path(tempfile.mkdtemp()) / "reached"
    trial = Trial(breaks, given.sample // len(breaks), random.Random(given.seed), kept)
    pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-m", "not postgres", *TESTS], plugins=[trial])
    for group, caught in trial.caught.items():
        print(f"{group:15} {sum(caught):4} of {len(caught)} caught, of {len(breaks[group])} that can be made")
    drawn = [each for caught in trial.caught.values() for each in caught]
    if not drawn:
        sys.exit("nothing was tried")
    print(f"{sum(drawn)} of {len(drawn)} caught ({sum(drawn) / len(drawn):.0%})")
    sys.exit(1 if sum(drawn) < FLOOR * len(drawn) else 0)


if __name__ == "__main__":
    main()
