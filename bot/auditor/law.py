"""The law as the auditor reads it: hours, days and caps, written down here a second time on purpose.

Sources: CONDUSEF and PROFECO, Disposiciones de carácter general en materia de despachos de cobranza; the days
on which banks are closed, by the CNBV's yearly rule; Colombia, Ley 2300 de 2023 art. 3 and Ley 51 de 1983.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.easter import easter

_MONDAY = 0


@dataclass(frozen=True, slots=True)
class Law:
    zone: ZoneInfo
    """Of a borrower whose own is not known."""
    unknown_zone: tuple[time, time]
    weekday: tuple[time, time]
    saturday: tuple[time, time] | None
    sms: tuple[time, time] | None
    a_day: int
    a_week: int
    notices_a_day: int
    channels_a_week: int | None = None
    third_party: frozenset[str] = field(default_factory=lambda: frozenset({"sms", "email"}))

    def hours(self, day: date, *, zone_known: bool, channel: str) -> tuple[time, time] | None:
        """From, until (exclusive); null on a Sunday, or a Saturday without hours."""
        if day.weekday() == 6:
            return None
        span = self.saturday if day.weekday() == 5 else self.weekday
        if span is None:
            return None
        start, end = span
        if not zone_known:
            start, end = max(start, self.unknown_zone[0]), min(end, self.unknown_zone[1])
        if channel == "sms" and self.sms:
            start, end = max(start, self.sms[0]), min(end, self.sms[1])
        return start, end


LAWS = {
    "MX": Law(
        zone=ZoneInfo("America/Mexico_City"),
        unknown_zone=(time(9), time(21)),
        weekday=(time(7), time(22)),
        saturday=None,
        sms=(time(9), time(21)),
        a_day=1,
        a_week=3,
        notices_a_day=4,
    ),
    "CO": Law(
        zone=ZoneInfo("America/Bogota"),
        unknown_zone=(time(7), time(19)),
        weekday=(time(7), time(19)),
        saturday=(time(8), time(15)),
        sms=None,
        a_day=1,
        a_week=3,
        notices_a_day=4,
        channels_a_week=1,
    ),
}


def is_closed(country: str, day: date) -> bool:
    """Whether it is a holiday on which nobody is contacted."""
    return day in (_bank_holidays(day.year) if country == "MX" else _public_holidays(country, day.year))


@lru_cache(maxsize=16)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=16)
def _bank_holidays(year: int) -> frozenset[date]:
    """Mexico's, by the rule; 2026's were held against the published list. On 1 October every sixth year the
    presidency is handed over (LFT art. 74).
    """
    fixed = {(1, 1), (5, 1), (9, 16), (11, 2), (12, 12), (12, 25)}
    mondays = {_nth_monday(year, 2, 1), _nth_monday(year, 3, 3), _nth_monday(year, 11, 3)}
    sunday = easter(year)
    holy = {sunday - timedelta(days=3), sunday - timedelta(days=2)}
    handed_over = {date(year, 10, 1)} if year % 6 == 2024 % 6 and year >= 2024 else set()
    return frozenset({date(year, month, day) for month, day in fixed} | mondays | holy | handed_over)


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7 + 7 * (nth - 1))
