"""The demo, started as `make run` starts it, and Debian's Chromium in front of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
expect.set_options(timeout=20_000)  # on two noisy cores the worker has its moments
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. One for each file of tests: it starts on a Tuesday at ten in the morning, so that
    reminders may leave.
    """
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ACUERDO", "TWILIO"))}
    env |= {
        "ACUERDO_ENV": "demo",
        "ACUERDO_REPLY_WAIT_SECONDS": "0.3",
        "ACUERDO_NOW": "2026-11-24T10:00:00-06:00",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run", "--port", str(port)],
        cwd=folder,
        env=env,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START_SECONDS
    while not _ready(address):
        assert process.poll() is None, "the demo ended before it was ready"
        assert time.monotonic() < end, "the demo does not come up"
        time.sleep(0.25)
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, "the demo does not end cleanly"


def _ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 860})
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
