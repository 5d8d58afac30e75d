"""Chat Spanish, made plain."""

import pytest

from bot.understanding.normalize import MOST_CHARACTERS, plain, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Q onda, xq me cobran + ???", "que onda porque me cobran ? ? ?"),
        ("nomas dígame", "nada mas digame"),
        ("ya nome marquen xfa", "ya no me marquen por favor"),
        ("nose, ntp", "no se no te preocupes"),
        ("graciassss 🙏🏽", "gracias ruego"),
        ("bajaa, sii", "baja si"),
        ("NO 😡😡", "no enojo enojo"),
        ("año", "año"),
        ("bro", ""),
    ],
)
def test_what_is_written_in_ten_ways_is_read_in_one(written: str, read: str) -> None:
    assert words(plain(written)).split() == read.split()


def test_signs_that_become_words_read_no_longer_than_what_may_be_read() -> None:
    assert len(plain("😭" * 5_000)) <= MOST_CHARACTERS
