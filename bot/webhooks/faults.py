"""What would keep webhooks from arriving, for `acuerdo doctor` and the start of every process."""

from collections.abc import Iterator

from bot.clock import system_now
from bot.services import Services
from bot.settings import Settings
from bot.webhooks.addresses import InvalidUrl, check_url, networks
from bot.webhooks.endpoints import list_endpoints, secrets_of
from bot.webhooks.secrets import InvalidSecret, check_secret


def webhook_settings_faults(settings: Settings) -> Iterator[str]:
    if settings.webhook_url:
        try:
            check_url(settings.webhook_url, simulated=settings.simulated)
        except InvalidUrl as error:
            yield f"ACUERDO_WEBHOOK_URL: {error}"
        if not settings.webhook_secret_list:
            yield "ACUERDO_WEBHOOK_URL needs ACUERDO_WEBHOOK_SECRET: make one with `openssl rand -base64 32`"
    for secret in settings.webhook_secret_list:
        try:
            check_secret(secret)
        except InvalidSecret as error:
            yield f"ACUERDO_WEBHOOK_SECRET: {error}"
    try:
        networks(settings.webhook_networks)
    except ValueError as error:
        yield f"ACUERDO_WEBHOOK_NETWORKS: {error}: write networks such as 10.20.0.0/16, comma-separated"


def webhook_database_faults(services: Services) -> Iterator[str]:
    for row in list_endpoints(services):
        if row.secret is not None and not secrets_of(services, row, system_now()):
            yield (
                f"the secret of the webhook address {row.url} cannot be decrypted: list the key it was "
                "encrypted under in ACUERDO_ENCRYPTION_KEYS"
            )
