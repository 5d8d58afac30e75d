"""The web process around its rooms: what serves, answers errors and health, and keeps pages current. The
rooms ask it for the services of this request.
"""

from flask import current_app

from bot.files import MOST_IN_ALL
from bot.services import Services
from bot.web.forms import typed

__all__ = ["UPLOADS", "services", "typed"]

UPLOADS = {
    "/console/tapes/upload": 64 * 1024 * 1024,
    "/console/attach": MOST_IN_ALL,
    "/api/v1/loans": 16 * 1024 * 1024,
}
"""Paths that take more than others, with the most bytes of a request there: tapes of some 300,000 rows, a
thousand loans; a file that an agent sends.
"""


def services() -> Services:
    found: Services = current_app.extensions["acuerdo"]
    return found
