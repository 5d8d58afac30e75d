"""CURP and RFC: what cannot exist is refused, what stands for nobody is nothing."""

from datetime import date

import pytest

from values import InvalidIdentityCode, likely_rfc, parse_curp, parse_rfc


def test_a_curp_with_its_check_digit_is_taken_as_people_write_it() -> None:
    assert parse_curp(" lora 900315-mdfpzn05 ") == "LORA900315MDFPZN05"


@pytest.mark.parametrize(
    "text",
    [
        "LORA900315MDFPZN01",  # check digit
        "LORA901315MDFPZN05",  # thirteenth month
        "LORA900230MDFPZN05",  # 30 February
        "LORA900315MXXPZN05",  # no such state
        "LORA900315QDFPZN05",  # neither man nor woman
        "LORA900315MDFPZN0",
        "LÓRA900315MDFPZN05",
        "",
    ],
)
def test_what_is_no_curp_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentityCode):
        parse_curp(text)


@pytest.mark.parametrize("text", ["LORA900315AB1", "lora-900315-ab1", "ÑAB9307148T4", "MAB9307148T4"])
def test_an_rfc_is_taken_whatever_its_check_digit(text: str) -> None:
    assert parse_rfc(text) == text.upper().replace("-", "")


@pytest.mark.parametrize("text", ["LORA901315AB1", "LORA900230AB1", "LORA900315", "LO900315AB1", "X", ""])
def test_what_is_no_rfc_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentityCode):
        parse_rfc(text)


@pytest.mark.parametrize("text", ["XAXX010101000", "xexx-010101-000"])
def test_a_generic_rfc_stands_for_nobody(text: str) -> None:
    assert parse_rfc(text) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Óscar Ñáñez de la Cruz", "LACO900101AB1"),
        ("Ana", "AAAA900101AB1"),
        ("Olga Cano Campos", "CACX900101AB1"),
    ],
)
def test_a_likely_rfc_is_one_that_is_taken(name: str, code: str) -> None:
    assert likely_rfc(name, date(1990, 1, 1)) == code
    assert parse_rfc(code) == code
