"""Nobody is contacted outside the law: the function, and an auditor that re-derives the law from what it
allowed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compliance import Allowed, ContactRequest, Never, NotBefore, load_rules, may_contact
from bot.compliance.rules import Hours
from values import is_banking_day

MX = load_rules("MX")
NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HERE = ZoneInfo("America/Mexico_City")
ZONES = [
    None,
    *(
        ZoneInfo(f"America/{name}")
        for name in (
            "Mexico_City",
            "Tijuana",
            "Cancun",
            "Hermosillo",
            "Matamoros",
            "Ciudad_Juarez",
            "Mazatlan",
        )
    ),
]
ASKED = ContactRequest(NOON, HERE, "whatsapp", "contact")

requests = st.builds(
    ContactRequest,
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    channel=st.sampled_from(["whatsapp", "sms", "email"]),
    purpose=st.sampled_from(["contact", "confirmation", "notice"]),
    contacts_today=st.integers(0, 2),
    contacts_7_days=st.integers(0, 4),
    notices_today=st.integers(0, 5),
)


@given(requests)
def test_whatever_is_allowed_is_lawful_and_what_is_put_off_becomes_so(request: ContactRequest) -> None:
    verdict = may_contact(request, MX)
    at = (
        request.now
        if isinstance(verdict, Allowed)
        else verdict.at
        if isinstance(verdict, NotBefore)
        else None
    )
    assert at is not None
    local = at.astimezone(request.zone or HERE)
    earliest, latest = (time(7), time(22)) if request.zone else (time(9), time(21))
    assert earliest <= local.time() < latest
    assert is_banking_day(local.date())
    if request.zone is None:  # lawful in every zone of the country
        for zone in filter(None, ZONES):
            assert time(7) <= at.astimezone(zone).time() < time(22)


@given(requests)
def test_the_same_question_gets_the_same_answer(request: ContactRequest) -> None:
    assert may_contact(request, MX) == may_contact(request, MX)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"opted_out": True}, "OPT-OUT"),
        ({"contact_point": "closed"}, "MX-CHANNEL"),
        ({"contact_point": "invalid"}, "MX-CHANNEL"),
        ({"holds": frozenset({"dispute"})}, "HOLD"),
        ({"holds": frozenset({"payment_reported"})}, "PAUSED"),
        ({"loan_status": "settled"}, "NOT-CLAIMABLE"),
        ({"loan_status": "disputed"}, "NOT-CLAIMABLE"),
        ({"sender_role": "third_party"}, "THIRD-PARTY"),
    ],
)
def test_what_forbids_a_contact(change: dict[str, object], rule: str) -> None:
    verdict = may_contact(replace(ASKED, **change), MX)
    assert isinstance(verdict, Never)
    assert (verdict.rule, verdict.version) == (rule, MX.version)


def test_an_answer_is_never_held_back() -> None:
    midnight = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
    asked = replace(ASKED, now=midnight, purpose="reply", opted_out=True, contacts_today=9)
    assert isinstance(may_contact(asked, MX), Allowed)


def test_the_hours_are_half_open() -> None:
    last = datetime(2026, 11, 24, 21, 59, 59, tzinfo=HERE)
    assert isinstance(may_contact(replace(ASKED, now=last), MX), Allowed)
    verdict = may_contact(replace(ASKED, now=last + timedelta(seconds=1)), MX)
    assert verdict == NotBefore(datetime(2026, 11, 25, 7, 0, tzinfo=HERE), "MX-HOURS", MX.version)


def test_a_weekend_and_a_holiday_wait_for_the_next_lawful_day() -> None:
    friday_night = datetime(2026, 11, 13, 23, 0, tzinfo=HERE)  # Monday 16 November is a bank holiday
    verdict = may_contact(replace(ASKED, now=friday_night), MX)
    assert isinstance(verdict, NotBefore)
    assert verdict.at == datetime(2026, 11, 17, 7, 0, tzinfo=HERE)


def test_the_caps_leave_room_again() -> None:
    day = may_contact(replace(ASKED, contacts_today=1, contacts_7_days=1), MX)
    assert day == NotBefore(datetime(2026, 11, 25, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)
    days = (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23))
    week = may_contact(replace(ASKED, contacts_7_days=3, last_contact_on=days), MX)
    assert week == NotBefore(datetime(2026, 11, 26, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)


def test_a_wish_narrows_and_never_widens() -> None:
    wish = Hours(start=time(18), end=time(23, 30))
    assert may_contact(replace(ASKED, preferred=wish), MX) == NotBefore(
        datetime(2026, 11, 24, 18, 0, tzinfo=HERE), "MX-HOURS", MX.version
    )
    verdict = may_contact(replace(ASKED, now=datetime(2026, 11, 24, 20, 0, tzinfo=HERE), preferred=wish), MX)
    assert isinstance(verdict, Allowed)
    assert verdict.until == datetime(2026, 11, 24, 22, 0, tzinfo=HERE)
