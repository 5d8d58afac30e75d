"""The words of the pages, in the borrower's language or the one they chose."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import request

from bot.services import Services
from values import Money

LANGUAGES = {"es": "es_MX", "en": "en"}


def language(preferred: str = "es_MX") -> str:
    """The locale of this request: `?lang=`, else the borrower's."""
    return LANGUAGES.get(request.args.get("lang", ""), preferred)


def chosen_language(before: str) -> str:
    """`lang=…` for an address, behind `?` or `&`, where the visitor chose one."""
    chosen = request.args.get("lang", "")
    return f"{before}lang={chosen}" if chosen in LANGUAGES else ""


def teller(services: Services, locale: str) -> dict[str, Callable[..., str]]:
    """What the templates call: words, money, days, moments."""
    zone = ZoneInfo(services.settings.timezone)

    def words(key: str, **params: Any) -> str:
        return services.wording.text(f"pages.{key}", params, locale)

    def money(amount: Money) -> str:
        return services.wording.text("paper.money", {"amount": amount}, locale)

    def day(of: date) -> str:
        return format_date(
            of, "EEEE d 'de' MMMM" if locale.startswith("es") else "EEEE, d MMMM", locale=locale
        )

    def moment(at: datetime) -> str:
        return format_datetime(at, "d MMM y, HH:mm", tzinfo=zone, locale=locale)

    return {"t": words, "money": money, "day": day, "moment": moment}
