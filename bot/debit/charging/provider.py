"""Whoever moves the money here; nobody where none is set."""

from bot.debit.port import DebitProvider
from bot.debit.providers import NoDebitProvider, make_provider
from bot.services import Services


def provider_of(services: Services) -> DebitProvider | None:
    try:
        return make_provider(services.settings)
    except NoDebitProvider:
        return None
