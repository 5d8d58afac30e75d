"""The address at which a paper is checked: it names the paper and opens nothing else."""

from itsdangerous import BadSignature, URLSafeSerializer

from bot.services import Services


def _signer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.settings.secret_key, salt="paper")


def check_url(services: Services, code: str) -> str:
    return f"{services.settings.public_url}/m/{_signer(services).dumps(code)}/check/{code}"


def is_token_of(services: Services, token: str, code: str) -> bool:
    try:
        return bool(_signer(services).loads(token) == code)
    except BadSignature:
        return False
