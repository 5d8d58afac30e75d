"""The last moment that is lawful and the first that is not, in both countries: the guard and the auditor draw
each line at the same place, though they share nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from bot.auditor import CHECKS, LAWS, Terms
from bot.auditor.law import is_closed
from bot.compliance import Allowed, ContactRequest, PastContact, load_rules, may_contact

CITY, TIJUANA, JUAREZ, CANCUN = (
    f"America/{name}" for name in ("Mexico_City", "Tijuana", "Ciudad_Juarez", "Cancun")
)
BOGOTA = "America/Bogota"
TUESDAY, SATURDAY = "2026-11-24", "2026-11-28"


class Case(NamedTuple):
    country: str
    zone: str | None
    """Of the borrower, null where it is not known."""
    at: str
    """By the clock of the zone, or of the country."""
    is_lawful: bool
    channel: str = "whatsapp"
    before: Sequence[tuple[str, str]] = ()
    """`(at, channel)` of what left before."""


def opens(
    country: str, zone: str | None, day: str, start: str, end: str, channel: str = "whatsapp"
) -> list[Case]:
    """Half open: `start` is lawful and the second before is not; `end` is not and the second before is."""

    def a_second_before(clock: str) -> str:
        return (datetime.fromisoformat(f"{day}T{clock}") - timedelta(seconds=1)).isoformat()

    return [
        Case(country, zone, f"{day}T{start}", True, channel),
        Case(country, zone, a_second_before(start), False, channel),
        Case(country, zone, a_second_before(end), True, channel),
        Case(country, zone, f"{day}T{end}", False, channel),
    ]


def mx(
    at: str, is_lawful: bool, *before: tuple[str, str], zone: str = CITY, channel: str = "whatsapp"
) -> Case:
    return Case("MX", zone, at, is_lawful, channel, before)


def co(at: str, is_lawful: bool, *before: tuple[str, str], channel: str = "whatsapp") -> Case:
    return Case("CO", BOGOTA, at, is_lawful, channel, before)


HOURS = [
    *(case for zone in (CITY, TIJUANA, CANCUN) for case in opens("MX", zone, TUESDAY, "07:00", "22:00")),
    *opens("MX", None, TUESDAY, "09:00", "21:00"),
    *opens("MX", CITY, TUESDAY, "09:00", "21:00", "sms"),
    *opens("MX", TIJUANA, TUESDAY, "09:00", "21:00", "sms"),
    # The clocks of the border change on Sundays, 8 March and 1 November 2026; 2 November is a holiday.
    *(case for day in ("2026-03-06", "2026-03-09") for case in opens("MX", TIJUANA, day, "07:00", "22:00")),
    *(case for day in ("2026-10-30", "2026-11-03") for case in opens("MX", JUAREZ, day, "07:00", "22:00")),
    *(
        mx(f"{day}T12:00", False)
        for day in (SATURDAY, "2026-11-29", "2026-11-16", "2026-04-02", "2030-10-01")
    ),
    *opens("CO", BOGOTA, TUESDAY, "07:00", "19:00"),
    *opens("CO", None, TUESDAY, "07:00", "19:00"),
    *opens("CO", BOGOTA, TUESDAY, "07:00", "19:00", "sms"),
    *opens("CO", BOGOTA, SATURDAY, "08:00", "15:00"),
    *(
        co(f"{day}T12:00", False)
        for day in ("2026-11-29", "2026-12-08", "2026-11-16", "2026-03-23", "2026-04-03")
    ),
    *(co(f"{day}T12:00", True) for day in ("2026-02-02", "2026-09-16", "2026-12-12")),
]
CAPS = [
    # One a day, by the borrower's own calendar: in Tijuana half past nine at night is tomorrow in UTC.
    mx(f"{TUESDAY}T21:59:59", False, (f"{TUESDAY}T07:00", "email")),
    mx(f"{TUESDAY}T07:00", True, ("2026-11-23T21:59:59", "email")),
    mx("2026-11-25T07:00", True, (f"{TUESDAY}T21:30", "whatsapp"), zone=TIJUANA),
    mx(f"{TUESDAY}T21:30", False, (f"{TUESDAY}T07:00", "whatsapp"), zone=TIJUANA),
    mx(f"{TUESDAY}T12:00", False, (f"{TUESDAY}T09:00", "call")),
    # Three in seven days, the clock change among them.
    mx("2026-11-27T12:00", False, *((f"2026-11-{day}T12:00", "whatsapp") for day in (23, 24, 25))),
    mx("2026-11-30T07:00", True, *((f"2026-11-{day}T21:59", "whatsapp") for day in (23, 24, 25))),
    mx("2026-03-09T22:59", False, *((f"2026-03-0{day}T12:00", "sms") for day in (3, 4, 6)), zone=TIJUANA),
    mx("2026-03-10T07:00", True, *((f"2026-03-0{day}T21:00", "sms") for day in (3, 4, 6)), zone=TIJUANA),
    mx("2026-11-05T07:00", True, *((f"2026-10-{day}T21:00", "sms") for day in (27, 28, 29)), zone=JUAREZ),
    # Colombia: one a day, three a week, and from Monday to Saturday by one channel alone.
    co(f"{TUESDAY}T18:59", False, (f"{TUESDAY}T07:00", "whatsapp")),
    co(f"{TUESDAY}T07:00", True, ("2026-11-23T18:59", "whatsapp")),
    co("2026-11-27T12:00", False, *((f"2026-11-{day}T12:00", "whatsapp") for day in (23, 24, 25))),
    co(f"{SATURDAY}T14:59", False, ("2026-11-23T07:00", "whatsapp"), channel="sms"),
    co(f"{SATURDAY}T14:59", False, ("2026-11-23T07:00", "visit"), channel="sms"),
    co(f"{SATURDAY}T14:59", True, ("2026-11-23T07:00", "sms"), channel="sms"),
    co("2026-11-30T07:00", True, (f"{SATURDAY}T14:59", "whatsapp"), channel="sms"),
]


@pytest.mark.parametrize("case", [*HOURS, *CAPS], ids=str)
def test_the_guard_and_the_auditor_draw_the_line_at_the_same_place(case: Case) -> None:
    zone = ZoneInfo(case.zone or {"MX": CITY, "CO": BOGOTA}[case.country])
    at = datetime.fromisoformat(case.at).replace(tzinfo=zone)
    before = [(datetime.fromisoformat(each).replace(tzinfo=zone), by) for each, by in case.before]
    asked = ContactRequest(
        now=at,
        zone=ZoneInfo(case.zone) if case.zone else None,
        channel=case.channel,
        purpose="contact",
        contacts=tuple(PastContact(each.date(), by) for each, by in before),
    )
    verdict = may_contact(asked, load_rules(case.country))
    assert isinstance(verdict, Allowed) == case.is_lawful
    assert (violations(case, at, before) == []) == case.is_lawful
    if not case.is_lawful:  # and when it may leave, it may
        again = replace(asked, now=verdict.at)  # type: ignore[union-attr]
        assert isinstance(may_contact(again, load_rules(case.country)), Allowed)


def violations(case: Case, at: datetime, before: Sequence[tuple[datetime, str]]) -> list[str]:
    """By the auditor's checks of hours, days and caps."""
    sent: Any = SimpleNamespace(
        row=SimpleNamespace(purpose="contact", zone=case.zone, channel=case.channel),
        at=at,
        facts=(),
        before=[SimpleNamespace(sent_at=each, channel=by, purpose="contact") for each, by in before],
    )
    terms = Terms(
        country=case.country,
        law=LAWS[case.country],
        sender_role="first_party",
        identity_days=90,
        own_accounts=frozenset(),
        names=(),
        own_hosts=frozenset(),
    )
    kinds = ("hours-", "day-", "cap-")
    return [name for name, check in CHECKS.items() if name.startswith(kinds) and check(sent, terms)]


@pytest.mark.parametrize("country", ["MX", "CO"])
def test_they_hold_the_same_days_for_lawful_for_eight_years(country: str) -> None:
    rules, law = load_rules(country), LAWS[country]
    for offset in range(8 * 365):
        day = date(2024, 1, 1) + timedelta(days=offset)
        hours = rules.hours_on(day)
        ours = (hours.start, hours.end) if hours else None
        assert ours == (None if is_closed(country, day) else law.hours(day, zone_known=True, channel="")), day


@pytest.mark.parametrize("country", ["MX", "CO"])
@pytest.mark.parametrize(("channel", "is_lawful"), [("whatsapp", False), ("sms", True), ("email", True)])
def test_who_collects_for_others_writes_by_the_same_channels(
    country: str, channel: str, is_lawful: bool
) -> None:
    noon = datetime(2026, 11, 24, 17, tzinfo=ZoneInfo(BOGOTA))
    asked = ContactRequest(noon, ZoneInfo(BOGOTA), channel, "contact", sender_role="third_party")
    assert isinstance(may_contact(asked, load_rules(country)), Allowed) == is_lawful
    assert (channel in LAWS[country].third_party) == is_lawful
