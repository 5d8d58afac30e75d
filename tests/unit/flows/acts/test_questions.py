"""Questions about something, distinguished from talk about the talk."""

import pytest

from flows.acts.words.questions import asks_lenders_clabe, is_open_question


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


@pytest.mark.parametrize(
    "text", ["¿cuál es la clabe?", "su clabe cual es", "what clabe do i use", "pásame la clabe"]
)
def test_the_clabe_to_pay_into(text: str) -> None:
    assert asks_lenders_clabe(text)


@pytest.mark.parametrize(
    "text", ["¿qué es la clabe?", "no encuentro mi clabe", "cuál es mi clabe", "where is the clabe"]
)
def test_the_borrowers_own_clabe(text: str) -> None:
    assert not asks_lenders_clabe(text)
