"""What templates are given to speak: words, money, days and hours, in the reader's language and the lender's
zone.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Blueprint, g, session

from bot.console.access import guard, masking
from bot.console.assets import MODULES
from bot.faults import Fault
from bot.web import services, typed
from bot.wording import LONG_DAY, MissingWords, decode
from models.base import AnyRow
from values import Money

LANGUAGES = {"es_MX": "Español", "en": "English"}


def register(blueprint: Blueprint) -> None:
    blueprint.context_processor(context)


def locale() -> str:
    chosen: str = session.get("locale", "es_MX")
    return chosen if chosen in LANGUAGES else "es_MX"


def zone() -> ZoneInfo:
    return ZoneInfo(services().settings.timezone)


def context() -> dict[str, Any]:
    now = services().clock.now()
    agent = g.get("agent")
    return {
        "t": texts(),
        "named": named,
        "outcome_family": outcome_family,
        "message_text": message_text,
        "place_of": place_of,
        "preview": masking.without_identity,
        "address": masking.address,
        "cell": masking.cell,
        "money": money,
        "percent": percent,
        "hour": hour,
        "day": day,
        "short_day": short_day,
        "last_day": last_day,
        "moment": moment,
        "iso_day": iso_day,
        "file_size": file_size,
        "fault": fault,
        "typed": typed,
        "this_page": guard.here,
        "csrf": guard.token(),
        "me": agent,
        "may_act": guard.may_act(agent),
        "may_see_all": guard.may_see_all(agent),
        "now": now,
        "locale": locale(),
        "languages": LANGUAGES,
        "modules": MODULES,
        "lender": services().lender.facts.trade_name,
    }


def text(key: str, **params: Any) -> str:
    return services().wording.text(f"console.{key}", params, locale())


def texts() -> Callable[..., str]:
    """`text` for many: what is the same for all is looked up once."""
    wording, here = services().wording, locale()
    return lambda key, **params: wording.text(f"console.{key}", params, here)


def named(family: str, code: str | None) -> str:
    """The words of a code; one that has none of its own is shown as it is, so that a new kind is never
    hidden.
    """
    if not code:
        return ""
    key = code.lower().replace(".", "_").replace("-", "_")
    for name in (f"console.{family}_{key}", f"{family}.{key}"):
        try:
            return services().wording.text(name, {}, locale())
        except MissingWords:
            continue
    return code


def outcome_family(kind: str) -> str:
    """Whose words an `outcome` has in a ledger entry of this kind: a call's, a case's, a conversation's."""
    if kind.startswith(("contact.", "contact_point.")):
        return "call"
    return "task_outcome" if kind.endswith((".resolved", ".answered")) else "outcome"


def fault(found: str) -> str:
    """In the reader's language, where its words are known."""
    if not isinstance(found, Fault):
        return found
    try:
        what = services().wording.text(f"faults.{found.code}", found.params, locale())
    except MissingWords:
        what = found.what
    line = [text("fault_line", line=found.line)] if found.line else []
    return ": ".join([*line, *filter(None, [found.where]), what])


def message_text(row: AnyRow) -> str:
    """The words of a message; of one that waits in the outbox, those that it would have now."""
    rendered: Callable[[], str] = lambda: services().wording.render(decode(row.wording), locale()).text  # noqa: E731
    return masking.words(row.body or (rendered() if row.wording else ""))


def place_of(row: AnyRow) -> str:
    """«19.43,-99.13» of a message that is a place, else empty."""
    given = row.extra or {}
    try:
        return f"{float(given['Latitude'])},{float(given['Longitude'])}"
    except (KeyError, ValueError):
        return ""


def money(amount: Money | int) -> str:
    return f"${(amount if isinstance(amount, Money) else Money(amount)).pesos:,.2f}"


def percent(share: float, places: int = 0) -> str:
    """«12.5 %», in English «12.5%»"""
    space = "" if locale() == "en" else " "
    return format_percent(share, f"0.{'0' * places}".rstrip(".") + f"{space}%", locale=locale())


def hour(at: datetime, where: ZoneInfo | None = None) -> str:
    return at.astimezone(where or zone()).strftime("%H:%M")


def day(at: datetime | date) -> str:
    """«martes 24 de noviembre»"""
    local = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return _written(local, LONG_DAY[locale()[:2]], locale())


def short_day(at: datetime | date) -> str:
    local = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    pattern = "d MMM" if local.year == services().clock.now().year else "d MMM y"
    return _written(local, pattern, locale()).replace(".", "")


def last_day(until: datetime) -> str:
    """The last day before a moment: midnight ends the day that the borrower was given."""
    return short_day(until - timedelta(microseconds=1))


@lru_cache(maxsize=1024)
def _written(day: date, pattern: str, locale: str) -> str:
    """Kept: a list of conversations says the same few days over and over."""
    return format_date(day, pattern, locale=locale)


def moment(at: datetime) -> str:
    """The hour, with the day where it is not today's."""
    return moments()(at)


def moments() -> Callable[[datetime], str]:
    """`moment` for many: what is the same for all is looked up once."""
    here, named = zone(), cache(short_day)
    today = services().clock.now().astimezone(here).date()

    def moment(at: datetime) -> str:
        local = at.astimezone(here)
        day, clock = local.date(), f"{local.hour:02}:{local.minute:02}"
        if day == today:
            return clock
        return f"{text('tomorrow') if (day - today).days == 1 else named(day)}, {clock}"

    return moment


def iso_day(value: str) -> str:
    """A day, or the day of a time, as JSON keeps it; anything else as it is."""
    try:
        return short_day(date.fromisoformat(value[:10]))
    except ValueError:
        return value


def file_size(count: int) -> str:
    """«120 KB»"""
    size = format_decimal(count / 1_000_000, "0.0" if count >= 100_000 else "0.00", locale=locale())
    return f"{size} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} KB"
