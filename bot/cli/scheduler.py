"""acuerdo scheduler"""

import click

from bot.logs import configure, log_uncaught
from bot.readiness import require_ready
from bot.services import make_services


@click.command()
def command() -> None:
    """The clock: records what is due when. Any number may run; each tick counts once.

    Example: acuerdo scheduler
    """
    from bot.jobs.scheduler import run

    log_uncaught()
    services = make_services()
    configure(services.settings.log_level)
    require_ready(services)
    services.clock.start(services.settings.now)
    run(services)
