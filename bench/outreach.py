"""Planning a day against the bare INSERT … SELECT of the same rows, and dispatching against a provider that
answers in 80 ms, next to Twilio's own asynchronous client: `make bench-outreach`. Ratios are what counts.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import Engine, insert, select, text

from bench.books import database
from bot import logs
from bot.channels import make_transport
from bot.jobs.worker import FULL, IDLE_SECONDS
from bot.outreach import Senders, dispatch, plan
from bot.services import Services
from bot.wording import encode
from flows.types.effects import Say
from models import (
    Borrower,
    ContactPoint,
    Conversation,
    Loan,
    Message,
    make_engine,
    message_table,
    read_tx,
    write_tx,
)
from models.migrate import upgrade
from tests.services import ACCOUNT, TOKEN, make_test_services

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
DUE = date(2026, 11, 21)
ANSWER_SECONDS = 0.08
ROWS, WARM = 20_000, 64
UNSENT = message_table.c.status.in_(("queued", "sending"))
SERVER = f"""
import asyncio, itertools
from aiohttp import web
numbers = itertools.count(1)
async def take(request):
    await request.post()
    await asyncio.sleep({ANSWER_SECONDS})
    return web.json_response({{"sid": f"SM{{next(numbers):032d}}", "account_sid": "{ACCOUNT}"}}, status=201)
app = web.Application()
app.router.add_post("/{{rest:.*}}", take)
async def main():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print("http://127.0.0.1:%d" % runner.addresses[0][1], flush=True)
    await asyncio.sleep(3600)
asyncio.run(main())
"""
BARE = text(
    r"""INSERT INTO event (conversation_id, loan_id, contact_point_id, kind, data, key, not_before, attempts,
    created_at) SELECT contact_point.conversation_id, loan.id, contact_point.id, 'outreach',
    '{"flow"\:"reminder","step"\:"late-3","tone"\:"kind","strategy"\:"default@1","until"\:6}',
    'outreach\:default@1\:bare\:' || loan.id || '\:' || loan.overdue_since, :now, 0, :now
    FROM loan JOIN contact_point ON contact_point.borrower_id = loan.borrower_id
    WHERE loan.overdue_since BETWEEN :first AND :last AND loan.outstanding_centavos > 0"""
)
"""Writes the same rows as the planner, but for a key of their own, and asks nothing but what is late."""


def fill(engine: Engine, loans: int) -> None:
    """Borrowers with one loan each, three days late, and one WhatsApp address."""
    for start in range(0, loans, ROWS):
        numbers = range(start + 1, min(start + ROWS, loans) + 1)
        people = {"name": "n", "language": "es_MX", "zone": "America/Mexico_City", "created_at": NOW}
        threads = {"channel": "whatsapp", "state": {}, "created_at": NOW, "last_in_at": NOW}
        points = {"channel": "whatsapp", "status": "unverified", "failures": 0, "created_at": NOW}
        owed = {"status": "overdue", "overdue_since": DUE, "outstanding_centavos": 85_000, "created_at": NOW}
        keys = {n: f"+525{n:09d}" for n in numbers}
        with write_tx(engine) as connection:
            connection.execute(
                insert(Borrower), [people | {"id": n, "external_id": f"B{n}"} for n in numbers]
            )
            connection.execute(
                insert(Conversation),
                [threads | {"id": n, "key": keys[n], "address": f"whatsapp:{keys[n]}"} for n in numbers],
            )
            connection.execute(
                insert(ContactPoint),
                [
                    points
                    | {
                        "id": n,
                        "borrower_id": n,
                        "conversation_id": n,
                        "key": keys[n],
                        "address": f"whatsapp:{keys[n]}",
                    }
                    for n in numbers
                ],
            )
            connection.execute(
                insert(Loan), [owed | {"id": n, "external_id": f"L{n}", "borrower_id": n} for n in numbers]
            )


def planning(kind: str, loans: int) -> None:
    with database(kind) as engine:
        fill(engine, loans)
        if kind == "postgresql":
            with engine.connect() as connection:
                connection.execute(text("ANALYZE"))
        services, server = make_test_services(engine, NOW), _server(engine)
        before = psutil.Process().memory_info().rss
        began, cpu = time.perf_counter(), _cpu_with(server)
        planned = plan(services)
        ours, ours_cpu = time.perf_counter() - began, _cpu_with(server) - cpu
        grown = (psutil.Process().memory_info().rss - before) / 1e6
        began, cpu = time.perf_counter(), _cpu_with(server)
        with write_tx(engine) as connection:
            given = {"now": "2026-11-24 18:00:00.000000", "first": "2026-11-18", "last": "2026-11-21"}
            connection.execute(BARE, given)
        bare, bare_cpu = time.perf_counter() - began, _cpu_with(server) - cpu
        assert planned == loans, f"{planned} of {loans} were planned"
    print(
        f"plan, {kind}, {loans:,} loans: {ours:.2f} s, bare INSERT … SELECT {bare:.2f} s: "
        f"{ours / bare:.2f} x, of CPU {ours_cpu / bare_cpu:.2f} x; {grown:.0f} MB more"
    )


@contextmanager
def provider() -> Iterator[str]:
    """A stand-in in a process of its own; its address."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def dispatching(messages: int, per_second: float) -> None:
    with tempfile.TemporaryDirectory() as folder, provider() as address:
        engine = make_engine(f"sqlite:///{folder}/outbox.db")
        upgrade(engine)
        fill(engine, messages + WARM)
        services = make_test_services(engine, NOW, whatsapp_per_second=per_second)
        services.settings.twilio_api_url = address
        with _logs_as_in_production():
            for first, count in ((1, WARM), (WARM + 1, messages)):  # catalogues and connections come first
                queue(engine, first, count)
                ours, seconds = _dispatched(services, count)
        for count in (WARM, min(messages, 4_000)):
            floor = asyncio.run(_async_client(address, count))
    held = f" ({messages / seconds / per_second - 1:+.1%} of it)" if per_second else ""
    limit = f", limit {per_second:.0f}/s{held}" if per_second else ""
    print(
        f"dispatch, {messages:,} messages{limit}: {messages / seconds:.0f} a second, "
        f"{ours * 1e3:.2f} ms of CPU each; Twilio's asynchronous client {floor * 1e3:.2f} ms: "
        f"{ours / floor:.2f} x"
    )


