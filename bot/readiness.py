"""One check before anything runs, shared by `serve`, `worker`, `scheduler` and `doctor`: whether what is
configured will work, here and now.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import InvalidNow, shift_of, system_now
from bot.lender import InvalidLenderFile, Lender
from bot.sample_logins import require_none
from bot.services import Services
from bot.settings import ForbiddenInProduction, MissingSettings, NotBuiltYet, Settings
from bot.vault import UnreadableAccount
from bot.web.health import unready
from bot.webhooks import webhook_database_faults, webhook_settings_faults
from models import bank_account_table, read_tx, tick_table

SECRETS = ("secret_key", "signing_key")
SHORTEST_SECRET, FEWEST_CHARACTERS = 32, 10
"""A secret of `openssl rand -hex 32` has 64, of 16 kinds."""
ADDRESSES = ("twilio_api_url", "belvo_api_url", "monato_api_url")
_WEB, _NUMBER = r"https?://[^\s/]+(?:/\S*)?", r"\+[1-9]\d{7,14}"
FORMS = {
    "public_url": (_WEB, "an address such as https://acuerdo.example"),
    **dict.fromkeys(ADDRESSES, (_WEB, "an address such as https://api.example")),
    "whatsapp_from": (_NUMBER, "a number such as +525512345678"),
    "sms_from": (rf"{_NUMBER}|\d{{3,8}}", "a number such as +525512345678, or a short code"),
    "smtp_url": (r"smtps?://[^\s/]+\S*", "an address such as smtp://127.0.0.1:2525"),
    "imap_url": (r"imaps?://[^\s/]+\S*", "an address such as imaps://user:password@mail.example"),
    "email_from": (r"[^@\s<>]+@[^@\s<>]+", "an e-mail address such as cobranza@acuerdo.example"),
}
"""Settings that are useless in another form, and what each is."""
LOCAL = ("127.0.0.1", "localhost", "::1")
ROUTABLE = re.compile(r"[A-Za-z0-9_-]{16,}")
LEAST_ROOM_BYTES = 200 * 1024 * 1024
MOST_SKEW = timedelta(seconds=30)
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)


class NotReady(Exception):
    """Something would not work; each fault says how to fix it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def require_ready(services: Services) -> None:
    """Raises NotReady."""
    if found := list(faults(services)):
        raise NotReady(found)


def faults(services: Services) -> Iterator[str]:
    yield from settings_faults(services.settings)
    yield from database_faults(services)


def settings_faults(settings: Settings) -> Iterator[str]:
    """What is wrong with the settings alone."""
    checks: tuple[Callable[[], object], ...] = (
        settings.require_production,
        lambda: shift_of(settings.now or "+0d", system_now()),
        lambda: Lender.load(settings.lender_file),
    )
    for check in checks:
        try:
            check()
        except (MissingSettings, ForbiddenInProduction, NotBuiltYet, InvalidNow, InvalidLenderFile) as error:
            yield str(error)
    yield from _form_faults(settings)
    yield from webhook_settings_faults(settings)
    yield from _broker_faults(settings)
    if not settings.simulated:
        yield from _production_faults(settings)


def _form_faults(settings: Settings) -> Iterator[str]:
    for name, (form, what) in FORMS.items():
        value = getattr(settings, name)
        if value and not re.fullmatch(form, value):
            yield f"{Settings.model_fields[name].validation_alias} is {what}"


def _broker_faults(settings: Settings) -> Iterator[str]:
    """Whether it answers is not asked here: without it work is slower, and goes on."""
    if not settings.broker_url:
        return
    if not settings.broker_url.startswith(("redis://", "rediss://", "redis+socket://")):
        yield "ACUERDO_BROKER_URL is a Redis address, such as redis://127.0.0.1:6379/0"
    if not settings.simulated and settings.database_url.startswith("sqlite"):
        yield "ACUERDO_BROKER_URL is for several machines: they need PostgreSQL in ACUERDO_DATABASE_URL"


