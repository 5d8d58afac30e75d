"""A button is answered by its title, a shortened title, its number, or its words."""

import pytest

from bot.conversation.choices import picked

MENU = [
    {"payload": "pay_now", "title": "Pagar ahora"},
    {"payload": "later", "title": "Pagar otro día"},
    {"payload": "agent", "title": "Hablar con alguien"},
]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("Pagar ahora", "pay_now"),
        ("pagar AHORA!", "pay_now"),
        ("pagar otro dia", "later"),
        ("1", "pay_now"),
        ("opción 2", "later"),
        ("la 3", "agent"),
        ("hablar", "agent"),
        ("Hablar con…", "agent"),
        ("pagar", None),
        ("4", None),
        ("0", None),
        ("no", None),
        ("quiero otra cosa", None),
        ("", None),
    ],
)
def test_what_a_typed_answer_means(text: str, payload: str | None) -> None:
    assert picked(text, MENU) == payload
