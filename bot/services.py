"""What the parts of the program are handed: made once per process, the same everywhere."""

import threading
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from bot.clock import Clock
from bot.debit.port import DebitProvider
from bot.institutions import Institutions
from bot.lender import InvalidLenderFile, Lender, read_amendments
from bot.settings import Settings
from bot.understanding import Understanding
from bot.understanding import load as load_understanding
from bot.vault import Vault
from bot.wording import Wording
from flows.types.facts import Policy
from models import make_engine, read_tx

log = structlog.get_logger(__name__)

CURRENT_SECONDS = 3.0
"""How long a process may go on with what was in force before."""

if TYPE_CHECKING:
    from bot.debit.providers import Providers


@dataclass(frozen=True)
class Services:
    """The heavier ones are made when first asked for: a command pays only for what it uses."""

    settings: Settings
    engine: Engine
    clock: Clock
    lender: Lender

    def day(self, at: datetime) -> date:
        """The day that it is then where the lender is."""
        return at.astimezone(ZoneInfo(self.settings.timezone)).date()

    @cached_property
    def understanding(self) -> Understanding:
        return load_understanding().knowing(self.lender.topic_examples)

    @cached_property
    def wording(self) -> Wording:
        return Wording.load().changing(self.lender.topic_answers).changing(self.lender.wording)

    @cached_property
    def institutions(self) -> Institutions:
        return Institutions(self.engine)

    def debitable(self, bank_code: str) -> bool:
        """Whether the debit provider reaches the bank with this CLABE code."""
        return self.institutions.reached(bank_code)

    @cached_property
    def providers(self) -> "Providers":
        """Of direct debits; each row names its own."""
        from bot.debit.providers import make_providers

        return make_providers(self.settings)

    @property
    def debit(self) -> DebitProvider:
        """The provider that takes new mandates. Raises NoDebitProvider."""
        return self.providers.default

    @cached_property
    def policy(self) -> Policy:
        """What may be agreed without a person, and what the debit provider asks for. Without a provider no
        mandate is offered.
        """
        from bot.debit.providers import NoDebitProvider

        terms = self.lender.terms
        try:
            needs = self.debit.capabilities
        except NoDebitProvider:
            return replace(terms, mandate_offered=False)
        named = {
            "document": needs.needs_document,
            "email": needs.needs_email,
            "files": needs.needs_identity_files,
        }
        return replace(
            terms,
            extra={**terms.extra, "mandate_needs": tuple(name for name, needed in named.items() if needed)},
        )

    def keep_current(self, *, at_once: bool = False, fit_later: bool = False) -> bool:
        """Takes over the policy, topics and wording that were put in force since; looks every few seconds.
        What cannot be used is logged, and what was in force stays. Whether anything is other than before.
        `fit_later`: other topics are recognised a few seconds later, and nobody waits until they are fitted.
        """
        kept = self.__dict__
        if not at_once and monotonic() < kept.get("current_until", 0.0):
            return False
        kept["current_until"] = monotonic() + CURRENT_SECONDS
        with read_tx(self.engine) as connection:
            amended = read_amendments(connection)
        if amended == kept.get("amended", {}):
            return False
        kept["amended"] = amended
        topics = self.lender.topic_examples
        try:
            kept["lender"] = Lender.load(self.settings.lender_file, amended)
        except InvalidLenderFile:
            log.exception("what is in force cannot be used")
            return False
        for name in ("wording", "policy"):
            kept.pop(name, None)
        if self.lender.topic_examples != topics:
            if fit_later:
                threading.Thread(target=self._fit_topics, daemon=True).start()
            else:
                kept.pop("understanding", None)
        return True

    def _fit_topics(self) -> None:
        topics = self.lender.topic_examples
        understanding = load_understanding().knowing(topics)
        understanding.fit_topics()
        if self.lender.topic_examples == topics:
            self.__dict__["understanding"] = understanding

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.settings.encryption_key_list, self.settings.secret_key)


def make_services(settings: Settings | None = None, lock_seconds: float = 15.0) -> Services:
    """Reads the settings (unless given), opens the database, reads the lender's file."""
    settings = settings or Settings()
    settings.require_production()
    engine = make_engine(settings.database_url, durable=not settings.simulated, lock_seconds=lock_seconds)
    return Services(
        settings, engine, Clock(engine, movable=settings.simulated), Lender.load(settings.lender_file)
    )


def start_services() -> Services:
    """As a process begins with them: the clock stands where ACUERDO_NOW puts it."""
    services = make_services()
    services.clock.start(services.settings.now)
    return services
