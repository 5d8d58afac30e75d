"""Buttons, lists and numbered text."""

from bot.channels import Choice
from bot.channels.twilio.contents import as_numbered, content_of, shortened


def choices(*titles: str) -> list[Choice]:
    return [Choice(payload=f"p{number}", title=title) for number, title in enumerate(titles)]


def test_up_to_three_are_buttons() -> None:
    assert content_of("¿Pagas hoy?", choices("Sí", "No, otro día mejor, por favor"), "Ver") == {
        "twilio/quick-reply": {
            "body": "¿Pagas hoy?",
            "actions": [
                {"type": "QUICK_REPLY", "title": "Sí", "id": "p0"},
                {"type": "QUICK_REPLY", "title": "No, otro día mejor,…", "id": "p1"},
            ],
        }
    }


def test_up_to_ten_are_a_list() -> None:
    content = content_of("¿Cuándo?", choices(*(f"Día {i}" for i in range(10))), "Ver opciones")
    assert content is not None
    assert content["twilio/list-picker"]["button"] == "Ver opciones"
    assert content["twilio/list-picker"]["items"][9] == {"item": "Día 9", "id": "p9"}


def test_what_fits_neither_is_text() -> None:
    assert content_of("¿Cuándo?", choices(*(f"Día {i}" for i in range(11))), "Ver") is None
    assert content_of("¿Cuál?", [Choice(payload="x" * 201, title="Sí")], "Ver") is None
    assert (
        content_of("¿Cuál?", choices("Pagar la primera parte hoy", "Pagar la primera parte mañana"), "Ver")
        is None
    )


def test_numbered() -> None:
    assert as_numbered("¿Cuál?", choices("Sí", "No")) == "¿Cuál?\n\n1. Sí\n2. No"
    assert as_numbered("Hola", []) == "Hola"


def test_shortened_titles_keep_their_length() -> None:
    assert shortened("x" * 20, 20) == "x" * 20
    assert len(shortened("x" * 21, 20)) == 20
