"""Sums and days in pairs."""

from datetime import date, timedelta

import pytest

from bot.understanding.entities import Part, find
from bot.understanding.normalize import plain

TUESDAY = date(2026, 1, 27)
TODAY, FRIDAY, TENTH = date(2026, 1, 27), date(2026, 1, 30), date(2026, 2, 10)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("te doy 300 hoy y lo demás el 10", [Part(30_000, TODAY), Part(None, TENTH, "rest")]),
        ("300 el 10 y lo demás el 27", [Part(30_000, TENTH), Part(None, date(2026, 2, 27), "rest")]),
        (
            "mitad el 10 y mitad el 27",
            [Part(None, TENTH, "half"), Part(None, date(2026, 2, 27), "half")],
        ),
        ("hoy 300 y el 10 el resto", [Part(30_000, TODAY), Part(None, TENTH, "rest")]),
        ("la mitad el viernes", [Part(None, FRIDAY, "half")]),
        ("la mitad hoy y la otra el viernes", [Part(None, TODAY, "half"), Part(None, FRIDAY, "rest")]),
        ("la mitad hoy y la otra mitad el viernes", [Part(None, TODAY, "half"), Part(None, FRIDAY, "rest")]),
        ("y lo demás hasta el otro viernes", [Part(None, FRIDAY, "rest")]),
        ("500 el otro viernes y 200 del otro", [Part(50_000, FRIDAY), Part(20_000, other_loan=True)]),
        ("ahora quiero dar los otros el viernes", [Part(None, FRIDAY, "rest")]),
        ("680 del otro crédito", [Part(68_000, other_loan=True)]),
        ("500 a este crédito y 300 al otro", [Part(50_000), Part(30_000, other_loan=True)]),
        ("el de 680 el viernes y el otro el 10", [Part(68_000, FRIDAY), Part(None, TENTH, other_loan=True)]),
        (
            "el primero el viernes y el segundo el 10",
            [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)],
        ),
        (
            "the 680 one on friday and the other on the 10th",
            [Part(68_000, FRIDAY), Part(None, TENTH, other_loan=True)],
        ),
        ("el grande el viernes y el chico el 10", [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)]),
        ("el viernes el chico, el 10 el grande", [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)]),
        ("L1 el viernes y L2 el 10", [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)]),
        ("680 al chico y 500 al grande", [Part(68_000), Part(50_000, other_loan=True)]),
        (
            "the big one on friday and the small one on the 10th",
            [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)],
        ),
        ("300 el viernes y lo q falta el 10", [Part(30_000, FRIDAY), Part(None, TENTH, "rest")]),
        (
            "no tengo todo el dinero pero le doy 300 el viernes y el resto el 10",
            [Part(30_000, FRIDAY), Part(None, TENTH, "rest")],
        ),
        ("no puedo pagar todo, 300 el viernes", []),
        ("300 del chico el viernes", []),
        ("una parte el viernes y otra el 10", [Part(None, FRIDAY, "half"), Part(None, TENTH, "rest")]),
        ("en dos pagos, viernes y el 10", [Part(None, FRIDAY, "half"), Part(None, TENTH, "rest")]),
        ("mitad y mitad el viernes y el 10", [Part(None, FRIDAY, "half"), Part(None, TENTH, "rest")]),
        ("one part friday and another the 10th", [Part(None, FRIDAY, "half"), Part(None, TENTH, "rest")]),
        ("500 y 500 el otro", [Part(50_000), Part(50_000, other_loan=True)]),
        ("el viernes pago uno y el 10 el otro", [Part(None, FRIDAY), Part(None, TENTH, other_loan=True)]),
        ("todo el viernes", [Part(None, FRIDAY, "all")]),
        ("pago $300 hoy y 500 el 10", [Part(30_000, TODAY), Part(50_000, TENTH)]),
        ("debo 800, doy 300 hoy y lo que falta el 10", [Part(30_000, TODAY), Part(None, TENTH, "rest")]),
        (
            "I can pay two hundred on friday and the rest on the 10th",
            [Part(20_000, FRIDAY), Part(None, TENTH, "rest")],
        ),
        (
            "cancelen el cargo de mañana, pago 300 el viernes y 380 el 10",
            [Part(30_000, FRIDAY), Part(38_000, TENTH)],
        ),
        (
            "300 el viernes y 380 el miércoles",
            [Part(30_000, FRIDAY), Part(38_000, FRIDAY + timedelta(days=5))],
        ),
        ("el viernes les deposito 500", []),
        ("mañana 850", []),
        ("nomás completo 450 pesos", []),
        ("no completo para el viernes", []),
        ("pago completo el viernes", [Part(None, FRIDAY, "all")]),
        ("gracias por todo", []),
        ("todo bien por acá", []),
        ("el viernes les paso 500 si todo sale bien", []),
        ("no el lunes, el viernes 500", []),
        ("de los 1200 doy 700 el viernes", []),
        ("no puedo 600 pero 400 sí el viernes", []),
    ],
)
def test_parts(text: str, parts: list[Part]) -> None:
    assert list(find(plain(text), TUESDAY, None).parts) == parts


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("el viernes o el 10", [Part(day=FRIDAY), Part(day=TENTH)]),
        ("el viernes y si no puedo el 10", [Part(day=FRIDAY), Part(day=TENTH)]),
        ("el viernes, si no el 10", [Part(day=FRIDAY), Part(day=TENTH)]),
        ("el 30 o 31", [Part(day=FRIDAY), Part(day=date(2026, 1, 31))]),
        ("friday or the 10th", [Part(day=FRIDAY), Part(day=TENTH)]),
        ("el viernes te doy unos 2 o 300", [Part(20_000), Part(30_000)]),
        ("entre 200 y 300 el viernes", [Part(20_000), Part(30_000)]),
        ("te doy dos o tres mil", [Part(200_000), Part(300_000)]),
        ("pago $300 o $400", [Part(30_000), Part(40_000)]),
        ("300 el viernes o 400 el 10", []),
        ("el viernes o 2 pagos", []),
        ("en 1 o 2 pagos", []),
        ("el viernes, no el 10", []),
        ("300 el viernes y 300 el 10", []),
    ],
)
def test_of_which_one_is_meant(text: str, either: list[Part]) -> None:
    assert list(find(plain(text), TUESDAY, None).either) == either
