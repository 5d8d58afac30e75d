"""acuerdo serve"""

import os
import socket
from pathlib import Path

import click

from bot.cli.flows import require_sound
from bot.sample_logins import require_none
from bot.services import make_services


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=None, help="Default: PORT, else 8000.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes; each has one thread.",
)
def command(host: str, port: int | None, workers: int) -> None:
    """The web process: webhooks, API, console.

    Example: acuerdo serve --host 0.0.0.0 --workers 4
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    require_sound()
    services = make_services()
    settings = services.settings
    require_none(services)
    services.clock.start(settings.now)
    services.engine.dispose()
    if port is not None:
        os.environ["PORT"] = str(port)
    require_free(host, port or settings.port)
    # One blocking thread for each process: threads on SQLite cost half a second at the 99th percentile.
    Granian(
        "wsgi:app",
        address=host,
        port=port or settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
        working_dir=_root(),
    ).serve()


def require_free(host: str, port: int) -> None:
    """Two servers on one port would share what comes in, each with a database of its own. Raises
    ClickException.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a connection that is only fading away is no server
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"port {port} of {host} cannot be had ({error.strerror}): end what listens "
                "there, or choose another with PORT="
            )
            raise click.ClickException(message) from None


def _root() -> Path:
    """The folder of `wsgi.py`: next to the packages of a checkout."""
    return Path(__file__).parents[2]
