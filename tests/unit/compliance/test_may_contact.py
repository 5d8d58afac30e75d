"""Nobody is contacted outside the law: the function, and an auditor that re-derives the law from what it
allowed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compliance import (
    Allowed,
    ContactRequest,
    Hours,
    Never,
    NotBefore,
    PastContact,
    countries,
    load_rules,
    may_contact,
)
from bot.compliance.rules import UnknownCountry
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


def _contacts(*days: date, channel: str = "whatsapp") -> tuple[PastContact, ...]:
    return tuple(PastContact(day, channel) for day in days)


requests = st.builds(
    ContactRequest,
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    channel=st.sampled_from(["whatsapp", "sms", "email"]),
    purpose=st.sampled_from(["contact", "confirmation", "notice"]),
    contacts=st.lists(
        st.builds(
            PastContact,
            st.dates(date(2025, 12, 25), date(2028, 1, 1)),
            st.sampled_from(["whatsapp", "sms", "email"]),
        ),
        max_size=5,
    ).map(tuple),
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


@pytest.mark.parametrize(
    ("change", "rule", "because"),
    [
        ({"opted_out": True}, "OPT-OUT", "the borrower asked for no more messages"),
        ({"contact_point": "closed"}, "MX-CHANNEL", "this contact point is closed or does not exist"),
        ({"contact_point": "invalid"}, "MX-CHANNEL", "this contact point is closed or does not exist"),
        ({"holds": frozenset({"dispute"})}, "HOLD", "the loan is on hold: dispute"),
        ({"holds": frozenset({"legal", "dispute"})}, "HOLD", "the loan is on hold: dispute, legal"),
        ({"holds": frozenset({"payment_reported"})}, "PAUSED", "reminders are paused: payment_reported"),
        (
            {"holds": frozenset({"payment_reported", "missing"})},
            "PAUSED",
            "reminders are paused: missing, payment_reported",
        ),
        ({"loan_status": "settled"}, "NOT-CLAIMABLE", "the loan is settled"),
        ({"loan_status": "disputed"}, "NOT-CLAIMABLE", "the loan is disputed"),
        (
            {"sender_role": "third_party"},
            "THIRD-PARTY",
            "this channel does not carry collection for others",
        ),
    ],
)
def test_what_forbids_a_contact(change: dict[str, object], rule: str, because: str) -> None:
    assert may_contact(replace(ASKED, **change), MX) == Never(rule, because, MX.version)


def test_an_answer_is_never_held_back() -> None:
    midnight = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
    contacts = _contacts(*[date(2026, 11, 28)] * 9)
    asked = replace(ASKED, now=midnight, purpose="reply", opted_out=True, contacts=contacts)
    assert may_contact(asked, MX) == Allowed(midnight + timedelta(hours=4), "reply")


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
    day = may_contact(replace(ASKED, contacts=_contacts(date(2026, 11, 24))), MX)
    assert day == NotBefore(datetime(2026, 11, 25, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)
    days = (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23))
    week = may_contact(replace(ASKED, contacts=_contacts(*days)), MX)
    assert week == NotBefore(datetime(2026, 11, 26, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)


def test_a_wish_narrows_and_never_widens() -> None:
    wish = Hours(start=time(18), end=time(23, 30))
    assert may_contact(replace(ASKED, preferred=wish), MX) == NotBefore(
        datetime(2026, 11, 24, 18, 0, tzinfo=HERE), "MX-HOURS", MX.version
    )
    verdict = may_contact(replace(ASKED, now=datetime(2026, 11, 24, 20, 0, tzinfo=HERE), preferred=wish), MX)
    assert isinstance(verdict, Allowed)
    assert verdict.until == datetime(2026, 11, 24, 22, 0, tzinfo=HERE)


CO = load_rules("CO")
BOGOTA = ZoneInfo("America/Bogota")
ASKED_IN_CO = ContactRequest(datetime(2026, 11, 24, 12, 0, tzinfo=BOGOTA), BOGOTA, "whatsapp", "contact")


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (datetime(2026, 11, 24, 6, 59), datetime(2026, 11, 24, 7, 0)),
        (datetime(2026, 11, 24, 19, 0), datetime(2026, 11, 25, 7, 0)),
        (datetime(2026, 11, 27, 19, 0), datetime(2026, 11, 28, 8, 0)),  # Saturday begins at eight
        (datetime(2026, 11, 28, 15, 0), datetime(2026, 11, 30, 7, 0)),  # and ends at three; no Sunday
        (datetime(2026, 12, 8, 12, 0), datetime(2026, 12, 9, 7, 0)),  # the Immaculate Conception
        (datetime(2026, 1, 10, 16, 0), datetime(2026, 1, 13, 7, 0)),  # Epiphany is moved to Monday
    ],
)
def test_colombia_has_its_own_hours_on_each_day(at: datetime, opens: datetime) -> None:
    verdict = may_contact(replace(ASKED_IN_CO, now=at.replace(tzinfo=BOGOTA)), CO)
    assert verdict == NotBefore(opens.replace(tzinfo=BOGOTA), "CO-HOURS", CO.version)


def test_colombia_allows_one_channel_a_week() -> None:
    monday = _contacts(date(2026, 11, 23), channel="sms")
    verdict = may_contact(replace(ASKED_IN_CO, contacts=monday), CO)
    assert verdict == NotBefore(datetime(2026, 11, 30, 7, 0, tzinfo=BOGOTA), "CO-CAP", CO.version)
    assert isinstance(may_contact(replace(ASKED_IN_CO, contacts=monday, channel="sms"), CO), Allowed)
    sunday = _contacts(date(2026, 11, 22), channel="sms")
    assert isinstance(may_contact(replace(ASKED_IN_CO, contacts=sunday), CO), Allowed)


def test_a_channel_may_have_a_cap_of_its_own() -> None:
    caps = MX.caps.model_copy(update={"channel_per_7_days": {"sms": 1}})
    rules = MX.model_copy(update={"caps": caps})
    sms = replace(ASKED, channel="sms", contacts=_contacts(date(2026, 11, 20), channel="sms"))
    assert may_contact(sms, rules) == NotBefore(
        datetime(2026, 11, 27, 9, 0, tzinfo=HERE), "MX-CAP", MX.version
    )
    assert isinstance(may_contact(replace(sms, channel="whatsapp"), rules), Allowed)


def test_a_country_without_rules_is_refused_by_name() -> None:
    assert countries() == ("CO", "MX")
    with pytest.raises(UnknownCountry, match="CO or MX"):
        load_rules("AR")


@pytest.mark.parametrize(
    ("purpose", "change"),
    [
        ("confirmation", {"opted_out": True, "holds": frozenset({"dispute"}), "loan_status": "settled"}),
        ("confirmation", {"sender_role": "third_party"}),
        ("notice", {"opted_out": True, "holds": frozenset({"vulnerable"}), "loan_status": "disputed"}),
    ],
)
def test_what_a_borrower_or_the_law_asked_for_is_sent_whatever_holds_contacts_back(
    purpose: str, change: dict[str, object]
) -> None:
    assert isinstance(may_contact(replace(ASKED, purpose=purpose, **change), MX), Allowed)  # type: ignore[arg-type]


def test_notices_have_a_cap_of_their_own() -> None:
    notice = replace(ASKED, purpose="notice", contacts=_contacts(*[date(2026, 11, 24)] * 3))
    assert isinstance(may_contact(replace(notice, notices_today=3), MX), Allowed)
    verdict = may_contact(replace(notice, notices_today=4), MX)
    assert verdict == NotBefore(datetime(2026, 11, 25, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)


def test_the_week_opens_when_the_contact_that_fills_it_is_seven_days_old() -> None:
    days = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23))
    verdict = may_contact(replace(ASKED, contacts=_contacts(*days)), MX)
    assert verdict == NotBefore(datetime(2026, 11, 26, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)


def test_a_wish_binds_contacts_alone_and_only_inside_the_lawful_hours() -> None:
    wish = Hours(start=time(18), end=time(19))
    notice = may_contact(replace(ASKED, purpose="notice", preferred=wish), MX)
    assert notice == Allowed(datetime(2026, 11, 24, 22, 0, tzinfo=HERE))
    night = Hours(start=time(23), end=time(23, 30))
    assert isinstance(may_contact(replace(ASKED, preferred=night), MX), Allowed)


def test_a_confirmation_counts_with_the_notices_and_not_with_the_contacts() -> None:
    asked = replace(ASKED, purpose="confirmation", contacts=_contacts(*[date(2026, 11, 24)] * 3))
    assert isinstance(may_contact(replace(asked, notices_today=3), MX), Allowed)
    verdict = may_contact(replace(asked, notices_today=4), MX)
    assert verdict == NotBefore(datetime(2026, 11, 25, 7, 0, tzinfo=HERE), "MX-CAP", MX.version)


def test_a_day_is_the_borrowers_own() -> None:
    """At eleven at night in Tijuana it is another day in Mexico City and in UTC."""
    there = ZoneInfo("America/Tijuana")
    late = datetime(2026, 11, 24, 21, 0, tzinfo=there)
    asked = replace(ASKED, now=late, zone=there, contacts=_contacts(date(2026, 11, 24)))
    assert may_contact(asked, MX) == NotBefore(
        datetime(2026, 11, 25, 7, 0, tzinfo=there), "MX-CAP", MX.version
    )


def test_a_day_whose_hours_are_empty_has_none() -> None:
    empty = Hours(start=time(9), end=time(9))
    rules = MX.model_copy(update={"hours": {**MX.hours, 2: empty}})
    night = datetime(2026, 11, 24, 22, 0, tzinfo=HERE)
    verdict = may_contact(replace(ASKED, now=night), rules)
    assert verdict == NotBefore(datetime(2026, 11, 26, 7, 0, tzinfo=HERE), "MX-HOURS", MX.version)


def test_a_wish_of_no_length_is_none() -> None:
    wish = Hours(start=time(18), end=time(18))
    assert isinstance(may_contact(replace(ASKED, preferred=wish), MX), Allowed)


def test_rules_without_an_hour_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"^no lawful day in forty: the rules file leaves none$"):
        may_contact(ASKED, MX.model_copy(update={"hours": {}}))


def test_a_lawful_day_is_one_with_hours() -> None:
    assert MX.lawful_day(date(2026, 11, 24))
    assert not MX.lawful_day(date(2026, 11, 22)), "a Sunday"
    assert not MX.lawful_day(date(2026, 11, 16)), "a bank holiday"


def test_hours_are_read_from_their_text() -> None:
    assert Hours.of("07:00", "22:30") == Hours(start=time(7), end=time(22, 30))
