"""The drill: processes are killed at seeded moments, at random and at chosen points; nothing is lost, stepped
twice or sent twice.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from bot.channels.twilio.signature import sign

ROOT = Path(__file__).parents[2]
KILLS, START_SECONDS = 50, 120
POINTS = ("", "before_commit", "after_commit", "before_call", "after_call")
"""Where `ACUERDO_DRILL` makes a process of the test environment die by itself; empty: killed from outside at
a random moment.
"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Town:
    """Acuerdo's processes on a port, and the phones of its borrowers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.env = os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_REPLY_WAIT_SECONDS": "0",
            "PORT": str(self.port),
            "ACUERDO_DATABASE_URL": f"sqlite:///{folder}/a.db",
            "PYTHONPATH": str(ROOT),
            "ACUERDO_NOW": "2026-11-24T12:00:00-06:00",
            "TWILIO_AUTH_TOKEN": "drill",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            check=True,
            cwd=self.folder,
            env=self.env,
            capture_output=True,
        )

    def start(self, name: str, drill: str = "") -> None:
        words = {"serve": ["serve", "--port", str(self.port), "--workers", "1"], "worker": ["worker"]}[name]
        env = self.env | ({"ACUERDO_DRILL": drill} if drill else {})
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *words],
            cwd=self.folder,
            env=env,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def post(self, phone: str, sid: str, body: str) -> bool:
        """As Twilio does: whether it was taken; it is sent again until it is."""
        url = f"http://127.0.0.1:{self.port}/webhooks/twilio/messages"
        form = {
            "MessageSid": sid,
            "AccountSid": "AC" + "0" * 32,
            "From": f"whatsapp:{phone}",
            "To": "whatsapp:+525550000000",
            "Body": body,
            "NumMedia": "0",
        }
        signature = sign("drill", url, {name: [value] for name, value in form.items()})
        try:
            return (
                requests.post(
                    url, data=form, headers={"X-Twilio-Signature": signature}, timeout=3
                ).status_code
                == 200
            )
        except requests.RequestException:
            return False


@pytest.fixture
def town(tmp_path: Path):
    (tmp_path / "var").mkdir()
    town = Town(tmp_path)
    town.run("db", "upgrade")
    town.run("sample", "--loans", "8", "--out", "tape.csv")
    town.run("import", "loans", "tape.csv")
    yield town
    for name in list(town.processes):
        town.kill(name)


def _started(town: Town) -> None:
    """How long a start takes depends on what else runs on the cores: nothing is proved by its time."""
    _until(lambda: _healthy(town.port), START_SECONDS, "the web process does not come up")


def _until(check, seconds: float, what: str | Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.2)
    raise AssertionError(what() if callable(what) else what)


def test_fifty_kills(town: Town) -> None:
    rng = random.Random(20261124)
    engine = create_engine(f"sqlite:///{town.folder}/a.db")
    with engine.connect() as connection:
        phones = list(connection.scalars(text("SELECT key FROM conversation ORDER BY id")))
    waiting: list[tuple[str, str, str]] = []
    sent: list[str] = []
    kills = turn = 0
    while kills < KILLS:
        point = rng.choice(POINTS)
        name = (
            "worker"
            if point.endswith("call")
            else "serve"
            if point.endswith("commit")
            else rng.choice(("serve", "worker"))
        )
        for other in ("serve", "worker"):
            if other not in town.processes:
                town.start(other, point if other == name else "")
        time.sleep(1.2 if name == "serve" else 0.9)
        for _ in range(rng.randint(2, 5)):
            turn += 1
            waiting.append(
                (
                    rng.choice(phones),
                    f"SMdrill{turn:05d}",
                    rng.choice(("hola", "cuánto debo?", "sí", "no", "gracias", "quién eres?")),
                )
            )
            sent.append(waiting[-1][1])
        waiting = [message for message in waiting if not town.post(*message)]
        if not point:
            time.sleep(rng.random() * 0.4)
        town.kill(name)
        kills += 1
    for name in ("serve", "worker"):
        if name in town.processes:
            town.kill(name)
        town.start(name)
    _started(town)
    _until(lambda: all(town.post(*message) for message in waiting), 120, "messages are not taken")

    def settled() -> bool:
        with engine.connect() as connection:
            return (
                connection.scalar(
                    text(
                        "SELECT count(*) FROM message WHERE status IN ('queued', 'sending', "
                        "'unknown', 'unprocessed')"
                    )
                )
                == 0
            )

    sweeper = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "scheduler"],
        cwd=town.folder,
        env=town.env,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(settled, 300, lambda: f"still under way: {_under_way(engine)}")
    finally:
        os.killpg(sweeper.pid, signal.SIGKILL)
        sweeper.wait()
    _audit(town, engine, sent)
    engine.dispose()


def _under_way(engine) -> list[tuple[object, ...]]:
    columns = "id, status, purpose, attempts, reason, not_before"
    with engine.connect() as connection:
        query = (
            f"SELECT {columns} FROM message WHERE status IN ('queued', 'sending', 'unknown', "
            "'unprocessed') ORDER BY status DESC, id LIMIT 12"
        )
        return [tuple(row) for row in connection.execute(text(query))]


def _healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def _audit(town: Town, engine, sent: list[str]) -> None:
    """Against the stand-in's own books: every message is here once and was answered once; what we say was
    sent was sent once.
    """
    with engine.connect() as connection:
        arrived = Counter(connection.scalars(text("SELECT provider_sid FROM message WHERE direction = 'in'")))
        ours = list(
            connection.execute(
                text(
                    "SELECT id, status, (SELECT provider_sid FROM delivery_attempt WHERE message_id = "
                    "message.id AND outcome = 'taken') AS sid FROM message WHERE direction = 'out' AND "
                    "status <> 'suppressed'"
                )
            )
        )
        versions = connection.scalar(text("SELECT sum(version) FROM conversation"))
    assert arrived == Counter(sent), "a message was lost or stored twice"
    assert versions is not None and versions >= len(sent), "a turn was lost"
    books = create_engine(f"sqlite:///{town.folder}/simulator.db")
    with books.connect() as connection:
        taken = Counter(connection.scalars(text("SELECT callback FROM sent")))
    books.dispose()
    doubled = {callback: times for callback, times in taken.items() if times > 1}
    assert doubled == {}, f"sent twice: {doubled}"
    known = {f"?message={row.id}" for row in ours if row.status in ("sent", "delivered", "read")}
    assert {"?" + str(callback).split("?")[1] for callback in taken} == known, (
        "the books and the database disagree"
    )
    assert Counter(row.sid for row in ours if row.sid).most_common(1)[0][1] == 1
