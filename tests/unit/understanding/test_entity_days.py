"""The days that a borrower names, and what is none."""

from datetime import date
from typing import Any

import pytest

from bot.understanding.entities import find
from bot.understanding.normalize import plain

THURSDAY = date(2026, 11, 19)


def named(text: str, expecting: str | None = None, today: date = THURSDAY) -> dict[str, Any]:
    return find(plain(text), today, expecting).entities


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoy", "2026-11-19"),
        ("mañana", "2026-11-20"),
        ("pasado mañana", "2026-11-21"),
        ("pago el 24 300", "2026-11-24"),
        ("mejor pasado", "2026-11-21"),
        ("no este viernes, el otro", "2026-11-27"),
        ("el viernes no, el que sigue", "2026-11-27"),
        ("pago el día de la virgen", "2026-12-12"),
        ("en la primera quincena de enero", "2027-01-15"),
        ("en la segunda quincena de diciembre", "2026-12-31"),
        ("end of the month of december", "2026-12-31"),
        ("dentro de 48 horas", "2026-11-21"),
        ("12/15", "2026-12-15"),
        ("me lo pueden pasar al quincena?", "2026-11-30"),
        ("ok entonces diciembre 15", "2026-12-15"),
        ("a partir del 4", "2026-12-04"),
        ("de hoy en ocho", "2026-11-26"),
        ("ayer", "2026-11-18"),
        ("antier", "2026-11-17"),
        ("el viernes", "2026-11-20"),
        ("el jueves", "2026-11-26"),
        ("el lunes pasado", "2026-11-16"),
        ("el 15", "2026-12-15"),
        ("el 19", "2026-11-19"),
        ("el 30", "2026-11-30"),
        ("en 3 dias", "2026-11-22"),
        ("en tres días", "2026-11-22"),
        ("fin de mes", "2026-11-30"),
        ("a fin de mes", "2026-11-30"),
        ("en la quincena", "2026-11-30"),
        ("esta quincena", "2026-11-30"),
        ("15 de diciembre", "2026-12-15"),
        ("350 on dec 9", "2026-12-09"),
        ("i can do it by dec. 9th", "2026-12-09"),
        ("9 dec", "2026-12-09"),
        ("el 3 de enero", "2027-01-03"),
        ("lunes 30", "2026-11-30"),
        ("a más tardar el lunes", "2026-11-23"),
        ("el viernes que viene", "2026-11-20"),
        ("el viernes de la otra semana", "2026-11-27"),
        ("el lunes de la semana que entra", "2026-11-23"),
        ("friday of next week", "2026-11-27"),
        ("next week friday", "2026-11-27"),
        ("de hoy en quince", "2026-12-03"),
        ("para fin de año", "2026-12-31"),
        ("el próximo martes", "2026-11-24"),
        ("nací el 15 de marzo de 1990", "1990-03-15"),
        ("born on March 15, 1990", "1990-03-15"),
        ("15 march 1990", "1990-03-15"),
        ("fíjese que yo pagué el lunes", "2026-11-16"),
        ("sí, deposité el lunes", "2026-11-16"),
        ("quieren que yo pague el lunes", "2026-11-23"),
        ("20/12", "2026-12-20"),
        ("20/12/2026", "2026-12-20"),
        ("hace 2 dias", "2026-11-17"),
        ("el sabado por la mañana", "2026-11-21"),
        ("mañana en la mañana", "2026-11-20"),
        ("el dia 28", "2026-11-28"),
        ("dentro de 5 días", "2026-11-24"),
        ("el 24 de noviembre pago", "2026-11-24"),
        ("on friday", "2026-11-20"),
        ("tomorrow", "2026-11-20"),
        ("el lumes te deposito", "2026-11-23"),
        ("dentro de una semana", "2026-11-26"),
        ("1/dic", "2026-12-01"),
        ("tonight i'll pay", "2026-11-19"),
        ("esta noche te pago", "2026-11-19"),
        ("ayer no pude pero hoy pago", "2026-11-19"),
        ("no el lunes, el martes", "2026-11-24"),
        ("hasta el 5", "2026-12-05"),
        ("el primero de diciembre", "2026-12-01"),
        ("el día primero pago", "2026-12-01"),
        ("mañana en ocho", "2026-11-27"),
        ("mañana en 8 pagos", "2026-11-20"),
        ("para navidad", "2026-12-25"),
        ("en nochebuena le pago", "2026-12-24"),
        ("hasta año nuevo", "2027-01-01"),
        ("el día de reyes", "2027-01-06"),
        ("I can pay by Christmas", "2026-12-25"),
        ("el 1ro de diciembre", "2026-12-01"),
        ("en una semana", "2026-11-26"),
        ("en quince días", "2026-12-04"),
        ("el domingo sin falta", "2026-11-22"),
        ("anoche deposité", "2026-11-18"),
        ("el juebes", "2026-11-26"),
        ("el mrtes", "2026-11-24"),
        ("el vienes pago", "2026-11-20"),
        ("pal 30", "2026-11-30"),
        ("pa'l 25", "2026-11-25"),
        ("el día dos", "2026-12-02"),
        ("de aquí a 5 días", "2026-11-24"),
        ("el sábado que pasó pagué", "2026-11-14"),
        ("el pago se hizo el lunes", "2026-11-16"),
        ("el lunes ya les deposité", "2026-11-16"),
        ("di mi mensualidad el 28", "2026-10-28"),
        ("la sig quincena", "2026-11-30"),
        ("i paid last friday", "2026-11-13"),
        ("the payment was made on monday", "2026-11-16"),
        ("este vierness", "2026-11-20"),
        ("el biernes sin falta", "2026-11-20"),
        ("el domigno", "2026-11-22"),
        ("el savado", "2026-11-21"),
        ("el miercolez", "2026-11-25"),
        ("manana", "2026-11-20"),
        ("pasado manana", "2026-11-21"),
        ("quince de junio", "2027-06-15"),
        ("el 15 de disiembre", "2026-12-15"),
        ("pasando la quincena", "2026-11-30"),
        ("el viernes 1,500 pesos", "2026-11-20"),
        ("on wensday", "2026-11-25"),
        ("tmrw", "2026-11-20"),
        ("el día último", "2026-11-30"),
        ("el primero", "2026-12-01"),
        ("el día uno", "2026-12-01"),
        ("en dos semanas", "2026-12-03"),
        ("mejor en diciembre", "2026-12-01"),
        ("mejor hasta enero", "2027-01-01"),
        ("puedo empezar a pagar a partir de diciembre", "2026-12-01"),
        ("para febrero te pago", "2027-02-01"),
        ("better in december", "2026-12-01"),
        ("mejor el 10 de diciembre", "2026-12-10"),
        ("a finales de diciembre", "2026-12-31"),
        ("el último día de enero", "2027-01-31"),
        ("el último viernes del mes", "2026-11-27"),
        ("el último viernes de diciembre", "2026-12-25"),
        ("el segundo viernes de diciembre", "2026-12-11"),
        ("el primer lunes del mes", "2026-12-07"),
        ("a fines del mes que entra", "2026-12-31"),
        ("afin de mes", "2026-11-30"),
        ("la semana que entra el martes", "2026-11-24"),
        ("5dic", "2026-12-05"),
        ("5 12 2026", "2026-12-05"),
        ("el dies", "2026-12-10"),
        ("el catorse", "2026-12-14"),
        ("el lune", "2026-11-23"),
        ("la 15na", "2026-11-30"),
        ("in ten days", "2026-11-29"),
        ("17.12.2026", "2026-12-17"),
        ("2026-12-17", "2026-12-17"),
        ("por ahí del 10", "2026-12-10"),
        ("del viernes en ocho", "2026-11-27"),
        ("en la quincena del 30", "2026-11-30"),
        ("en la quincena del 15", "2026-12-15"),
        ("dentro de un mes", "2026-12-19"),
        ("hace una semana deposité", "2026-11-12"),
        ("in a week", "2026-11-26"),
        ("el veintidos", "2026-11-22"),
        ("el ventiuno", "2026-11-21"),
        ("el treintaiuno de diciembre", "2026-12-31"),
        ("el diesiseis", "2026-12-16"),
        ("ya les pagué el viernes", "2026-11-13"),
        ("deposité el 28", "2026-10-28"),
        ("I already paid on Monday", "2026-11-16"),
        ("fue mi hijo el sábado a depositar", "2026-11-14"),
        ("el cargo que me hicieron el martes", "2026-11-17"),
        ("le di el viernes 500", "2026-11-13"),
        ("mi papá murió el martes", "2026-11-17"),
        ("ya pagué y el viernes doy lo demás", "2026-11-20"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert named(text).get("date") == day


@pytest.mark.parametrize(
    "text",
    [
        "una semana más",
        "los domingos no",
        "30 de febrero",
        "31 de noviembre",
        "15",
        "en la mañana",
        "por la mañana",
        "todos los viernes",
        "cada lunes",
        "unos días",
        "luego",
        "un día de estos",
        "hoy en dia",
        "el 45",
        "1,500",
        "a las 5",
        "buenos dias",
        "3 meses",
        "va a llover mañana?",
        "qué clima habrá el domingo",
        "is it going to rain tomorrow?",
        "vienes luego",
        "les pago en partes",
        "en marzo ya pagué todo",
        "para noviembre",
        "desde enero no tengo trabajo",
        "maybe I may pay",
    ],
)
def test_no_day(text: str) -> None:
    assert "date" not in named(text)


@pytest.mark.parametrize("text", ["pago el 29/2", "I'll pay february 29", "no me escriban en domingo"])
def test_a_day_that_next_year_lacks_is_no_day(text: str) -> None:
    assert "date" not in named(text, today=date(2028, 11, 1))


def test_a_bare_day_where_one_is_expected() -> None:
    assert named("entre 10 y 15", "date") == {"date": "2026-12-15"}
    assert named("15", "date") == {"date": "2026-12-15"}
    assert named("el 20 si puedo", "date") == {"date": "2026-11-20"}


def test_a_number_of_payments_is_no_day_where_one_is_expected() -> None:
    assert named("what about 2 payments", "date") == {"instalments": 2}
    assert named("no wait, the 4 payment one") == {"instalments": 4}
    assert "date" not in named("the first one")


def test_a_day_that_is_refused_once_is_refused_wherever_it_stands() -> None:
    text = "me cobran el lunes en lugar del viernes? el viernes todavía no tengo"
    assert named(text)["date"] == "2026-11-23"


def test_a_picture_of_notes_stands_between_a_sum_and_its_day() -> None:
    assert named("500 💵 viernes 🙏") == {"amount": 50_000, "date": "2026-11-20"}
