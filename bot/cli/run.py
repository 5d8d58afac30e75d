"""acuerdo run: what `make run` calls."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import click

from bot.cli.serve import require_free
from bot.sample_logins import LOGINS, PASSWORD
from bot.services import Services
from bot.settings import Settings
from models import read_tx
from values import is_banking_day

SAMPLE_LOANS = 40
STOP_SECONDS = 6.0


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), envvar="PORT", default=8000)
def command(port: int) -> None:
    """Everything at once on the embedded default: web, scheduler and worker under one parent, with a sample
    portfolio.

    Example: acuerdo run --port 8080
    """
    require_free("127.0.0.1", port)
    with _only_one_of(Settings().database_url, port):
        _settle(port)
        click.echo("Preparing the database and the sample portfolio …")
        fresh = _prepare()
        click.echo("Starting the web pages, the scheduler and the worker …")
        base, stopping = f"http://127.0.0.1:{port}", _stopping()
        children = [_start("serve", "--port", str(port))]
        if _ready(base, children[0], stopping):  # the others call the stand-ins that it serves
            children += [_start("scheduler"), _start("worker")]
            click.echo(_welcome(base))
            if fresh:
                threading.Thread(target=_play, args=(stopping,), daemon=True).start()
        sys.exit(_watch(children, stopping))


@contextmanager
def _only_one_of(database_url: str, port: int) -> Iterator[None]:
    """A second one on this database would have each send by the other's stand-ins."""
    import fcntl

    Path("var").mkdir(exist_ok=True)
    name = hashlib.sha256(database_url.encode()).hexdigest()[:8]
    with Path(f"var/run-{name}.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise click.ClickException(
                f"this database has a demo already, on port {lock.read()}: end that one first (Ctrl-C)"
            ) from None
        lock.truncate(0)
        lock.write(f"{port}")
        lock.flush()
        yield


def _welcome(base: str) -> str:
    phone = f"\n  Phone      {base}/simulator" if Settings().is_demo else ""
    return f"""{phone}
  Console    {base}/console   ({LOGINS[0][0]} or {LOGINS[-1][0]} / {PASSWORD})
  API        {base}/api/v1/docs/

  Other commands, in a second terminal: {_program()} --help
  Ctrl-C ends it; nothing is lost.
"""


def _program() -> str:
    """As it is typed from this folder: the script that pip made next to this Python, or the module where
    there is none.
    """
    python = Path(sys.executable)
    script = python.with_name("acuerdo")
    typed = script if script.exists() else python
    typed = typed.relative_to(Path.cwd()) if typed.is_relative_to(Path.cwd()) else typed
    return str(typed) if script.exists() else f"{typed} -m bot.cli"


def _settle(port: int) -> None:
    """Writes to `.env` what this demo runs on, so that commands in another terminal see the same one."""
    path = Path(".env")
    lines = (
        [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("PORT=")]
        if path.exists()
        else []
    )
    if not any(line.startswith("ACUERDO_ENV=") for line in lines):
        lines.insert(0, f"ACUERDO_ENV={os.environ.get('ACUERDO_ENV', 'demo')}")
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join([*lines, f"PORT={port}"]) + "\n", encoding="utf-8")
    os.environ["PORT"] = str(port)


def _prepare() -> bool:
    """Migrates; the first time, loads the sample portfolio and makes the sample log-ins, the API key and the
    templates. Whether this was the first time.
    """
    from sqlalchemy import select

    from bot.cli.sample import write
    from bot.portfolio import load_tape
    from bot.services import make_services
    from models import Loan
    from models.migrate import upgrade

    services = make_services()
    upgrade(services.engine)
    with read_tx(services.engine) as connection:
        fresh = connection.scalar(select(Loan.id).limit(1)) is None
    services.clock.start(services.settings.now or (_office_hours(services) if fresh else None))
    if fresh:
        tape = Path("var/sample.csv")
        write(tape, SAMPLE_LOANS, 1, services.day(services.clock.now()))
        load_tape(services, tape)
    if services.settings.simulated:
        _prepare_demo(services, fresh=fresh)
    services.engine.dispose()
    return fresh and services.settings.simulated


def _prepare_demo(services: Services, *, fresh: bool) -> None:
    from sqlalchemy import select

    from bot.api.keys import make_demo_key
    from bot.console.access.accounts import add_agent
    from bot.simulator import adopt, write_waiting
    from models import Agent

    with read_tx(services.engine) as connection:
        known = connection.scalar(select(Agent.id).limit(1)) is not None
    if not known:
        for email, name, role in LOGINS:
            add_agent(services, email, role, PASSWORD, name, sample=True)
    make_demo_key(services)
    adopt(services)
    if fresh:
        write_waiting(services)


def _office_hours(services: Services) -> str | None:
    """A demo begins at ten on a banking day: at night or on a Sunday its first button would send nothing.
    Null in a production's own first run.
    """
    if not services.settings.simulated:
        return None
    day = services.day(services.clock.now())
    while not is_banking_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(10), ZoneInfo(services.settings.timezone)).isoformat()


def _play(stopping: threading.Event) -> None:
    """What a visitor finds begun; where it fails, the demo is the poorer and goes on."""
    from bot.services import make_services
    from bot.simulator import authorize_debit, keep_promise

    services = make_services()

    def play(scene: Callable[[Services, Callable[[], bool]], None]) -> None:
        with suppress(Exception):
            scene(services, stopping.is_set)

    for scene in (authorize_debit, keep_promise):
        threading.Thread(target=play, args=(scene,), daemon=True).start()


def _start(*words: str) -> "subprocess.Popen[bytes]":
    command, quiet = [sys.executable, "-m", "bot.cli", *words], {"ACUERDO_LOG_LEVEL": "warning"}
    return subprocess.Popen(command, start_new_session=True, env=quiet | os.environ)  # noqa: S603 - our own


def _stopping() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stopping.set())
    return stopping


def _ready(base: str, serve: "subprocess.Popen[bytes]", stopping: threading.Event) -> bool:
    """Whether the web process answers, before it ended or was to end."""
    while not stopping.wait(0.05) and serve.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5):  # noqa: S310 - our own address
                return True
        except OSError:
            continue
    return False


def _watch(children: "list[subprocess.Popen[bytes]]", stopping: threading.Event) -> int:
    """Ends all when one ends or a signal comes; together they have 6 s to finish what they have in hand."""
    while all(child.poll() is None for child in children) and not stopping.wait(0.2):
        continue
    failed = not stopping.is_set()
    if failed:
        ended = ", ".join(str(child.returncode) for child in children if child.poll() is not None)
        click.echo(
            f"Error: a process of the demo ended by itself (exit {ended}): the others are ended too", err=True
        )
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return 1 if failed else 0
