"""Questions about something, distinguished from talk about the talk."""

import pytest

from flows.acts.words.questions import is_open_question


@pytest.mark.parametrize(
    "text",
    [
        "¿Venden motos?",
        "como le hago para cambiar mi correo",
        "oye, tienen app para el cel",
        "¿motos?",
        "venden motos?",
    ],
)
def test_a_question(text: str) -> None:
    assert is_open_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿qué?",
        "no entiendo, ¿qué quieren?",
        "¿me puedes ayudar?",
        "una pregunta?",
        "¿a qué te refieres?",
        "¿sigues ahí?",
        "vivo en Baja California",
        "what do you mean?",
        "what can i do?",
        "¿y qué puedo hacer?",
        "?",
        "",
    ],
)
def test_no_question(text: str) -> None:
    assert not is_open_question(text)
