"""Which provider moves the money: ACUERDO_DEBIT_PROVIDER decides."""

from bot.debit.belvo.http import Api
from bot.debit.belvo.provider import BelvoProvider
from bot.debit.port import DebitProvider
from bot.settings import Settings


class NoDebitProvider(Exception):
    """No direct debits here: none is set."""

    def __init__(self) -> None:
        super().__init__("there are no direct debits without ACUERDO_DEBIT_PROVIDER: set it to belvo")


def make_provider(settings: Settings) -> DebitProvider:
    """The simulator is Belvo too, at the stand-in's address. Raises NoDebitProvider; what is not built yet
    was refused with the settings.
    """
    if settings.debit_provider not in {"belvo", "simulator"}:
        raise NoDebitProvider
    api = Api(settings.belvo_api_url, settings.belvo_api_key_id, settings.belvo_api_key_secret)
    return BelvoProvider(api, needs_identity_files=settings.belvo_identity_files)
