"""Lists show nothing that proves an identity."""

import pytest

from bot.console.access.masking import without_identity


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mi rfc es GOMA850101AB1", "mi rfc es ••••"),
        ("goma-850101-ab1 gracias", "•••• gracias"),
        ("Curp GOMA850101HDFRRN09.", "Curp ••••."),
        ("la empresa es ABC950505XY3", "la empresa es ••••"),
        ("pago 850 el 15 de enero, folio JAC-1018", "pago 850 el 15 de enero, folio JAC-1018"),
        ("mi clabe 0141 8000 1234 5678 00", "mi clabe ••••"),
        (None, ""),
    ],
)
def test_an_identity_is_masked(text: str | None, shown: str) -> None:
    assert without_identity(text) == shown