@contextmanager
def _logs_as_in_production() -> Iterator[None]:
    """Each message is a line of JSON; nobody reads them here."""
    with Path(os.devnull).open("w") as nobody, redirect_stderr(nobody):
        logs.configure()
        yield


def queue(engine: Engine, first: int, messages: int) -> None:
    row = {
        "direction": "out",
        "author": "bot",
        "channel": "whatsapp",
        "status": "queued",
        "wording": encode(Say((("thanks.back", {}),))),
        "purpose": "reply",
        "not_before": NOW - timedelta(minutes=1),
        "created_at": NOW - timedelta(minutes=1),
    }
    with write_tx(engine) as connection:
        connection.execute(
            insert(Message),
            [
                row | {"conversation_id": n, "borrower_id": n, "address": f"whatsapp:+525{n:09d}"}
                for n in range(first, first + messages)
            ],
        )


def _dispatched(services: Services, messages: int) -> tuple[float, float]:
    """CPU seconds for each message, and seconds in all."""
    began, cpu = time.perf_counter(), _cpu()
    drain(services)
    return (_cpu() - cpu) / messages, time.perf_counter() - began


def drain(services: Services) -> int:
    """Dispatches as a worker does until nothing is left; how many rows it moved."""
    transport, senders, moved = make_transport(services), Senders(), 0
    while True:
        found = dispatch(services, transport, senders=senders)
        moved += found
        if found >= FULL:
            continue
        with read_tx(services.engine) as connection:
            if connection.scalar(select(message_table.c.id).where(UNSENT).limit(1)) is None:
                break
        time.sleep(IDLE_SECONDS)
    senders.close()
    return moved


async def _async_client(address: str, messages: int) -> float:
    """Bare calls by the package's own asynchronous client, forty at a time: CPU seconds for each."""
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.rest import Client

    class Local(AsyncTwilioHttpClient):  # type: ignore[misc]
        async def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
            return await super().request(method, address + "/" + url.split("/", 3)[3], *args, **kwargs)

    http = Local()
    client = Client(ACCOUNT, TOKEN, http_client=http)
    slots = asyncio.Semaphore(40)

    async def one(number: int) -> None:
        async with slots:
            await client.messages.create_async(
                to=f"whatsapp:+525{number:09d}", from_="whatsapp:+525550000000", body="Gracias a usted."
            )

    cpu = _cpu()
    await asyncio.gather(*(one(number) for number in range(messages)))
    used = _cpu() - cpu
    await http.close()
    return used / messages


def _server(engine: Engine) -> psutil.Process | None:
    """The process of PostgreSQL's that serves our only connection."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        return psutil.Process(connection.scalar(text("SELECT pg_backend_pid()")))


def _cpu_with(server: psutil.Process | None) -> float:
    times = server.cpu_times() if server else None
    return _cpu() + (times.user + times.system if times else 0.0)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, nargs="*", default=[300_000, 1_000_000])
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--per-second", type=float, default=200.0, help="the limit that is held, once more")
    given = parser.parse_args()
    for kind in given.databases:
        for loans in given.loans:
            planning(kind, loans)
    if given.messages:
        dispatching(given.messages, 0)
        dispatching(given.messages, given.per_second)
    return 0


if __name__ == "__main__":
    sys.exit(main())
