"""The contact rules of a country: a data file, checked on load."""

import tomllib
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from values import is_banking_day

_COUNTRIES = Path(__file__).parent / "countries"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class UnknownCountry(Exception):
    def __init__(self, country: str) -> None:
        known = ", ".join(sorted(path.stem.upper() for path in _COUNTRIES.glob("*.toml")))
        super().__init__(f"there are no contact rules for {country!r}: set contact_country to one of {known}")


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


class ContactRules(_Part):
    country: str
    version: str
    weekdays: frozenset[int]
    """0 is Monday."""
    hours: Hours
    skip_bank_holidays: bool
    fallback_zone: ZoneInfo
    fallback_hours: Hours
    channel_hours: dict[str, Hours]
    contact_per_day: int
    contact_per_7_days: int
    notice_per_day: int
    never_holds: frozenset[str]
    pausing_holds: frozenset[str]
    claimable: frozenset[str]
    third_party_channels: frozenset[str]
    threats: tuple[str, ...]
    """Beginnings of words that threaten, lower case and without accents."""
    debt_words: tuple[str, ...]
    """Beginnings of words that tell of a debt."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    def lawful_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and (not self.skip_bank_holidays or is_banking_day(day))


@lru_cache(maxsize=8)
def load_rules(country: str) -> ContactRules:
    """Raises UnknownCountry, and ValidationError for a file that is not one."""
    path = _COUNTRIES / f"{country.lower()}.toml"
    if not country.isalpha() or not path.exists():
        raise UnknownCountry(country)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    hours, fallback, caps = data["hours"], data["fallback"], data["caps"]
    return ContactRules(
        country=data["country"],
        version=data["version"],
        weekdays=frozenset(_DAYS.index(day) for day in hours["weekdays"]),
        hours=Hours.of(hours["from"], hours["until"]),
        skip_bank_holidays=hours["skip_bank_holidays"],
        fallback_zone=ZoneInfo(fallback["zone"]),
        fallback_hours=Hours.of(fallback["from"], fallback["until"]),
        channel_hours={
            name: Hours.of(span["from"], span["until"]) for name, span in data["channels"].items()
        },
        contact_per_day=caps["contact_per_day"],
        contact_per_7_days=caps["contact_per_7_days"],
        notice_per_day=caps["notice_per_day"],
        never_holds=frozenset(data["holds"]["never"]),
        pausing_holds=frozenset(data["holds"]["pause"]),
        claimable=frozenset(data["loans"]["claimable"]),
        third_party_channels=frozenset(data["parties"]["third_party_channels"]),
        threats=tuple(data["content"]["threats"]),
        debt_words=tuple(data["content"]["debt_words"]),
    )