def _production_faults(settings: Settings) -> Iterator[str]:
    named = [(f"ACUERDO_{name.upper()}", getattr(settings, name)) for name in SECRETS]
    named += [("ACUERDO_ENCRYPTION_KEYS", key) for key in settings.encryption_key_list]
    for name, secret in named:
        if secret and _is_weak(secret):
            yield f"{name} is too weak: make one with `openssl rand -hex 32`"
    if len({secret for _, secret in named if secret}) < sum(1 for _, secret in named if secret):
        yield "two secrets are the same: make each with `openssl rand -hex 32`"
    public = urlsplit(settings.public_url)
    if public.scheme != "https" or public.hostname in LOCAL:
        yield "ACUERDO_PUBLIC_URL is not a public https address: webhooks and cookies need one"
    if not (settings.whatsapp_from or settings.sms_from or settings.twilio_messaging_service_sid):
        yield (
            "there is no sender: set ACUERDO_WHATSAPP_FROM, ACUERDO_SMS_FROM or TWILIO_MESSAGING_SERVICE_SID"
        )
    for name in ADDRESSES:
        address = urlsplit(getattr(settings, name))
        if address.scheme and address.scheme != "https" and address.hostname not in LOCAL:
            yield f"{name.upper()} is not https: what is sent there could be read on the way"
    if settings.belvo_webhook_secret and not ROUTABLE.fullmatch(settings.belvo_webhook_secret):
        yield (
            "BELVO_WEBHOOK_SECRET cannot be part of an address: 16 letters, digits, dashes or more, "
            "such as `openssl rand -hex 32` makes"
        )


def _is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS


def database_faults(services: Services) -> Iterator[str]:
    """What is wrong with the database, the disk and the clock."""
    if fault := unready(services):
        yield fault
        return
    try:
        require_none(services)
    except ForbiddenInProduction as error:
        yield str(error)
    try:
        yield from _account_faults(services)
        yield from _clock_faults(services)
        yield from webhook_database_faults(services)
    except SQLAlchemyError as error:
        yield f"the database cannot be read ({type(error).__name__}): check ACUERDO_DATABASE_URL"
    yield from _disk_faults(services)


def _account_faults(services: Services) -> Iterator[str]:
    """One account of each key: whether it can be read, and found again."""
    if not services.settings.encryption_key_list:
        return
    newest = select(func.max(bank_account_table.c.id)).group_by(bank_account_table.c.key_id)
    with read_tx(services.engine) as connection:
        rows = connection.execute(
            select(
                bank_account_table.c.borrower_id,
                bank_account_table.c.encrypted,
                bank_account_table.c.fingerprint,
            ).where(bank_account_table.c.id.in_(newest))
        ).all()
    for row in rows:
        try:
            digits = services.vault.decrypt(row.encrypted, row.borrower_id)
        except UnreadableAccount as error:
            yield str(error)
            continue
        if services.vault.fingerprint(digits) != row.fingerprint:
            yield (
                "ACUERDO_SECRET_KEY was changed, so that accounts are not found again: "
                "run `acuerdo db rotate-keys`"
            )


def _clock_faults(services: Services) -> Iterator[str]:
    """Against the database's own clock, and against what was recorded earlier."""
    now, engine = system_now(), services.engine
    with read_tx(engine) as connection:
        newest = connection.scalar(select(func.max(tick_table.c.at)))
        theirs = connection.scalar(text("SELECT now()")) if engine.dialect.name == "postgresql" else None
    if now < EARLIEST or (theirs is not None and abs(theirs - now) > MOST_SKEW):
        yield "this machine's clock is wrong: synchronise it (NTP), contact hours depend on it"
    elif newest is not None and newest - now > timedelta(minutes=5):
        yield "this machine's clock was set back: due work was recorded in its future; synchronise it (NTP)"


def _disk_faults(services: Services) -> Iterator[str]:
    if services.engine.dialect.name != "sqlite" or not services.engine.url.database:
        return
    folder = Path(services.engine.url.database).resolve().parent
    if shutil.disk_usage(folder).free < LEAST_ROOM_BYTES:
        yield f"the disk of {folder} is nearly full: free at least {LEAST_ROOM_BYTES // 2**20} MB"
