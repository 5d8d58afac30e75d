"""The words of the trade."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values import (
    Clabe,
    CurrencyMismatch,
    InvalidAmount,
    InvalidClabe,
    InvalidPhone,
    Money,
    Phone,
    account_kind,
    add_banking_days,
    address_key,
    bank_of,
    control_digit,
    holidays,
    is_banking_day,
    name_words,
    next_banking_day,
    nominal_quincena,
    paydays,
    roll_back,
    roll_forward,
    state_code,
    zone_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))


@given(st.integers(-(10**9), 10**9), st.integers(1, 60))
def test_a_split_sums_to_what_was_split(centavos: int, parts: int) -> None:
    found = Money(centavos).split(parts)
    assert sum(part.centavos for part in found) == centavos
    assert len(found) == parts
    assert max(found) - min(found) <= Money(1)


@pytest.mark.parametrize("text", ["-5", "1e9", "1,500.00", "12.3", "", "nan", "٣", "1.234", "99999999999999"])
def test_what_is_no_amount_of_a_tape(text: str) -> None:
    with pytest.raises(InvalidAmount, match="is not an amount"):
        Money.parse_pesos(text)


def test_amounts_as_people_type_them() -> None:
    typed = {
        "$1,200.00": 120_000,
        " 850.5 ": 85_050,
        "500": 50_000,
        "500 pesos": 50_000,
        "1,234,567": 123_456_700,
    }
    assert {text: Money.parse_typed(text).centavos for text in typed} == typed
    for text in ("1,5", "500,50", "1.234", "12,34.50", "-5", "1e9", "", "٣", "$", "1 000"):
        with pytest.raises(InvalidAmount):
            Money.parse_typed(text)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        _ = Money(1) + Money(1, "USD")


@pytest.mark.parametrize(
    "text",
    [
        "723010123456789019",
        "002000000000000008",
        "CLABE: 0121 8000-1234 5678 99",
        "012180001234567899",
        "999180000000000015",
    ],
)
def test_clabes(text: str) -> None:
    assert Clabe.parse(text).digits[-1] == str(control_digit(Clabe.parse(text).digits[:17]))


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 17), st.integers(1, 9))
def test_the_control_digit_catches_any_single_wrong_digit(first: str, place: int, shift: int) -> None:
    digits = first + str(control_digit(first))
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(InvalidClabe):
        Clabe.parse(wrong)


def test_a_clabe_shows_no_more_than_its_last_four() -> None:
    clabe = Clabe.parse("012180001234567899")
    assert "01218" not in f"{clabe!r} {clabe.masked}"
    assert bank_of(clabe).name == "BBVA"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("digits", "kind"),
    [("4111111111111111", "card"), ("5512345678", "phone"), ("01234567890", "account"), ("123", "unknown")],
)
def test_other_numbers_are_recognised(digits: str, kind: str) -> None:
    assert account_kind(digits) == kind


@pytest.mark.parametrize(
    "text",
    [
        "5512345678",
        "+52 55 1234 5678",
        "whatsapp:+5215512345678",
        "044 55 1234 5678",
        "(55) 1234-5678",
        "525512345678",
    ],
)
def test_every_form_of_a_mexican_phone_is_one(text: str) -> None:
    assert Phone.parse(text).e164 == "+525512345678"


@pytest.mark.parametrize("text", ["", "123", "abc", "+521", "0012345678", "٥٥١٢٣٤٥٦٧٨", "+١2025550100"])
def test_what_is_no_phone_is_not_repeated(text: str) -> None:
    with pytest.raises(InvalidPhone) as error:
        Phone.parse(text)
    assert not text or text not in str(error.value)


def test_one_person_behind_both_forms() -> None:
    assert address_key("whatsapp:+5215512345678") == address_key("whatsapp:+525512345678") == "+525512345678"
    assert address_key("whatsapp:MX.a1B2") == "MX.a1B2"
    assert address_key("Ana@Correo.MX") == "ana@correo.mx"


def test_the_banks_close_as_the_authority_said() -> None:
    published = "01-01 02-02 03-16 04-02 04-03 05-01 09-16 11-02 11-16 12-12 12-25".split()
    assert sorted(day.strftime("%m-%d") for day in holidays(2026)) == published


def test_the_banks_are_closed_when_the_presidency_changes() -> None:
    closed = [year for year in range(2018, 2042) if not is_banking_day(date(year, 10, 1))]
    weekends = {year for year in range(2018, 2042) if date(year, 10, 1).weekday() > 4}
    assert set(closed) - weekends == {2024, 2030, 2036} - weekends
    assert date(2030, 10, 1) in holidays(2030)


@given(DAYS)
def test_banking_days_are_what_they_say(day: date) -> None:
    assert is_banking_day(roll_forward(day)) and roll_forward(day) >= day
    assert is_banking_day(roll_back(day)) and roll_back(day) <= day
    assert next_banking_day(day) > day
    assert add_banking_days(day, 0) == day


@given(DAYS)
def test_paydays_are_banking_days_and_go_on(day: date) -> None:
    found = list(islice(paydays(day), 6))
    assert found == sorted(set(found)) and found[0] > day
    assert all(is_banking_day(payday) for payday in found)


def test_a_quincena() -> None:
    assert [nominal_quincena(date(2026, 2, d)).isoformat() for d in (1, 14, 15, 27, 28)] == [
        "2026-02-15",
        "2026-02-15",
        "2026-02-28",
        "2026-02-28",
        "2026-03-15",
    ]


@pytest.mark.parametrize(
    ("state", "municipality", "zone"),
    [
        ("CDMX", None, "America/Mexico_City"),
        ("Baja California", None, "America/Tijuana"),
        ("26", None, "America/Hermosillo"),
        ("MX-ROO", None, "America/Cancun"),
        ("28", "032", "America/Matamoros"),
        ("Chihuahua", "08037", "America/Ciudad_Juarez"),
        ("nuevo leon", "001", "America/Monterrey"),
        ("05", "012", "America/Matamoros"),
        ("Guerrero", None, "America/Mexico_City"),
        ("18", "020", "America/Bahia_Banderas"),
        (None, "02004", "America/Tijuana"),
    ],
)
def test_zones(state: str | None, municipality: str | None, zone: str) -> None:
    assert str(zone_of(state, municipality)) == zone


def test_an_unknown_place_has_no_zone() -> None:
    assert zone_of("Atlántida") is None
    assert state_code("99") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José de la Peña", ("jose", "de", "la", "pena")),
        ("ANA  LÓPEZ-RUIZ", ("ana", "lopez", "ruiz")),
        ("Ma. del Carmen Núñez Núñez", ("ma", "del", "carmen", "nunez")),
        ("…", ()),
        ("x" * 300, ("x" * 40,)),
    ],
)
def test_a_name_is_looked_for_word_by_word(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words
