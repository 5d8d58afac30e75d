"""Configuration: one typed object, read once from the environment and `.env`."""

import secrets
from collections.abc import Iterator
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_ACCOUNT = "AC" + "0" * 32
SECRETS_FOLDER = Path("var")
REQUIRED = (
    "secret_key",
    "encryption_keys",
    "signing_key",
    "twilio_account_sid",
    "twilio_auth_token",
    "lender_file",
)
"""What production must be given; the second, where Belvo moves the money."""
DEFAULT_PER_SECOND = {"whatsapp": 80.0, "sms": 10.0, "email": 10.0}
"""Twilio's default for a WhatsApp sender; what a Mexican short code takes at least; a modest mail server."""


class MissingSettings(Exception):
    """Production lacks what it must be given."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"production needs {', '.join(names)}: set them in the environment or in .env (`acuerdo "
            "doctor` lists all settings)"
        )
        self.names = names


class NotBuiltYet(Exception):
    """A value that the contract knows and this version does not serve."""

    def __init__(self, name: str, value: str, instead: str) -> None:
        super().__init__(f"{name}={value} is not served by this version: set it to {instead}")


class ForbiddenInProduction(Exception):
    """A setting that exists for demo and test only."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} may not be set in production: remove it")


def _upper(name: str) -> str:
    return name.upper() if name.startswith(("twilio", "belvo", "monato")) else f"ACUERDO_{name.upper()}"


