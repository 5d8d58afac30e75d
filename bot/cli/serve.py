"""acuerdo serve"""

import os
import socket

import click

from bot.cli.flows import require_sound
from bot.readiness import require_ready
from bot.services import make_services

HEADER_MILLISECONDS = 10_000
"""Within which the head of a request must have come."""
CONNECTIONS = 4_096
"""Open at once to each process: idle ones cost memory alone."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65_535), default=None, help="Default: PORT, else 8000.")
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
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from bot.web.server import load_app

    require_sound()
    services = make_services()
    settings = services.settings
    require_ready(services)
    services.clock.start(settings.now)
    services.engine.dispose()
    if port is not None:
        os.environ["PORT"] = str(port)
    require_free(host, port or settings.port)
    load_app()
    # Bodies are received by the event loop of `bot.web.server`; see there why each process has one thread.
    Granian(
        "bot.web.server:make_app",
        factory=True,
        address=host,
        port=port or settings.port,
        interface=Interfaces.RSGI,
        workers=workers,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=4,
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
