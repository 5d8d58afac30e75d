"""The contact rules of a country: a data file, checked on load."""

import tomllib
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays
from pydantic import BaseModel, ConfigDict

from values import is_banking_day

_COUNTRIES = Path(__file__).parent / "countries"
_WORDS = Path(__file__).parent / "words.toml"
"""What may not be written, in any country."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class UnknownCountry(Exception):
    def __init__(self, country: str) -> None:
        super().__init__(
            f"there are no contact rules for {country!r}: set contact_country to {' or '.join(countries())}"
        )


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hours(_Part):
    """A half-open span of the day: `[start, end)`."""

    start: time
    end: time

    @classmethod
    def of(cls, start: str, end: str) -> "Hours":
        return cls(start=time.fromisoformat(start), end=time.fromisoformat(end))

    def within(self, other: "Hours") -> "Hours":
        """The part of these hours that lies in `other`; empty when start is not before end."""
        return Hours(start=max(self.start, other.start), end=min(self.end, other.end))


class Caps(_Part):
    """How often one person is contacted, over all channels; null: the law and the lender name no number."""

    contact_per_day: int
    contact_per_7_days: int
    notice_per_day: int
    """Confirmations of the borrower's own acts, and notices that a contract or the law demands."""
    channels_per_week: int | None = None
    """From Monday to Sunday."""
    channel_per_7_days: dict[str, int] = {}


class RuleNames(_Part):
    """By what name a refusal is reported and logged."""

    hours: str
    caps: str
    channel: str


class ContactRules(_Part):
    country: str
    version: str
    names: RuleNames
    hours: dict[int, Hours]
    """By weekday, 0 is Monday; a day that is not here has none."""
    calendar: str
    """`banks` of Mexico, or a country of the `holidays` library: nobody is contacted on these days."""
    fallback_zone: ZoneInfo
    fallback_hours: Hours
    """For a borrower whose zone is not known; within the hours of the day."""
    channel_hours: dict[str, Hours]
    caps: Caps
    never_holds: frozenset[str]
    pausing_holds: frozenset[str]
    claimable: frozenset[str]
    third_party_channels: frozenset[str]
    threats: tuple[str, ...]
    """Beginnings of words that threaten, lower case and without accents."""
    harmless: tuple[str, ...]
    """Phrases in which those words threaten nobody."""
    denials: tuple[str, ...]
    """Phrases that deny a threat, in a sentence without one of the `conditions`."""
    conditions: tuple[str, ...]
    insults: tuple[str, ...]
    third_parties: tuple[str, ...]
    debt_words: tuple[str, ...]
    """Beginnings of words that reveal a debt."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    def hours_on(self, day: date) -> Hours | None:
        """Null on a day on which nobody is contacted."""
        hours = self.hours.get(day.weekday())
        return hours if hours is not None and not _is_holiday(self.calendar, day) else None

    def lawful_day(self, day: date) -> bool:
        return self.hours_on(day) is not None


def countries() -> tuple[str, ...]:
    """Those that there are rules for."""
    return tuple(sorted(path.stem.upper() for path in _COUNTRIES.glob("*.toml")))


def rules_text(country: str) -> str:
    """The files themselves, to be read: the country's, then the words."""
    files = (_COUNTRIES / f"{country.lower()}.toml", _WORDS)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@lru_cache(maxsize=8)
def load_rules(country: str) -> ContactRules:
    """Raises UnknownCountry, and ValidationError for a file that is not one."""
    if country not in countries():
        raise UnknownCountry(country)
    data = tomllib.loads(rules_text(country))
    fallback = data["fallback"]
    return ContactRules(
        country=data["country"],
        version=data["version"],
        names=RuleNames(**data["names"]),
        hours={_DAYS.index(day): Hours.of(*span) for day, span in data["hours"].items()},
        calendar=data["calendar"],
        fallback_zone=ZoneInfo(fallback["zone"]),
        fallback_hours=Hours.of(*fallback["hours"]),
        channel_hours={name: Hours.of(*span) for name, span in data["channel_hours"].items()},
        caps=Caps(**data["caps"]),
        never_holds=frozenset(data["holds"]["never"]),
        pausing_holds=frozenset(data["holds"]["pause"]),
        claimable=frozenset(data["loans"]["claimable"]),
        third_party_channels=frozenset(data["parties"]["third_party_channels"]),
        **{name: tuple(words) for name, words in data["content"].items()},
    )


def _is_holiday(calendar: str, day: date) -> bool:
    if calendar == "banks":
        return not is_banking_day(day)
    return day in _holidays(calendar)


@lru_cache(maxsize=8)
def _holidays(country: str) -> HolidayBase:
    """Raises NotImplementedError for a country that the library does not know."""
    return country_holidays(country)
