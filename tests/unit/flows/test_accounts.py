"""The bank that a borrower names for an account that no table knows."""

import pytest

from flows.debit.accounts import bank_named
from flows.types.event import Message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hey Banco", "Hey Banco"),
        ("es de Hey Banco", "Hey Banco"),
        ("sí, es del Banco Ejemplo.", "Banco Ejemplo"),
        ("creo que es mi cuenta de Nu", "Nu"),
        ("it's from Klar", "Klar"),
        ("Elektra", "Elektra"),
        ("Sí", None),
        ("si gracias", None),
        ("ok", None),
        ("no", None),
        ("no sé", None),
        ("nose", None),
        ("es la", None),
    ],
)
def test_the_bank_in_its_words(text: str, name: str | None) -> None:
    assert bank_named(Message(text, "other")) == name
