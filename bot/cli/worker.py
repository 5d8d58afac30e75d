"""acuerdo worker"""

import os

import click

from bot.cli.flows import require_sound
from bot.logs import configure, log_uncaught
from bot.readiness import require_ready
from bot.services import make_services

NICE = 5
"""Where it shares a machine with the web process, that one goes first: Twilio waits for it."""


@click.command()
def command() -> None:
    """Does due work: plans, dispatches, expires. Any number may run; with ACUERDO_BROKER_URL each is a Celery
    worker.

    Example: acuerdo worker
    """
    os.nice(NICE)
    log_uncaught()
    require_sound()
    services = make_services()
    configure(services.settings.log_level)
    require_ready(services)
    services.clock.start(services.settings.now)
    more = {}
    if services.settings.simulated:
        from bot.simulator import deliver, deliver_belvo

        more = {
            "stand-in twilio": lambda: deliver(services),
            "stand-in belvo": lambda: deliver_belvo(services),
        }
    if services.settings.broker_url:
        from bot.jobs.celery_worker import run
    else:
        from bot.jobs.worker import run
    run(services, more)
