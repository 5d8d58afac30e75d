"""Agents at the desk against a queue of 10,000 conversations: how long a page's news takes next to an answer
of the event loop alone, how soon a change arrives by the stream, what 200 open streams cost in memory.

Run with `python -m bench.desk`. Asked of it: a change within a second, 300 MB with 200 streams.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine, insert

from bench.slow import get
from models import conversation_table, make_engine, message_table, write_tx
from models.migrate import upgrade

EMAIL, PASSWORD = "banco@b.mx", "suficientemente largo"
CONVERSATIONS, WAITING = 10_000, 1_000
EVERY_SECONDS = 1.5
"""How often a page asks that has no stream."""
MARK = "marca"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--streams", type=int, default=200)
    asked = parser.parse_args()
    with served() as (port, engine, process):
        cookie = log_in(port)
        print(f"{asked.agents} agents poll every {EVERY_SECONDS} s for {asked.seconds} s")
        floor = report("floor: /healthz", poll(port, cookie, asked.agents, 10, "/healthz"))
        news = report("news", poll(port, cookie, asked.agents, asked.seconds, "/console/live"))
        print(f"x {news / floor:.1f}")
        before = memory_mb(process)
        streams = [open_stream(port, cookie) for _ in range(asked.streams)]
        report("change by stream", [arrival(engine, streams[0]) for _ in range(20)])
        print(f"{asked.streams} streams: {memory_mb(process):.0f} MB in all, {before:.0f} MB before")
        for each in streams:
            each.close()


def report(what: str, seconds: list[float]) -> float:
    """The median."""
    found = sorted(seconds)
    p50, p95 = statistics.median(found), found[int(len(found) * 0.95)]
    print(f"{what}: {len(found)}, p50 {p50 * 1000:.0f}, p95 {p95 * 1000:.0f}, most {found[-1] * 1000:.0f} ms")
    return p50


def poll(port: int, cookie: str, agents: int, seconds: int, path: str) -> list[float]:
    """Each on a connection of its own, as a browser has it; with the tag of its last answer."""
    end, found = time.monotonic() + seconds, list[float]()

    def agent(number: int) -> None:
        client, tag = HTTPConnection("127.0.0.1", port, timeout=30), ""
        time.sleep(EVERY_SECONDS * number / agents)
        while time.monotonic() < end:
            began = time.monotonic()
            client.request("GET", path, headers={"Cookie": cookie, "If-None-Match": tag})
            answer = client.getresponse()
            answer.read()
            found.append(time.monotonic() - began)
            assert answer.status in (200, 304), answer.status
            tag = answer.headers.get("ETag", "")
            time.sleep(max(0.0, EVERY_SECONDS - found[-1]))

    with ThreadPoolExecutor(agents) as threads:
        list(threads.map(agent, range(agents)))
    return found


def open_stream(port: int, cookie: str) -> HTTPResponse:
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", "/console/changes", headers={"Cookie": cookie})
    answer = client.getresponse()
    assert answer.status == 200
    while b"ready" not in answer.readline():
        pass
    return answer


def arrival(engine: Engine, stream: HTTPResponse) -> float:
    """From the commit of a message to its event."""
    now = datetime.now(UTC)
    time.sleep(0.3)  # the events of the one before are over
    with write_tx(engine) as connection:
        connection.execute(insert(message_table), [incoming(1, now)])
    began = time.monotonic()
    while b'"conversations":[1]' not in stream.readline():
        pass
    return time.monotonic() - began


def memory_mb(process: "subprocess.Popen[bytes]") -> float:
    """What the server's processes hold that they do not share, by the kernel's own count (PSS)."""
    tree = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    total = 0
    for pid in (str(process.pid), *tree.stdout.split()):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
    return total / 1024


def incoming(conversation: int, at: datetime) -> dict[str, object]:
    return {
        "conversation_id": conversation,
        "direction": "in",
        "author": "borrower",
        "channel": "whatsapp",
        "address": f"whatsapp:+5255{conversation:08d}",
        "status": "received",
        "body": MARK,
        "attempts": 0,
        "created_at": at,
    }


def fill(engine: Engine) -> None:
    now = datetime.now(UTC)
    ids = range(1, CONVERSATIONS + 1)
    rows = [
        {
            "id": number,
            "key": f"whatsapp:+5255{number:08d}",
            "channel": "whatsapp",
            "address": f"whatsapp:+5255{number:08d}",
            "state": {},
            "handler": "queue" if number <= WAITING else "bot",
            "queue_reason": "asked_for_person" if number <= WAITING else None,
            "urgency": number % 3,
            "queued_at": now - timedelta(minutes=number % 600) if number <= WAITING else None,
            "last_in_at": now - timedelta(minutes=number % 600),
            "created_at": now,
        }
        for number in ids
    ]
    with write_tx(engine) as connection:
        connection.execute(insert(conversation_table), rows)
        for _ in range(5):
            connection.execute(insert(message_table), [incoming(number, now) for number in ids])


@contextmanager
def served() -> Iterator[tuple[int, Engine, "subprocess.Popen[bytes]"]]:
    """The shipped server over SQLite, filled, with one agent."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_DATABASE_URL": f"sqlite:///{folder}/a.db",
            "ACUERDO_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PYTHONPATH": str(Path.cwd()),
        }
        engine = make_engine(env["ACUERDO_DATABASE_URL"])
        upgrade(engine)
        fill(engine)
        command = [sys.executable, "-m", "bot.cli"]
        add = [*command, "agents", "add", EMAIL, "--role", "agent", "--password-stdin"]
        subprocess.run(add, env=env, cwd=folder, input=f"{PASSWORD}\n".encode(), check=True)
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env, cwd=folder)
        try:
            while server.poll() is None and get(port, "/readyz") != 200:
                time.sleep(0.2)
            yield port, engine, server
        finally:
            server.terminate()
            server.wait(timeout=15)


def log_in(port: int) -> str:
    """The cookies of a session."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", "/console/login")
    answer = client.getresponse()
    token = re.search(r'name="csrf" value="([^"]+)"', answer.read().decode())[1]
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    form = urlencode({"csrf": token, "email": EMAIL, "password": PASSWORD})
    client.request(
        "POST",
        "/console/login",
        form,
        {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = client.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    (session,) = [
        value.partition(";")[0]
        for name, value in answer.headers.items()
        if name.lower() == "set-cookie" and value.startswith("session=")
    ]
    return session


if __name__ == "__main__":
    main()
