"""Whatever the sum, the day, the account, the phone or the folio: it is read exactly, and as nothing else."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.entities import find
from bot.understanding.normalize import plain
from values import control_digit

TODAY = date(2026, 11, 19)
PESOS = st.integers(50, 99_999)
WRITTEN = st.sampled_from(
    ("${:,}", "$ {:,}.00", "{} pesos", "{:,} varos", "{} mxn", "${}", "{:,}.00 pesos", "{}pesos")
)
PAYING = st.sampled_from(("pago", "le deposito", "abono", "puedo dar", "les mando", "traigo"))
PAPER = st.sampled_from(
    ("folio", "mi contrato es el", "referencia", "autorización:", "crédito número", "mi número de cliente es")
)
GAP = st.sampled_from(("", " ", "-", "."))
LETTERS = {"0": "0oO", "1": "1lI"}


def named(text: str) -> dict[str, Any]:
    return find(plain(text), TODAY, None).entities


@given(PESOS, WRITTEN, PAYING, st.integers(1, 300))
def test_a_sum_and_a_day(pesos: int, form: str, verb: str, days: int) -> None:
    day = TODAY + timedelta(days=days)
    for text in (
        f"{verb} {form.format(pesos)} el {day:%d/%m/%Y}",
        f"el {day:%d/%m/%Y} {verb} {form.format(pesos)}",
    ):
        assert named(text) == {"amount": pesos * 100, "date": day.isoformat()}, text


@given(PAPER, st.integers(1_000, 9_999_999), PESOS)
def test_a_folio_is_no_sum(paper: str, folio: int, pesos: int) -> None:
    assert "amount" not in named(f"ya pagué, {paper} {folio}")
    assert named(f"ya pagué ${pesos}, {paper} {folio}")["amount"] == pesos * 100


@given(st.integers(0, 10**17 - 1), st.lists(GAP, min_size=17, max_size=17), st.randoms(use_true_random=False))
def test_an_account_however_it_is_copied(number: int, gaps: list[str], dice: Any) -> None:
    first = f"{number:017}"
    digits = first + str(control_digit(first))
    copied = [dice.choice(LETTERS.get(digit, digit)) for digit in digits]
    text = copied[0] + "".join(gap + sign for gap, sign in zip(gaps, copied[1:], strict=True))
    assert named(f"mi clabe es {text} gracias") == {"clabe": digits}, text


@given(st.integers(2_200_000_000, 9_999_999_999), st.sampled_from(("{}", "+52{}", "+52 {}", "521{}")))
def test_a_phone_is_no_sum(number: int, form: str) -> None:
    text = f"márquenme al {form.format(number)}, pago mañana"
    assert {name: value for name, value in named(text).items() if name != "phone"} == {
        "channel": "call",
        "date": "2026-11-20",
    }, text
