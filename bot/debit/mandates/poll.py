"""Submitted mandates until the provider has decided; active ones once a day, for what their bank changed
since.
"""

from bot.debit.mandates.due import each_due
from bot.debit.mandates.outcome import record
from bot.debit.port import DebitProvider
from bot.services import Services
from models.base import AnyRow


def poll_mandates(services: Services) -> int:
    """How many were asked about."""

    def ask(mandate: AnyRow, provider: DebitProvider) -> None:
        record(services, mandate, provider.mandate(mandate.provider_refs))

    return each_due(services, ("submitted", "active", "suspended"), ask)
