"""The address at which a file that we send is fetched: signed, for a day, and for this one file."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.files.kinds import ENDINGS
from bot.services import Services

SECONDS = int(timedelta(hours=24).total_seconds())


def _signer(services: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt="sent-file")


def sent_file_url(services: Services, file_id: int, content_type: str) -> str:
    """Whoever has it may open the file until tomorrow: a messaging provider proves nothing."""
    token = _signer(services).dumps(file_id)
    return f"{services.settings.public_url}/m/sent/{token}.{ENDINGS[content_type]}"


def file_id_of(services: Services, token: str) -> int | None:
    """Null for an address that is not ours, or too old."""
    try:
        return int(_signer(services).loads(token, max_age=SECONDS))
    except (BadSignature, ValueError, TypeError):
        return None
