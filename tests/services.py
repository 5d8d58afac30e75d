"""Services for tests: a fresh database, a clock that is set, a transport that remembers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from bot.channels import Outgoing, Sent
from bot.channels.transport import Listed
from bot.channels.twilio.templates import template_hash
from bot.clock import Clock
from bot.debit.port import DebitProvider
from bot.debit.providers import Providers
from bot.lender import Lender
from bot.services import Services
from bot.settings import Settings
from bot.wording import templates
from models import Template
from tests.fake_provider import FakeProvider

SAMPLE_LENDER = Lender.load(None)
TOKEN, OLD_TOKEN, ACCOUNT = "t0ken", "0ld-t0ken", "AC" + "1" * 32


class StandingClock(Clock):
    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


def make_test_services(engine: Engine, at: datetime, **settings: object) -> Services:
    chosen = Settings(
        env=settings.pop("env", "test"),
        database_url=str(engine.url),
        secret_key="s" * 32,
        encryption_keys="k1",
        signing_key="g" * 32,
        public_url="https://acuerdo.example",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_auth_token_old=OLD_TOKEN,
        twilio_api_url="http://127.0.0.1:9",
        _env_file=None,
        reply_wait_seconds=settings.pop("reply_wait_seconds", 0),
        belvo_api_key_secret="b",
        belvo_webhook_secret="w",
        **settings,
    )  # type: ignore[arg-type]
    changed = {"policy": SAMPLE_LENDER.policy.model_copy(), "lender": SAMPLE_LENDER.lender.model_copy()}
    own = SAMPLE_LENDER.model_copy(update=changed)  # by tests
    services = Services(chosen, engine, StandingClock(at), own)
    set_provider(services, FakeProvider())
    return services


def set_provider(services: Services, *providers: DebitProvider) -> None:
    """The first takes new mandates."""
    default = providers[0].name if providers else ""
    services.__dict__["providers"] = Providers(providers, default)


@dataclass
class Wire:
    """A transport: what was sent, and failures to raise first."""

    sent: list[Outgoing] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Sent:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(outgoing)
        return Sent(f"SM{len(self.sent):032d}", ACCOUNT)

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        return self.listed

    def received_since(self, since: datetime) -> list[dict[str, str]]:
        return []


DATA = Path(__file__).parent / "data"


def approve_templates(connection: Connection, services: Services) -> None:
    """As if the provider had approved all of them."""
    rows = [
        {
            "hash": template_hash(wanted),
            "name": wanted.name,
            "language": wanted.language,
            "content_sid": f"HX{n}",
            "status": "approved",
            "category": "UTILITY",
            "created_at": services.clock.now(),
        }
        for n, wanted in enumerate(templates(services.wording))
    ]
    connection.execute(insert(Template), rows)
