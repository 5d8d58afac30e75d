"""A birthday, and the codes that hold one, in the ways that people write them."""

import pytest

from flows.debit.identity_code import written_code
from flows.identity.birthday import birthday_apart, day_and_month


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("15 de marzo", 15, 3),
        ("15/mzo/90", 15, 3),
        ("15.03", 15, 3),
        ("el dieciséis de septiembre", 16, 9),
        ("diez y seis de setiembre", 16, 9),
        ("veinti dos de junio", 22, 6),
        ("treintaiuno de enero", 31, 1),
        ("1° de mayo", 1, 5),
        ("1ro mayo", 1, 5),
        ("primero de mayo", 1, 5),
        ("5 del 4", 5, 4),
        ("día 5 mes 4", 5, 4),
        ("nací en abril el 5", 5, 4),
        ("cinco-abril-1980", 5, 4),
        ("5 de habril del 80", 5, 4),
        ("3 de nobiembre", 3, 11),
        ("LORA900315ABC", 15, 3),
        ("mi curp es LORA900315MDFPZN09", 15, 3),
        ("1980-04-05", 5, 4),
        ("05041980", 5, 4),
        ("12-25-80", 25, 12),
        ("December 3rd", 3, 12),
        ("the 3rd of december", 3, 12),
    ],
)
def test_a_birthday(text: str, day: int, month: int) -> None:
    assert day_and_month(text) == (day, month)


@pytest.mark.parametrize(
    "text", ["tengo 45 años", "el 8", "31 de febrero", "2 disculpas", "el martes 15", "le hago 3 pagos"]
)
def test_no_birthday(text: str) -> None:
    assert day_and_month(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "LORA800101AB1",
        "lora-800101-ab1",
        "mi rfc: LORA 80 01 01 AB1",
        "LORA.800101.AB1",
        "LORA–800101–AB1",
        "LORA8O0101AB1",
    ],
)
def test_a_code_as_it_is_typed_or_copied_off_a_photo(text: str) -> None:
    assert written_code(text) == ("rfc", "LORA800101AB1")


@pytest.mark.parametrize(
    ("text", "asked", "apart"),
    [
        ("15/3/1990 cuánto debo", True, ("15/3/1990", "cuánto debo")),
        ("sí, 15 de marzo. quiero un plan", True, ("15 de marzo", "sí quiero un plan")),
        ("march 15, how much do i owe", True, ("march 15", "how much do i owe")),
        ("¿cuánto debo? nací el 15 de marzo", False, ("nací el 15 de marzo", "¿cuánto debo?")),
        ("nací el quince de marzo y ya pagué", True, ("nací el quince de marzo", "ya pagué")),
        ("1990-03-15 cuánto debo", True, ("1990-03-15", "cuánto debo")),
        ("march fifteenth, how much is it", True, ("march fifteenth", "how much is it")),
        ("15 de marzo, ¿cuánto debo?", False, None),
        ("pago el 15 de marzo sin falta", True, None),
        ("16 de marzo, ¿cuánto debo?", True, None),
        ("el 15 de marzo", True, None),
    ],
)
def test_a_birthday_next_to_something_else(text: str, asked: bool, apart: tuple[str, str] | None) -> None:
    assert birthday_apart(text, {(15, 3)}, asked=asked) == apart
