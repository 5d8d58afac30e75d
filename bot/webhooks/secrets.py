"""What deliveries are signed with, by the Standard Webhooks scheme: `whsec_` and base64."""

import base64
import binascii
import secrets
from datetime import datetime

from standardwebhooks.webhooks import Webhook

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64


class InvalidSecret(ValueError):
    def __init__(self) -> None:
        super().__init__(
            f"a webhook secret is {FEWEST_BYTES} to {MOST_BYTES} random bytes in base64, with or without "
            f"{PREFIX} before it: make one with `openssl rand -base64 32`"
        )


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_secret(secret: str) -> str:
    """As it is kept. Raises InvalidSecret."""
    try:
        text = secret.removeprefix(PREFIX).rstrip("=")
        size = len(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, ValueError):
        raise InvalidSecret from None
    if not FEWEST_BYTES <= size <= MOST_BYTES:
        raise InvalidSecret
    return secret


def signed_headers(secret_list: tuple[str, ...], event_id: str, at: datetime, body: str) -> dict[str, str]:
    """One signature for each secret in force."""
    signatures = [Webhook(secret).sign(event_id, at, body) for secret in secret_list]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
