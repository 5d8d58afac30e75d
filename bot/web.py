"""The services of the web application that answers this request."""

from flask import current_app

from bot.services import Services


def services() -> Services:
    found: Services = current_app.extensions["acuerdo"]
    return found
