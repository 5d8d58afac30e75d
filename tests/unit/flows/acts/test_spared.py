"""What is to stay, next to what is to end."""

import pytest

from flows.acts.words.spared import wished
from flows.answers import plain


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("quiero quitar la domiciliación pero no me cancelen el crédito", "quiero quitar la domiciliacion"),
        ("cancelen la domiciliación, no cancelen mi promesa", "cancelen la domiciliacion"),
        ("cancelen la domiciliación pero sigo con mi promesa del viernes", "cancelen la domiciliacion"),
        ("no cancelen mi promesa, solo la domiciliación", "cancelen la domiciliacion"),
        ("cancela mi promesa pero no la domiciliación", "cancela mi promesa"),
        ("quita el cargo automático sin cancelar mi crédito", "quita el cargo automatico"),
        (
            "nada más el cargo de mañana cancelen, la domiciliación déjenla",
            "nada mas el cargo de manana cancelen",
        ),
        ("ya no quiero la domiciliación pero sí el plan", "ya no quiero la domiciliacion"),
        ("no me cobren mañana, lo demás sigue igual", "no me cobren manana"),
        ("cancel my promise, keep the auto debit", "cancel my promise"),
        ("don't cancel my loan, just the direct debit", "cancelen the direct debit"),
        ("no cancelen la domiciliación", None),
        ("no quiero el plan, quiero la domiciliación", None),
        ("ya no quiero el plan ni la domiciliación", None),
        ("no es mi cuenta, quiten la domiciliación de ahí", None),
        ("no cancelen mi cuenta, ya pagué", None),
    ],
)
def test_what_is_left_of_a_wish_without_what_it_spares(text: str, left: str | None) -> None:
    assert wished(plain(text)) == left
