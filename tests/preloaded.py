"""What each process of a drill would import and read by itself; see `tests.processes`."""

import granian  # noqa: F401

import bot.app
import bot.cli.db
import bot.cli.import_
import bot.cli.sample
import bot.cli.scheduler
import bot.cli.serve
import bot.cli.worker
import bot.debit.belvo.http
import bot.debit.charging
import bot.jobs.broker
import bot.jobs.celery_worker
import bot.jobs.scheduler
import bot.jobs.worker
import bot.server
import bot.simulator  # noqa: F401
from bot.understanding import load
from bot.wording import Wording

load()
Wording.load()
