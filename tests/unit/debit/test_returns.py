"""What each return of the table calls for."""

import tomllib

import pytest

from bot.debit import returns
from bot.debit.returns import UNKNOWN, Return, meaning_of

CODES = {
    "01": "new_account",
    "02": "human",
    "03": "new_account",
    "04": "retry_payday",
    "05": "new_account",
    "06": "new_account",
    "07": "reconcile",
    "08": "stop_contact",
    "09": "human",
    "10": "stop_contact",
    "11": "human",
    "12": "human",
    "13": "dispute",
}


def test_the_whole_table() -> None:
    table = tomllib.loads(returns._TABLE.read_text(encoding="utf-8"))
    assert set(table["belvo"]["codes"]) == set(CODES)
    assert {code: meaning_of("belvo", code).action for code in CODES} == CODES
    assert {code: meaning_of("simulator", code).action for code in CODES} == CODES


def test_only_lack_of_funds_is_tried_again_on_payday_and_only_ten_ends_the_mandate() -> None:
    assert [code for code in CODES if meaning_of("belvo", code).action == "retry_payday"] == ["04"]
    assert [code for code in CODES if meaning_of("belvo", code).ends_mandate] == ["10"]


@pytest.mark.parametrize("code", ["4", "04", " 4 ", "004"])
def test_a_code_however_it_is_written(code: str) -> None:
    assert meaning_of("belvo", code) == Return("nsf", "retry_payday")


@pytest.mark.parametrize("code", ["", "00", "14", "99", "D090", "nsf", "٤", "-4", "4.0"])
def test_what_nobody_listed_goes_to_a_person(code: str) -> None:
    assert meaning_of("belvo", code) == UNKNOWN
    assert meaning_of("nobody", "04") == UNKNOWN


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        ("15", "Operación FUERA DE  HORARIO", Return("out_of_hours", "resend_next_day")),
        ("", "Error técnico del banco", Return("technical", "resend_next_day")),
        ("18", "error de proceso", Return("technical", "resend_next_day")),
        ("04", "error de proceso", Return("nsf", "retry_payday")),
        ("12", "El cliente desconoce el cargo", Return("disputed", "dispute")),
        ("11", "Domiciliación dada de baja", Return("not_authorised", "human")),
        ("08", "Baja por oficina", Return("stop_payment", "stop_contact")),
    ],
)
def test_words_decide_where_the_code_does_not(code: str, text: str, meaning: Return) -> None:
    assert meaning_of("belvo", code, text) == meaning
