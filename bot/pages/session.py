"""Who is looking: a signed cookie of half an hour, set once the factor was right, and the token of its
forms.
"""

import hashlib
import hmac
from http import HTTPStatus

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.page_links import Access
from bot.services import Services

COOKIE, SECONDS = "acuerdo_page", 1800


def _signer(services: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt="page-session")


def is_open(services: Services, access: Access) -> bool:
    """Whether this browser has proved to be this borrower's, lately."""
    try:
        found = _signer(services).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadSignature:
        return False
    return bool(found == [access.borrower_id, access.generation])


def start(services: Services, access: Access, response: Response) -> Response:
    response.set_cookie(
        COOKIE,
        str(_signer(services).dumps([access.borrower_id, access.generation])),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=services.settings.public_url.startswith("https://"),
        path="/m/",
    )
    return response


def form_token(services: Services) -> str:
    """Of the session that this browser has: another site cannot know it."""
    cookie = request.cookies.get(COOKIE, "")
    return hmac.new(services.settings.secret_key.encode(), cookie.encode(), hashlib.sha256).hexdigest()


def came_from_us(services: Services) -> bool:
    return hmac.compare_digest(request.form.get("form_token", ""), form_token(services))


FORBIDDEN = HTTPStatus.FORBIDDEN
