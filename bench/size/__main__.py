"""`make bench-scale`: exits 1 where a page took too long, or a statement walks a table that grows."""

import argparse
import sys
import time
from pathlib import Path

import psutil
from sqlalchemy import Engine, func, select, text

from bench.books import KINDS, database
from bench.scale import cpu_of
from bench.size.fill import NOW, Size, fill
from bench.size.pages import Page, at_the_desk, figure, milliseconds, pages, supervisor
from bench.size.plans import page_acts, walks
from bot.reports import keep_facts, keep_today
from bot.services import Services
from models import borrower_table
from tests.desk import Desk
from tests.hot_acts import hot_acts
from tests.services import make_test_services
from tests.statements import listening

SQLITE_MS = 50


def cpu(engine: Engine) -> tuple[float, float]:
    """Seconds of CPU that the program took, and its database's server."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return time.process_time(), 0.0
        server = psutil.Process(connection.scalar(text("SELECT pg_backend_pid()"))).parent()
    return time.process_time(), cpu_of(server)


def filled(engine: Engine, services: Services, size: Size) -> None:
    """With a year's records and the facts that the sweep keeps of them, where it is not yet."""
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(borrower_table)):
            return
    began = time.perf_counter()
    supervisor(services)
    fill(engine, size)
    print(f"{size}, filled in {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    kept = keep_facts(services)
    print(f"the sweep kept {kept} facts in {time.perf_counter() - began:.1f} s", flush=True)


def asked(engine: Engine, desk: Desk, page: Page, times: int) -> tuple[str, bool]:
    """A line of the page, and whether it took too long."""
    most = SQLITE_MS if engine.dialect.name == "sqlite" else page.most_ms
    with listening(engine) as statements:
        before = cpu(engine)
        line, late = figure(page.name, milliseconds(desk, page, times), most)
        mine, server = (
            1000 * (now - then) / (times + 1) for now, then in zip(cpu(engine), before, strict=True)
        )
    number = len(statements) // (times + 1)
    return f"{line}; CPU {mine:.0f} + {server:.0f} ms, {number} statements", late


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=KINDS, default="postgresql")
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--loans", type=int, default=300_000)
    parser.add_argument("--times", type=int, default=40, help="that each page is asked for")
    parser.add_argument("--kept", type=Path, help="a folder that keeps the database for another run")
    given = parser.parse_args()
    size = Size(given.conversations, given.messages, given.loans)
    with database(given.on, given.kept) as engine:
        services = make_test_services(engine, NOW)
        filled(engine, services, size)
        keep_today(services)
        desk, failed = at_the_desk(services), False
        for page in pages(size):
            line, late = asked(engine, desk, page, given.times)
            failed |= late
            print(line, flush=True)
        acts = hot_acts(services, f"+52{5500000000 + size.loans}", NOW, "SMout2")
        found = list(walks(engine, {**page_acts(desk, size), **acts}))
        print(*found, f"{len(found)} statements walk a table that grows", sep="\n")
    return int(failed or bool(found))


if __name__ == "__main__":
    sys.exit(main())
