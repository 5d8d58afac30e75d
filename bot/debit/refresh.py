"""Asks the provider once a day which banks' accounts it debits."""

from datetime import timedelta

import structlog

from bot.clock import system_now
from bot.debit.port import DebitError
from bot.debit.providers import NoDebitProvider
from bot.services import Services

log = structlog.get_logger(__name__)

FRESH = timedelta(days=1)


def refresh_institutions(services: Services) -> int:
    """How many banks it named; 0 where nothing was asked, or nothing was answered: then the earlier list
    stays.
    """
    at = system_now()
    if services.institutions.fresh(at, FRESH):
        return 0
    try:
        codes = services.debit.institutions()
    except NoDebitProvider:
        return 0
    except DebitError as error:
        log.warning("the provider could not be asked for its banks", code=error.code)
        return 0
    if not codes:
        log.error("the provider names no bank that is known here: the earlier list stays")
        return 0
    services.institutions.keep(codes, at)
    return len(codes)
