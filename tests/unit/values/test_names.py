import pytest
from hypothesis import given
from hypothesis import strategies as st

from values import fold, given_first, given_names, name_words


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("MARÍA GUADALUPE  NÚÑEZ PEÑA", "María Guadalupe"),
        ("JOSE LUIS HERNANDEZ MUÑOZ", "José Luis"),
        ("ANA SOFÍA IBÁÑEZ", "Ana Sofía"),
        ("Ana López", "Ana"),
        ("ana lópez garcía", "Ana"),
        ("JUAN DE LA O Y ZÁRATE", "Juan"),
        ("Juan Carlos de la Cruz Ramos", "Juan Carlos"),
        ("MARIA DEL CARMEN DE LA CRUZ PEREZ", "María del Carmen"),
        ("Rosa Maria de la Luz Ortiz", "Rosa María de la Luz"),
        ("José de Jesús Rojas", "José de Jesús"),
        ("Ma. Guadalupe Ruiz", "María Guadalupe"),
        ("Pedro Martín López", "Pedro"),
        ("Íñigo Güemes", "Íñigo"),
        ("Citlalli Xochitl", "Citlalli"),
        ("", ""),
    ],
)
def test_whole_given_names_are_used_in_a_greeting(name: str, greeted: str) -> None:
    assert given_names(name) == greeted


@pytest.mark.parametrize(
    ("name", "ordered"),
    [
        ("HERNANDEZ MUÑOZ JOSE LUIS", "JOSE LUIS HERNANDEZ MUÑOZ"),
        ("DE LA CRUZ PEREZ MARIA DEL CARMEN", "MARIA DEL CARMEN DE LA CRUZ PEREZ"),
        ("DE LA O Y ZÁRATE JUAN", "JUAN DE LA O Y ZÁRATE"),
        ("SAN MARTIN LOPEZ JOSE ANGEL", "JOSE ANGEL SAN MARTIN LOPEZ"),
        ("PEREZ ANA", "ANA PEREZ"),
        ("O'FARRILL CASTAÑEDA, PATRICIA", "PATRICIA O'FARRILL CASTAÑEDA"),
        ("LOPEZ", "LOPEZ"),
    ],
)
def test_surnames_first_is_turned_round(name: str, ordered: str) -> None:
    assert given_first(name, "surnames first") == ordered


def test_a_comma_decides_whatever_the_order() -> None:
    assert given_first("O'FARRILL CASTAÑEDA, PATRICIA", "given first") == "PATRICIA O'FARRILL CASTAÑEDA"
    assert given_first("  Ana   López ", "given first") == "Ana López"


@given(st.text(max_size=60), st.sampled_from(["given first", "surnames first"]))
def test_no_word_of_a_name_is_lost(name: str, order: str) -> None:
    ordered = given_first(name, order)  # type: ignore[arg-type]
    assert sorted(ordered.split()) == sorted(name.replace(",", " ", 1).split())
    assert len(given_names(name).split()) <= max(1, len(name.split()))


def test_folding_is_one_rule() -> None:
    assert fold("Muñoz ÁRBOL") == "munoz arbol"
    assert name_words("José de la Peña") == ("jose", "de", "la", "pena")
