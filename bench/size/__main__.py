"""`make bench-scale`: exits 1 where a page took too long, or a statement walks a table that grows."""

import argparse
import sys
import time

import psutil
from sqlalchemy import Engine, text

from bench.books import KINDS, database
from bench.scale import cpu_of
from bench.size.fill import NOW, Size, fill
from bench.size.pages import at_the_desk, figure, milliseconds, pages, supervisor
from bench.size.plans import page_acts, walks
from bot.reports import keep_facts
from tests.hot_acts import hot_acts
from tests.services import make_test_services

SQLITE_MS = 50


def cpu(engine: Engine) -> float:
    """Seconds of CPU, with the database's."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return time.process_time()
        server = psutil.Process(connection.scalar(text("SELECT pg_backend_pid()"))).parent()
    return time.process_time() + cpu_of(server)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=KINDS, default="postgresql")
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--loans", type=int, default=300_000)
    parser.add_argument("--times", type=int, default=40, help="that each page is asked for")
    given = parser.parse_args()
    size = Size(given.conversations, given.messages, given.loans)
    with database(given.on) as engine:
        services = make_test_services(engine, NOW)
        supervisor(services)
        began = time.perf_counter()
        fill(engine, size)
        print(f"{size}, filled in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        kept = keep_facts(services)
        print(f"the sweep kept {kept} facts in {time.perf_counter() - began:.1f} s", flush=True)
        desk, failed = at_the_desk(services), False
        for page in pages(size):
            most = SQLITE_MS if given.on == "sqlite" else page.most_ms
            before = cpu(engine)
            line, late = figure(page.name, milliseconds(desk, page, given.times), most)
            failed |= late
            print(f"{line}; CPU {1000 * (cpu(engine) - before) / (given.times + 1):.0f} ms", flush=True)
        acts = hot_acts(services, f"+52{5500000000 + size.loans}", NOW, "SMout2")
        found = list(walks(engine, {**page_acts(desk, size), **acts}))
        print(*found, f"{len(found)} statements walk a table that grows", sep="\n")
    return int(failed or bool(found))


if __name__ == "__main__":
    sys.exit(main())
