"""Processes of the program for drills, which start a hundred. Each is forked from one that has imported all
of it: that takes longer than everything else that such a process does.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module, reload
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.preloaded"])


class Process:
    """One that leads a group of its own; what it writes is thrown away, or added to `log`."""

    def __init__(
        self, run: Callable[[], None], folder: Path, env: Mapping[str, str], log: Path = Path(os.devnull)
    ) -> None:
        self._process = _FORKS.Process(target=_enter, args=(run, str(folder), dict(env), str(log)))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None, "it was started"
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self._process.name), seconds or 0)
        return self._process.exitcode

    def kill(self) -> None:
        """With all that it started."""
        self._process.kill()
        with suppress(ProcessLookupError):  # it had not got so far as to lead a group
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join()


class Acuerdo:
    """The command with its words, as `acuerdo …`."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __call__(self) -> None:
        sys.argv = ["acuerdo", *self.words]
        import_module("bot.cli").main()


def _enter(run: Callable[[], None], folder: str, env: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(written, 1)
    os.dup2(written, 2)
    multiprocessing.set_start_method("fork", force=True)  # of what it starts itself
    reload(import_module("bot.drill"))  # it reads its environment once
    run()
