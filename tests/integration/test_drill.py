"""The drill: processes are killed at seeded moments, at random and at chosen points; nothing is lost, stepped
twice or sent twice.
"""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from bot.channels.twilio.signature import sign
from bot.clock import Clock
from models import make_engine
from tests.mail_servers import free_port
from tests.processes import Acuerdo, Process

KILLS, START_SECONDS = 50, 120
POINTS = ("", "before_commit", "after_commit", "before_call", "after_call")
"""Where `ACUERDO_DRILL` makes a process of the test environment die by itself; empty: killed from outside at
a random moment.
"""
HALF_AN_HOUR = timedelta(minutes=30)
"""After which whatever was put off may be tried again."""


class Town:
    """Acuerdo's processes on a port, and the phones of its borrowers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.env = os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_REPLY_WAIT_SECONDS": "0",
            "PORT": str(self.port),
            "ACUERDO_DATABASE_URL": f"sqlite:///{folder}/a.db",
            "ACUERDO_NOW": "2026-11-24T12:00:00-06:00",
            "TWILIO_AUTH_TOKEN": "drill",
        }
        self.processes: dict[str, Process] = {}

    def run(self, *words: str) -> None:
        assert self._process(words).wait(START_SECONDS) == 0

    def start(self, name: str, drill: str = "") -> None:
        words = {"serve": ("serve", "--port", str(self.port), "--workers", "1")}.get(name, (name,))
        self.processes[name] = self._process(words, drill)

    def ends(self, name: str, seconds: float) -> bool:
        """Whether it dies by itself in time."""
        try:
            return self.processes[name].wait(seconds) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def kill(self, name: str) -> None:
        self.processes.pop(name).kill()

    def _process(self, words: Sequence[str], drill: str = "") -> Process:
        env = self.env | ({"ACUERDO_DRILL": drill} if drill else {})
        return Process(Acuerdo(*words), self.folder, env)

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
        time.sleep(0.05)
    raise AssertionError(what() if callable(what) else what)


def _victim(rng: random.Random) -> tuple[str, str]:
    """A point, and the process that passes it."""
    point = rng.choice(POINTS)
    if point:
        return point, "worker" if point.endswith("call") else "serve"
    return point, rng.choice(("serve", "worker"))


def _kill_often(town: Town, phones: Sequence[str]) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The ids of what borrowers wrote, and what of it was not taken yet."""
    rng = random.Random(20261124)
    waiting: list[tuple[str, str, str]] = []
    sent: list[str] = []
    by_themselves = 0
    for _ in range(KILLS):
        point, name = _victim(rng)
        armed = point if name not in town.processes else ""
        for other in ("serve", "worker"):
            if other not in town.processes:
                town.start(other, point if other == name else "")
        if armed or rng.random() < 0.8:  # else it may be killed while it starts
            _started(town)
        for _ in range(rng.randint(2, 5)):
            sent.append(f"SMdrill{len(sent):05d}")
            words = rng.choice(("hola", "cuánto debo?", "sí", "no", "gracias", "quién eres?"))
            waiting.append((rng.choice(phones), sent[-1], words))
        while waiting and town.post(*waiting[0]):
            del waiting[0]
        if armed.endswith("commit"):
            by_themselves += bool(waiting)
        else:
            by_themselves += town.ends(name, 1.0 if armed else rng.random() * 0.4)
        town.kill(name)
    assert by_themselves > 8, "the points were not passed"
    return sent, waiting


def test_fifty_kills(town: Town) -> None:
    engine = create_engine(f"sqlite:///{town.folder}/a.db")
    with engine.connect() as connection:
        phones = list(connection.scalars(text("SELECT key FROM conversation ORDER BY id")))
    sent, waiting = _kill_often(town, phones)
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

    town.start("scheduler")
    Clock(make_engine(town.env["ACUERDO_DATABASE_URL"]), movable=True).move(HALF_AN_HOUR)
    _until(settled, 400, lambda: f"still under way: {_under_way(engine)}")
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
