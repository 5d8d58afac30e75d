"""One, two and four worker processes on PostgreSQL: turns, messages sent, charges submitted and loans planned
a second, and what working together costs: `make bench-workers`, five minutes at most.

Processes beyond the machine's cores add no speed. What coordination costs is therefore counted in CPU, of the
workers and of PostgreSQL, for each thing done: the share of it that one worker alone would not have spent.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, text

from bench import charging as charges
from bench import outreach
from bench.books import database
from bench.turn import phone, prepare
from bot import logs
from bot.conversation import Incoming, receive
from bot.debit import charging
from bot.debit.port import ChargeOrder, ChargeReport
from bot.outreach import plan
from models import make_engine
from tests.fake_provider import CAPABILITIES
from tests.services import ACCOUNT, make_test_services, set_provider

WORKERS = (1, 2, 4)
SAYINGS = ("hola", "cuánto debo?", "gracias")
GIVE_UP_SECONDS = 120


class Provider(charges.SlowProvider):
    """Under ids that no other process gives."""

    def create_charge(self, order: ChargeOrder) -> ChargeReport:
        report = super().create_charge(order)
        return replace(report, provider_id=f"{os.getpid()}-{report.provider_id}")


def turns(engine: Engine, number: int, workers: int, amount: int, _address: str) -> int:
    services = make_test_services(engine, outreach.NOW)
    mine = range(number + 1, amount // len(SAYINGS) + 1, workers)
    for who in mine:
        for place, words in enumerate(SAYINGS):
            sid, key = f"SM{who:08d}{place:02d}", phone(who)
            receive(
                services, Incoming("whatsapp", f"whatsapp:{key}", key, "", ACCOUNT, sid, words, outreach.NOW)
            )
    return len(mine) * len(SAYINGS)


def messages(engine: Engine, _number: int, _workers: int, _amount: int, address: str) -> int:
    services = make_test_services(engine, outreach.NOW)
    services.settings.twilio_api_url = address
    return outreach.drain(services)


def submitted(engine: Engine, _number: int, _workers: int, _amount: int, _address: str) -> int:
    services, count = make_test_services(engine, charges.NOW), 0
    able = replace(CAPABILITIES, parallel_calls=charges.PARALLEL, batch=50)
    set_provider(services, Provider(capabilities=able))
    while moved := charging.submit(services):
        count += moved
    return count


def planned(engine: Engine, _number: int, _workers: int, _amount: int, _address: str) -> int:
    return plan(make_test_services(engine, outreach.NOW))


@dataclass(frozen=True)
class Job:
    """`run(engine, number, workers, amount, address)` does its share and answers how many it did."""

    run: Callable[[Engine, int, int, int, str], int]
    amount: int
    fill: Callable[[Engine, int], None]


def fill_turns(engine: Engine, amount: int) -> None:
    prepare(url_of(engine), amount // len(SAYINGS))


def fill_messages(engine: Engine, amount: int) -> None:
    outreach.fill(engine, amount)
    outreach.queue(engine, 1, amount)


JOBS = {
    "turns": Job(turns, 600, fill_turns),
    "messages": Job(messages, 2_000, fill_messages),
    "charges": Job(submitted, 400, charges.fill),
    "loans planned": Job(planned, 40_000, outreach.fill),
}


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def work(job: str, url: str, number: int, workers: int, address: str, steps: Barrier, results: Any) -> None:
    """In a process of its own. All begin at once, and stay until PostgreSQL's part was read too."""
    engine = make_engine(url)
    with Path(os.devnull).open("w") as nobody, redirect_stderr(nobody):
        logs.configure()
        steps.wait(GIVE_UP_SECONDS)
        cpu = sum(os.times()[:2])
        try:
            done = JOBS[job].run(engine, number, workers, JOBS[job].amount, address)
        except BaseException:
            steps.abort()
            raise
        results.put((done, sum(os.times()[:2]) - cpu, time.time()))
        steps.wait(GIVE_UP_SECONDS)
        steps.wait(GIVE_UP_SECONDS)


def measure(job: str, workers: int, address: str) -> tuple[float, float]:
    """How many a second, and CPU seconds for each."""
    with database("postgresql") as engine:
        JOBS[job].fill(engine, JOBS[job].amount)
        with engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            server = psutil.Process(connection.scalar(text("SELECT pg_backend_pid()"))).parent()
        spawn = multiprocessing.get_context("spawn")
        steps, results = spawn.Barrier(workers + 1), spawn.Queue()
        given = (address, steps, results)
        processes = [
            spawn.Process(target=work, args=(job, url_of(engine), number, workers, *given), daemon=True)
            for number in range(workers)
        ]
        for process in processes:
            process.start()
        steps.wait(GIVE_UP_SECONDS)
        began, server_cpu = time.time(), cpu_of(server)
        steps.wait(GIVE_UP_SECONDS)
        server_cpu = cpu_of(server) - server_cpu
        steps.wait(GIVE_UP_SECONDS)
        done, cpu, ended = zip(*(results.get() for _ in processes), strict=True)
        for process in processes:
            process.join()
        assert sum(done) == JOBS[job].amount, f"{job}: {done} of {JOBS[job].amount} were done"
    return sum(done) / (max(ended) - began), (sum(cpu) + server_cpu) / sum(done)


def cpu_of(server: psutil.Process) -> float:
    """Of PostgreSQL with all its processes."""
    times = [process.cpu_times() for process in (server, *server.children())]
    return sum(each.user + each.system for each in times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", nargs="*", choices=tuple(JOBS), default=tuple(JOBS))
    parser.add_argument("--workers", nargs="*", type=int, default=WORKERS)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    with outreach.provider() as address:
        for job in given.jobs:
            alone = 0.0
            for workers in given.workers:
                rate, cpu = measure(job, workers, address)
                alone = alone or cpu
                print(
                    f"{job}, workers {workers}: {rate:.0f} a second, {cpu * 1e3:.2f} ms of CPU each; "
                    f"lost to coordination {max(0.0, 1 - alone / cpu):.0%}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
