"""Slow clients against good ones: the 99th percentile of 100 requests a second, alone and next to 200
half-sent bodies and 500 idle connections.

Run with `python -m bench.slow`. The ratio is what counts: at most 3.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bot.channels.twilio.signature import sign

ACCOUNT, TOKEN, PATH = "AC" + "1" * 32, "bench", "/webhooks/twilio/messages"
HALF_SENT, IDLE, RATE, CLIENTS = 200, 500, 100, 16
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Length: 1000\r\n\r\nAcc"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="of each of the two phases")
    seconds = parser.parse_args().seconds
    with served() as port:
        measure(port, 2, "warm")
        alone = measure(port, seconds, "alone")
        with slow_clients(port):
            loaded = measure(port, seconds, "slow")
            began = time.perf_counter()
            assert get(port, "/healthz") == 200
            print(f"/healthz next to them: {(time.perf_counter() - began) * 1000:.1f} ms")
    print(f"p99 alone {alone * 1000:.1f} ms, next to slow clients {loaded * 1000:.1f} ms")
    print(f"x {loaded / alone:.2f}")


@contextmanager
def served() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "ACUERDO_ENV": "test",
            "ACUERDO_DATABASE_URL": f"sqlite:///{folder}/a.db",
            "ACUERDO_PUBLIC_URL": "http://bench",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PYTHONPATH": str(Path.cwd()),
        }
        command = [sys.executable, "-m", "bot.cli"]
        subprocess.run([*command, "db", "upgrade"], env=env, cwd=folder, check=True)
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env, cwd=folder)
        try:
            while server.poll() is None and get(port, "/readyz") != 200:
                time.sleep(0.2)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=15)


def get(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    """Half-sent bodies, and connections that send nothing."""
    with ExitStack() as opened:
        for number in range(HALF_SENT + IDLE):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            if number < HALF_SENT:
                connection.sendall(HEAD.encode())
        yield


def measure(port: int, seconds: int, name: str) -> float:
    """The 99th percentile of signed messages, sent at a steady rate whatever the answers take."""
    local = threading.local()
    began = time.perf_counter() + 0.1

    def send(number: int) -> float:
        due = began + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(local, "connection"):
            local.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        form = {
            "MessageSid": f"SM{name}{number}".ljust(34, "0"),
            "AccountSid": ACCOUNT,
            "From": f"whatsapp:+52551{number % 500:07d}",
            "To": "whatsapp:+525550000000",
            "Body": "hola",
        }
        signature = sign(TOKEN, f"http://bench{PATH}", {key: [value] for key, value in form.items()})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature,
        }
        local.connection.request("POST", PATH, urlencode(form), headers)
        answer = local.connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        return time.perf_counter() - due

    with ThreadPoolExecutor(CLIENTS) as pool:
        took = sorted(pool.map(send, range(seconds * RATE)))
    return took[int(len(took) * 0.99)]


if __name__ == "__main__":
    main()
