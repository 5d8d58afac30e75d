"""What a supervisor's pages take, each asked for many times, about another conversation each time."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from bench.size.fill import GIVEN, NOW, SURNAMES, Size
from bot.console.access import accounts
from bot.services import Services
from tests.desk import PASSWORD, Desk

EMAIL = "m@b.mx"
PRIME = 7919
"""Steps through conversations as if by chance."""


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: Callable[[int], str]
    """Of the try of this number."""
    most_ms: int
    words: Callable[[int], str] | None = None
    """That are searched for."""


def pages(size: Size) -> list[Page]:
    def some(number: int, of: int) -> int:
        return 1 + number * PRIME % of

    def fixed(path: str) -> Callable[[int], str]:
        return lambda _: path

    def thread(number: int, more: str = "") -> str:
        return f"/console/conversations/{some(number, size.loans)}{more}"

    def search(name: str, words: Callable[[int], str]) -> Page:
        return Page(f"search by {name}", fixed("/console/search"), 80, words)

    return [
        Page("inbox", fixed("/console/"), 80),
        *(Page(f"inbox, {queue}", fixed(f"/console/?queue={queue}"), 80) for queue in ("all", "closed")),
        Page("inbox, further on", lambda n: f"/console/?queue=all&after={_after(n)}", 80),
        Page("inbox, news", fixed("/console/live"), 80),
        Page("thread with its borrower", thread, 80),
        Page("thread, news", lambda n: thread(n, "/live"), 80),
        Page("what stands behind it", lambda n: thread(n, "/background"), 80),
        Page("ledger", lambda n: f"/console/loans/{some(n, size.loans)}/ledger", 80),
        search("a name", lambda n: GIVEN[n % 25]),
        search("two names", lambda n: f"{GIVEN[n % 25][:3]} {SURNAMES[n % 40]}"),
        search("three names", lambda n: f"{GIVEN[n % 25]} {SURNAMES[n % 40]} {SURNAMES[n % 37]}"),
        search("phone", lambda n: f"55 {some(n, size.conversations):08d}"),
        search("the beginning of a phone", lambda n: f"5500{n % 10}"),
        search("loan", lambda n: f"L{some(n, size.loans)}"),
        search("words", lambda n: f"folio R{size.messages - n}"),
        search("words that nobody wrote", lambda _: "nadie escribe esto"),
        Page("cases", fixed("/console/tasks"), 80),
        Page("review", fixed("/console/review"), 80),
        Page("today", fixed("/console/today"), 300),
        Page("KPIs", fixed("/console/reports"), 300),
    ]


def _after(number: int) -> str:
    """Where a page begins, as the page before it has it in its link."""
    row = [(NOW - timedelta(days=number % 90)).isoformat(), 1]
    return urlsafe_b64encode(json.dumps(row).encode()).decode().rstrip("=")


def supervisor(services: Services) -> None:
    accounts.add_agent(services, EMAIL, "supervisor", PASSWORD, "M")


def at_the_desk(services: Services) -> Desk:
    return Desk(SimpleNamespace(services=services, conversation=1), EMAIL)  # type: ignore[arg-type]


def milliseconds(desk: Desk, page: Page, times: int) -> Iterator[float]:
    """Of each try; without the first, which fills caches of the process."""
    token = desk.token("/console/")
    for number in range(times + 1):
        path, form = page.path(number), {"q": page.words(number)} if page.words else None
        began = time.perf_counter()
        if form:
            desk.post(path, token, **form)
        answer = desk.get(path)
        took = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 200, f"{page.name}: {answer.status}"
        if number:
            yield took


def figure(name: str, series: Iterable[float], most_ms: int) -> tuple[str, bool]:
    """A line of the page, and whether it took too long."""
    ordered = sorted(series)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    over = f", over {most_ms} ms" if p95 > most_ms else ""
    return f"{name}: p50 {p50:.1f}, p95 {p95:.1f} ms{over}", bool(over)
