"""Segments of an SMS, and words without the accents that cost more of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values import sms_segments, without_accents


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("¿Año Ñandú?"[:7] + "ñéüà" * 38, 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("a" * 160 + "€", 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # neither half of «€» stands alone
        ("á" + "a" * 69, 1),
        ("á" + "a" * 70, 2),
        ("á" + "a" * 133, 2),
        ("á" + "a" * 134, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 66 + "😀" + "a" * 66, 3),
    ],
)
def test_segments(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


def test_what_gsm_7_has_stays_and_what_it_lacks_loses_its_accent() -> None:
    text = "¿Señor Ávila, pagará «mañana»…? Güera José — sí, 20 €"
    assert without_accents(text) == '¿Señor Avila, pagara "mañana"...? Güera José - si, 20 €'
    assert without_accents("¡Listo! 😀") == "¡Listo! 😀"


@given(st.text(st.sampled_from("aeiouáéíóúüñÁÉÍÓÚÜÑ¿?¡! .,$0123456789«»…\n"), max_size=400))
def test_words_without_accents_never_cost_more(text: str) -> None:
    plain = without_accents(text)
    assert sms_segments(plain) <= max(1, -(-len(plain) // 153)) <= max(1, sms_segments(text) * 3)
    assert without_accents(plain) == plain