class Settings(BaseSettings):
    """The names are the environment's, lower-cased, without `ACUERDO_`. `docs/settings.md` is made of what
    stands here.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        alias_generator=_upper,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    env: Literal["demo", "test", "production"] = "production"
    """`make run` sets `demo`. In `demo` and `test` what is missing is made up; the outside is a stand-in."""
    database_url: str = "sqlite:///var/acuerdo.db"
    """SQLite (WAL; in production every commit waits for the disk) or PostgreSQL, as `postgresql://…`."""
    broker_url: str | None = None
    """Redis, such as `redis://127.0.0.1:6379/0`: due work is asked for by Celery tasks, on any number of
    machines; unset, workers look at the database alone.
    """
    worker_concurrency: int = Field(default=4, ge=1, le=64)
    """Sweeps that one worker runs at the same time, where there is a broker."""
    secret_key: str = ""
    """Signs sessions and links, and fingerprints accounts: after a change run `acuerdo db rotate-keys`.
    Required in production; in demo and test made under `var/secrets`.
    """
    encryption_keys: str = ""
    """What account numbers are encrypted with, newest first, comma-separated. Required in production; in demo
    and test made under `var/secrets`.
    """
    signing_key: str = ""
    """Signs roots, reports and papers. Required in production; in demo and test made under `var/secrets`."""
    log_level: Literal["info", "warning"] = "info"
    """`info`: also a line for each turn, message, receipt and webhook, by ids. `acuerdo run` sets
    `warning`.
    """
    port: int = Field(default=8000, ge=1, le=65_535, validation_alias="PORT")
    """Where `serve` listens."""
    public_url: str = ""
    """What the outside sees, and what signatures are checked against; unset, `http://127.0.0.1:PORT`."""
    timezone: str = "America/Mexico_City"
    """For display, and for days where a borrower's zone is not known."""
    lines_cut_on: date = date(2026, 7, 1)
    """The day from which mobile lines that nobody registered are suspended and given to others: whoever was
    confirmed at a number before it proves it again.
    """
    now: str | None = None
    """Demo and test: where the clock starts, an ISO time (UTC where it names no zone) or a shift such as
    `+3d`; another value at a start replaces what the simulator moved.
    """
    lender_file: Path | None = None
    """What is written about the lender, and what may be agreed without a person. Required in production; in
    demo and test the sample.
    """
    reply_wait_seconds: float = Field(default=2.0, ge=0, le=30)
    """How long an answer waits for another message of the borrower's, so that several quick ones get one
    answer; 0: not at all. What protects somebody is never delayed.
    """
    whatsapp_from: str = ""
    """The sender's number; in demo and test a made-up one."""
    sms_from: str = ""
    """The sender's number or short code; in demo and test a made-up one."""

    twilio_account_sid: str = ""
    """The account. Required in production."""
    twilio_auth_token: str = ""
    """Sends, and verifies webhooks. Required in production; in demo and test made under `var/secrets`."""
    twilio_auth_token_old: str = ""
    """Verifies webhooks too, while the token is changed."""
    twilio_api_url: str = ""
    """Replaces scheme, host and path prefix of every call; unset, Twilio's own hosts, in demo and test the
    stand-in.
    """
    twilio_messaging_service_sid: str = ""
    """Send through it instead of by a number."""
    whatsapp_promise_form_es: str = ""
    """WhatsApp's id of the published form for the day and the sum of a promise (`acuerdo templates form`),
    sent once `acuerdo templates push` had it approved; unset: the chat asks.
    """
    whatsapp_promise_form_en: str = ""
    """The same form in English."""

    whatsapp_per_second: float | None = Field(default=None, ge=0)
    """How many messages leave in a second, over all workers; 0: as fast as it goes. Unset, 80; in demo and
    test as fast as it goes.
    """
    sms_per_second: float | None = Field(default=None, ge=0)
    """As for WhatsApp; unset, 10."""
    email_per_second: float | None = Field(default=None, ge=0)
    """As for WhatsApp; unset, 10."""
    whatsapp_people_per_day: int = Field(default=0, ge=0)
    """WhatsApp's tier (250, 2000, 10000, 100000): how many people may be written to in 24 hours outside their
    window; who is above it waits. 0: no limit is known.
    """

    debit_provider: Literal["", "belvo", "monato", "bankfile", "simulator"] = ""
    """Unset: no direct debits; in demo and test `simulator`. `monato` and `bankfile` are not served by this
    version.
    """
    debit_submit_until: time = time(14, 30)
    """Mexico City time on a banking day after which a charge waits for the next one; the provider's cut-off
    is 15:00.
    """
    debit_batch: int = Field(default=200, ge=1, le=1_000)
    """Charges that one worker claims at once."""
    debit_parallel_calls: int = Field(default=16, ge=1, le=64)
    """Calls to the provider at the same time, of one worker."""
    debit_calls_per_second: float = Field(default=0.0, ge=0, le=10_000)
    """Of one worker, at most; 0: as many as the provider takes."""
    belvo_api_url: str = ""
    """Belvo Direct Debit; in demo and test the stand-in. Required in production where it is the provider, as
    its other texts.
    """
    belvo_api_key_id: str = ""
    """The key's id."""
    belvo_api_key_secret: str = ""
    """The key's secret."""
    belvo_webhook_secret: str = ""
    """The last part of the address that Belvo is given: `/webhooks/belvo/<secret>`."""
    belvo_identity_files: bool = False
    """Whether Belvo asks this lender for identity documents and a photo with the contract."""
    belvo_lists_charges: bool = True
    """Whether results are read from Belvo's list of payment requests by the time they were made, a hundred a
    call; what the list lacks, and everything where this is off, is asked for one by one.
    """

    monato_api_url: str = ""
    """Monato: not served by this version."""
    monato_api_key: str = ""
    """Monato: not served by this version."""
    monato_webhook_authorization: str = ""
    """What the header Authorization of Monato's webhooks must be; what is sent there is then answered 501,
    not 200, so that nobody takes it for kept.
    """

    tape_folder: Path | None = None
    """A folder whose tapes the worker takes and loads; unset: none."""

    webhook_url: str = ""
    """Where all that happens is sent, signed; more addresses by `acuerdo webhooks add`."""
    webhook_secret: str = ""
    """What it is signed with: base64, with `whsec_` before it or not; comma-separated, newest first. In demo
    and test made under `var/secrets`.
    """
    webhook_networks: str = ""
    """Private networks that webhooks may go to, such as `10.20.0.0/16`; all in demo and test."""
    webhook_parallel_calls: int = Field(default=8, ge=1, le=64)
    """Deliveries at the same time, of different loans."""

    smtp_url: str = ""
    """`smtp://user:password@host:25` (STARTTLS) or `smtps://…`; unset: e-mail off."""
    imap_url: str = ""
    """`imap://…` or `imaps://…`, for replies and bounces."""
    email_from: str = ""
    """The sender's address."""

    @cached_property
    def promise_forms(self) -> dict[str, str]:
        """Ids of WhatsApp's forms by language."""
        forms = {"es_MX": self.whatsapp_promise_form_es, "en": self.whatsapp_promise_form_en}
        return {language: form for language, form in forms.items() if form}

    @cached_property
    def messages_per_second(self) -> dict[str, float]:
        """By channel; 0: without a limit."""
        given = {
            "whatsapp": self.whatsapp_per_second,
            "sms": self.sms_per_second,
            "email": self.email_per_second,
        }
        return {
            channel: (0.0 if self.simulated else DEFAULT_PER_SECOND[channel]) if rate is None else rate
            for channel, rate in given.items()
        }

    @property
    def simulated(self) -> bool:
        """Whether stand-ins, sample log-ins and a movable clock are allowed."""
        return self.env in ("demo", "test")

    @property
    def is_demo(self) -> bool:
        """Whether anybody may write as a borrower and move the clock, from the simulator's page."""
        return self.env == "demo"

    @cached_property
    def encryption_key_list(self) -> tuple[str, ...]:
        """Newest first."""
        return tuple(key.strip() for key in self.encryption_keys.split(",") if key.strip())

    @cached_property
    def webhook_secret_list(self) -> tuple[str, ...]:
        """Newest first."""
        return tuple(secret.strip() for secret in self.webhook_secret.split(",") if secret.strip())

    @field_validator("database_url")
    @classmethod
    def is_supported(cls, url: str) -> str:
        if url.split(":", maxsplit=1)[0].split("+", maxsplit=1)[0] not in ("sqlite", "postgresql"):
            message = "write it as sqlite:///var/acuerdo.db or postgresql://user:password@host/name"
            raise ValueError(message)
        return url

    @field_validator("timezone")
    @classmethod
    def known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            message = f"{name!r} is no time zone: write it as America/Mexico_City"
            raise ValueError(message) from None
        return name

    @model_validator(mode="after")
    def complete(self) -> "Settings":
        if not self.public_url:
            self.public_url = f"http://127.0.0.1:{self.port}"
        self.public_url = self.public_url.rstrip("/")
        if self.simulated:
            self._make_up()
        return self

    def _make_up(self) -> None:
        """Defaults of demo and test; secrets are kept under `var/`, so that all processes
        agree.
        """
        for name in (
            "secret_key",
            "encryption_keys",
            "signing_key",
            "twilio_auth_token",
            "belvo_api_key_secret",
            "belvo_webhook_secret",
            "webhook_secret",
        ):
            if not getattr(self, name):
                setattr(self, name, kept_secret(name))
        self.twilio_account_sid = self.twilio_account_sid or DEMO_ACCOUNT
        self.twilio_api_url = self.twilio_api_url or f"{self.public_url}/simulator/twilio"
        self.whatsapp_from = self.whatsapp_from or "+525550000000"
        self.sms_from = self.sms_from or "26262"
        self.debit_provider = self.debit_provider or "simulator"
        self.belvo_api_key_id = self.belvo_api_key_id or "demo"
        if self.debit_provider == "simulator":
            self.belvo_api_url = self.belvo_api_url or f"{self.public_url}/simulator/belvo"

    def require_production(self) -> None:
        """Refuses to start a production process without its secrets, or with what belongs to the demo;
        anywhere, with what is not built.
        """
        if self.debit_provider in {"monato", "bankfile"}:
            raise NotBuiltYet("ACUERDO_DEBIT_PROVIDER", self.debit_provider, "belvo")
        if self.simulated:
            return
        needed = (*REQUIRED, *_keys_of(self.debit_provider))
        if missing := [_upper(name) for name in needed if not getattr(self, name)]:
            raise MissingSettings(missing)
        if self.now is not None:
            raise ForbiddenInProduction("ACUERDO_NOW")
        if self.debit_provider == "simulator":
            raise ForbiddenInProduction("ACUERDO_DEBIT_PROVIDER=simulator")
        if self.twilio_account_sid == DEMO_ACCOUNT:
            raise ForbiddenInProduction("the demo's TWILIO_ACCOUNT_SID")


def _keys_of(provider: str) -> Iterator[str]:
    """What a provider of debits is called with: all texts that begin with its name."""
    for name, about in Settings.model_fields.items():
        if provider and name.startswith(f"{provider}_") and about.annotation is str:
            yield name


def kept_secret(name: str) -> str:
    """Made once for demo and test, under `var/secrets`, and the same for all processes."""
    path = SECRETS_FOLDER / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        draft.chmod(0o600)
        try:
            path.hardlink_to(draft)  # the first process wins; the others read what it chose
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
