"""The configured providers. ACUERDO_DEBIT_PROVIDER names the one that takes new mandates; a mandate or
charge made with another stays with it for as long as that one's settings are there.
"""

from collections.abc import Iterable, Iterator

from bot.debit.belvo.http import Api
from bot.debit.belvo.provider import BelvoProvider
from bot.debit.port import DebitProvider
from bot.settings import Settings


class NoDebitProvider(Exception):
    """No direct debits here: none is set."""

    def __init__(self) -> None:
        super().__init__("there are no direct debits without ACUERDO_DEBIT_PROVIDER: set it to belvo")


class Providers:
    """By name, which is what a mandate's and a charge's row hold."""

    def __init__(self, providers: Iterable[DebitProvider], default: str = "") -> None:
        self._by_name = {provider.name: provider for provider in providers}
        self._default = default

    def __iter__(self) -> Iterator[DebitProvider]:
        return iter(self._by_name.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    @property
    def default(self) -> DebitProvider:
        """The one that takes new mandates. Raises NoDebitProvider."""
        if self._default not in self._by_name:
            raise NoDebitProvider
        return self._by_name[self._default]

    def named(self, name: str) -> DebitProvider:
        """A row's own provider; KeyError where its settings are gone: select rows by `names` first."""
        return self._by_name[name]


def make_providers(settings: Settings) -> Providers:
    """Each whose settings are given. The simulator is Belvo at the stand-in's address, under its own name:
    what was made there is never looked for at Belvo.
    """
    return Providers(_configured(settings), settings.debit_provider)


def _configured(settings: Settings) -> Iterator[DebitProvider]:
    if settings.belvo_api_url and settings.belvo_api_key_id and settings.belvo_api_key_secret:
        api = Api(settings.belvo_api_url, settings.belvo_api_key_id, settings.belvo_api_key_secret)
        yield BelvoProvider(
            api,
            name="simulator" if settings.debit_provider == "simulator" else "belvo",
            needs_identity_files=settings.belvo_identity_files,
            submit_until=settings.debit_submit_until,
            batch=settings.debit_batch,
            parallel_calls=settings.debit_parallel_calls,
            calls_per_second=settings.debit_calls_per_second,
            lists_charges=settings.belvo_lists_charges,
        )
