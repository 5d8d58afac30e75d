"""What a return calls for, with values."""

from datetime import date

import pytest

from bot.debit.charging.returned import Next, after
from bot.debit.returns import meaning_of

CHARGED, KNOWN = date(2026, 11, 25), date(2026, 11, 26)


def _after(
    code: str,
    attempt: int = 1,
    retry: str | None = None,
    text: str = "",
    charged: date = CHARGED,
    known: date = KNOWN,
) -> Next:
    return after(
        meaning_of("belvo", code, text), attempt=attempt, retry=retry, charge_on=charged, today=known
    )


def test_lack_of_funds_is_tried_again_on_the_next_payday() -> None:
    assert _after("04") == Next("retry", "payday", date(2026, 11, 30))
    assert _after("4", attempt=2) == Next("retry", "payday", date(2026, 11, 30))


def test_three_days_later_at_least() -> None:
    assert _after("04", charged=date(2026, 11, 27), known=date(2026, 11, 30)).retry_on == date(2026, 12, 15)
    assert _after("04", charged=date(2026, 11, 11), known=date(2026, 11, 12)).retry_on == date(
        2026, 11, 30
    ), "payday is Friday 13th: too soon"


def test_three_attempts_in_all() -> None:
    assert _after("04", attempt=3) == Next("person")


def test_a_technical_return_is_tried_again_once_on_the_next_banking_day() -> None:
    assert _after("99", text="Fuera de horario") == Next("retry", "technical", date(2026, 11, 27))
    assert _after("99", text="Fuera de horario", retry="technical", attempt=2) == Next("person")


@pytest.mark.parametrize(
    ("code", "then"),
    [
        ("01", Next("new_account", mandate="cancelled")),
        ("02", Next("person")),
        ("03", Next("new_account", mandate="cancelled")),
        ("05", Next("new_account", mandate="cancelled")),
        ("06", Next("new_account", mandate="cancelled")),
        ("07", Next("person")),
        ("08", Next("stopped", mandate="suspended")),
        ("09", Next("person")),
        ("10", Next("stopped", mandate="cancelled")),
        ("11", Next("person")),
        ("12", Next("person")),
        ("13", Next("stopped", mandate="disputed")),
        ("77", Next("person")),
        ("", Next("person")),
    ],
)
def test_everything_else_stops_or_goes_to_a_person(code: str, then: Next) -> None:
    assert _after(code) == then
    assert _after(code, attempt=3) == then
