"""What the parts of the program are handed: made once per process, the same everywhere."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

from bot.clock import Clock
from bot.institutions import Institutions
from bot.lender import Lender
from bot.settings import Settings
from bot.understanding import Understanding
from bot.understanding import load as load_understanding
from bot.vault import Vault
from bot.wording import Wording
from models import make_engine


@dataclass(frozen=True)
class Services:
    """The heavier ones are made when first asked for: a command pays only for what it uses."""

    settings: Settings
    engine: Engine
    clock: Clock
    lender: Lender

    @cached_property
    def understanding(self) -> Understanding:
        return load_understanding()

    @cached_property
    def wording(self) -> Wording:
        return Wording.load()

    @cached_property
    def institutions(self) -> Institutions:
        return Institutions(self.engine)

    def debitable(self, bank_code: str) -> bool:
        """Whether the debit provider reaches the bank with this CLABE code."""
        return self.institutions.reached(bank_code)

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.settings.encryption_key_list, self.settings.secret_key)


def make_services(settings: Settings | None = None) -> Services:
    """Reads the settings (unless given), opens the database, reads the lender's file."""
    settings = settings or Settings()
    settings.require_production()
    engine = make_engine(settings.database_url, durable=not settings.simulated)
    return Services(settings, engine, Clock(engine, movable=settings.simulated), Lender.load(settings.lender_file))
