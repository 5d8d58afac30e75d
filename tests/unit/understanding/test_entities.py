"""What a message names: the labels page's fine print, sentence by sentence, and what else people write. Exact
or absent.
"""

from datetime import date
from typing import Any

import pytest

from bot.understanding.entities import find
from bot.understanding.normalize import plain

THURSDAY = date(2026, 11, 19)


def named(text: str, expecting: str | None = None, today: date = THURSDAY) -> dict[str, Any]:
    return find(plain(text), today, expecting).entities


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("puedo pagar 500", 50_000),
        ("$1,500.00", 150_000),
        ("les doy mil quinientos", 150_000),
        ("2 mil", 200_000),
        ("500 varos", 50_000),
        ("quinientón el viernes", 50_000),
        ("deposité 350.50", 35_050),
        ("$800 pesitos", 80_000),
        ("1,500.50 pesos", 150_050),
        ("pagaré 500,50", 50_050),
        ("doy 2 mil quinientos", 250_000),
        ("pago dos mil pesos", 200_000),
        ("le abono trescientos pesos", 30_000),
        ("traigo mil doscientos cincuenta pesos", 125_000),
        ("$ 750", 75_000),
        ("te transfiero 1500", 150_000),
        ("10 mil pesos", 1_000_000),
        ("pagué 12,345.60", 1_234_560),
        ("abono 850 bolas", 85_000),
        ("100 mxn", 10_000),
        ("deposito 1.5 mil", 150_000),
        ("me prestan 3k", 300_000),
        ("doscientos cincuenta pesos", 25_000),
        ("cien pesos", 10_000),
        ("ciento veinte pesos", 12_000),
        ("novecientos noventa y nueve pesos", 99_900),
        ("pago $99.90", 9_990),
        ("veinte mil pesos", 2_000_000),
        ("son 600 baros", 60_000),
        ("el viernes 1,500 pesos", 150_000),
        ("mil quinientos el viernes", 150_000),
        ("mañana 850", 85_000),
        ("pago dosmil", 200_000),
        ("doy 1mil500", 150_000),
        ("te doy 1mil 200 el lunes", 120_000),
        ("mill pesos", 100_000),
        ("mxn 680", 68_000),
        ("680 m.n.", 68_000),
        ("pagué 500 de los 680", 50_000),
        ("son 4 de 500", 50_000),
        ("salió un cargo por 1,760 y solo debía 680", 176_000),
        ("doy 300, debo 680", 30_000),
        ("doy un milito el martes", 100_000),
        ("les doy dos milecitos", 200_000),
        ("les abono doscientitos hoy", 20_000),
        ("le doy 2 billetes de cien", 20_000),
        ("abono tres cincuenta", 35_000),
        ("500.- mañana", 50_000),
        ("i sent 800 this morning", 80_000),
        ("how do i get a new loan for 5000", 500_000),
        ("abono cuatrosientos", 40_000),
        ("doy milquinientos", 150_000),
        ("deposito dosientos el savado", 20_000),
        ("me llegó un cargo de 149", 14_900),
        ("me cobraron 299 de un seguro", 29_900),
        ("I can pay two hundred on friday", 20_000),
        ("quiero 3 pagos de 500", 50_000),
        ("$1 500", 150_000),
        ("1 500 pesos", 150_000),
        ("pago 600, no 800", 60_000),
        ("en lugar de 600 te doy 400", 40_000),
        ("no, 500 pesos", 50_000),
        ("abono quinientospesos", 50_000),
        ("pago sincuenta pesos", 5_000),
        ("me rebajaron 600", 60_000),
        ("aut. 998877 monto 600", 60_000),
        ("pagué en el oxxo folio 9988 $500", 50_000),
        ("tel 5512345678, te pago 300", 30_000),
        ("400 quincenales", 40_000),
        ("le doy $1.500,00 mañana", 150_000),
        ("le doy 1.500 mañana", 150_000),
        ("$1'200", 120_000),
        ("680 pesos con 50 centavos", 68_050),
        ("mil doscientos pesos con cincuenta centavos", 120_050),
        ("pagué 852 con 50", 85_250),
        ("pago 1 200 hoy", 120_000),
        ("el 5 300 pesos", 30_000),
        ("viernes 4 850 pesos", 85_000),
        ("docientón el lunes", 20_000),
        ("le doy mil siento cincuenta", 115_000),
        ("abono nobenta pesos", 9_000),
        ("can I borrow another 2000", 200_000),
        ("abono tres cientos", 30_000),
        ("1100$", 110_000),
        ("a hundred bucks", 10_000),
        ("five hundred pesos", 50_000),
        ("would you take 1000", 100_000),
        ("ofrezco 2,000 y que quede liquidado", 200_000),
        ("acepten 1500 y ya estuvo", 150_000),
        ("el sabadito le llevo quinientos cincuenta", 55_000),
        ("les doy seiscientitos el lunez", 60_000),
        ("de doscientos en doscientos se puede", 20_000),
    ],
)
def test_amounts(text: str, centavos: int) -> None:
    assert named(text).get("amount") == centavos


@pytest.mark.parametrize(
    "text",
    [
        "ni un peso",
        "mil gracias",
        "fue un milagro",
        "medio",
        "un medio",
        "mil disculpas",
        "les he dicho mil veces",
        "15 días",
        "en 3 pagos",
        "a las 5",
        "el 15",
        "somos 4 hermanos",
        "5512345678",
        "012180001234567899",
        "tengo 45 años",
        "vivo en la calle 20",
        "cada 15 dias",
        "500",
        "20%",
        "30 de febrero",
        "me llamaron 20 veces",
        "después de las 6",
        "mi credito es el 2024",
        "a seis meses",
        "no tengo ni 50",
        "el folio 88231 de mi pago",
        "mi contrato 10234",
        "el pago con autorizacion 456789",
        "credito numero 345678, cuanto debo",
        "cuenta terminada en 4455, cóbrenme ahí",
        "le doy mil y cacho",
        "te paso dos mil y pico el viernes",
        "pago 600 y tantos",
        "le doy entre 300 y 400",
        "pago 300 o 400 el viernes",
        "de 500 a 600 le puedo dar",
        "le pago 2 o 3 mil",
    ],
)
def test_no_amount(text: str) -> None:
    assert "amount" not in named(text)


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("500", 50_000),
        ("mil", 100_000),
        ("unos 800", 80_000),
        ("1,200", 120_000),
        ("quinientos", 50_000),
        ("como 350.50", 35_050),
        ("1.200", 120_000),
        ("1 200", 120_000),
    ],
)
def test_a_bare_number_is_an_amount_where_one_is_expected(text: str, centavos: int) -> None:
    assert named(text, "amount").get("amount") == centavos


@pytest.mark.parametrize(
    "text",
    [
        "002180700123456788",
        "002 180 70012345678 8",
        "002-180-70012345678-8",
        "mi clabe es 002180700123456788 gracias",
        "clabe:002180700123456788.",
        "ahi te va 0021 8070 0123 4567 88 de banamex",
        "CLABE 002.180.70012345678.8",
        "OO2180700123456788",
        "002l8O 7OOl2345678 8",
    ],
)
def test_a_clabe_in_any_spacing(text: str) -> None:
    assert named(text)["clabe"] == "002180700123456788"


def test_a_wrong_control_digit_is_told_apart() -> None:
    assert named("002180700123456782") == {"clabe_invalid": "002180700123456782"}


@pytest.mark.parametrize(
    "text",
    ["4152 3135 0123 4567", "002l807001234567O2", "00218070012345678", "0021807001234567881", "5512345678"],
)
def test_no_clabe(text: str) -> None:
    assert not {"clabe", "clabe_invalid"} & set(named(text))


@pytest.mark.parametrize(
    "text",
    [
        "5512345678",
        "55 1234 5678",
        "+52 55 1234 5678",
        "+521 55 1234 5678",
        "52 1 5512345678",
        "(55) 1234 5678",
        "mi cel es 55-12-34-56-78 ok",
        "044 55 1234 5678",
        "01 55 1234 5678",
    ],
)
def test_phones(text: str) -> None:
    assert named(text)["phone"] == "+525512345678"


@pytest.mark.parametrize("text", ["123456", "1234567890123", "pago 1500", "20/12/2026", "012180001234567899"])
def test_no_phone(text: str) -> None:
    assert "phone" not in named(text)


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("100 por semana", "weekly"),
        ("semanalmente", "weekly"),
        ("cada semana", "weekly"),
        ("catorcenal", "fortnightly"),
        ("cada 14 dias", "fortnightly"),
        ("quincenal", "semimonthly"),
        ("cada 15 días", "semimonthly"),
        ("cada quincena", "semimonthly"),
        ("al mes", "monthly"),
        ("dos veces al mes", "semimonthly"),
        ("cada dia 5", "monthly"),
        ("300 per month", "monthly"),
        ("mensual", "monthly"),
        ("cada mes", "monthly"),
        ("por mes", "monthly"),
        ("200 x semana", "weekly"),
        ("500x semana", "weekly"),
        ("$500/semana", "weekly"),
        ("mes con mes", "monthly"),
        ("semana con semana", "weekly"),
        ("puedo 300 a la quincena", "semimonthly"),
        ("200 cada viernes", "weekly"),
        ("200 each friday", "weekly"),
        ("los días 15 y 30", "semimonthly"),
    ],
)
def test_frequencies(text: str, often: str) -> None:
    assert named(text).get("frequency") == often


@pytest.mark.parametrize(
    "text",
    [
        "give me a week",
        "can I have a month",
        "cuánto es mi mensualidad",
        "no salió mi quincena",
        "debo dos mensualidades",
        "mi mensualidad de mayo",
    ],
)
def test_no_frequency(text: str) -> None:
    assert "frequency" not in named(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("en 3 pagos", 3),
        ("a seis meses", 6),
        ("en cuatro partes", 4),
        ("12 mensualidades", 12),
        ("en 2 exhibiciones", 2),
        ("en dos pagos", 2),
        ("a 6 quincenas", 6),
        ("can I split it into three payments", 3),
        ("en 4 cachos", 4),
        ("te lo doy en dos jalones", 2),
        ("lo dividimos en dos y ya", 2),
    ],
)
def test_instalments(text: str, parts: int) -> None:
    assert named(text).get("instalments") == parts


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("después de las 6", ["18:00", "22:00"]),
        ("a partir de las 3", ["15:00", "22:00"]),
        ("despues de las 10", ["10:00", "22:00"]),
        ("en la mañana", ["07:00", "12:00"]),
        ("en la tarde", ["12:00", "19:00"]),
        ("por las tardes", ["12:00", "19:00"]),
        ("antes de las 9", ["07:00", "09:00"]),
        ("antes de las 5", ["07:00", "17:00"]),
        ("de 4 a 6", ["16:00", "18:00"]),
        ("entre las 10 y las 12", ["10:00", "12:00"]),
        ("despues de las 6 pm", ["18:00", "22:00"]),
        ("de 9 a 5", ["09:00", "17:00"]),
        ("don't call before 10", ["10:00", "22:00"]),
        ("trabajo de noche, no me escriban antes de las 11", ["11:00", "22:00"]),
        ("antes de las 9 no me manden nada, después sí", ["09:00", "22:00"]),
        ("no me marquen después de las 9", ["07:00", "21:00"]),
        ("no me marquen entre las 9 y las 12", None),
        ("Stop enviandome mensajes por las noches", None),
        ("dejen de llamar en las mañanas", None),
        ("nada de mensajes después de las 9", ["07:00", "21:00"]),
        ("estoy trabajando de 9 a 6", None),
        ("de 9 a 6 estoy en el trabajo, no puedo contestar", None),
        ("I work from 9 to 5", None),
        ("escríbanme de 8 a 5", ["08:00", "17:00"]),
        ("¿no me pueden marcar después de las 6?", ["18:00", "22:00"]),
        ("no salgo hasta después de las 6", ["18:00", "22:00"]),
        ("escríbanme después de las 6, no antes", ["18:00", "22:00"]),
        ("de 10 am a 2 pm", ["10:00", "14:00"]),
        ("7 a 9 pm", ["19:00", "21:00"]),
        ("de las 3 en adelante", ["15:00", "22:00"]),
        ("después de las 6 y media", ["18:30", "22:00"]),
        ("escríbanme dsps de las 6", ["18:00", "22:00"]),
        ("mejor en la tarde, en la mañana voy al doctor", ["12:00", "19:00"]),
        ("en la mañana salgo, mejor en la tarde", ["12:00", "19:00"]),
        ("después de cinco años ya no se cobra verdad", None),
    ],
)
def test_windows(text: str, window: list[str] | None) -> None:
    assert named(text).get("time_window") == window


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("mejor por whats", "whatsapp"),
        ("what's app me", "whatsapp"),
        ("por wasap", "whatsapp"),
        ("por guatsap", "whatsapp"),
        ("a mi correito", "email"),
        ("mándenlo al correo", "email"),
        ("no me marquen", "call"),
        ("no me llamen", "call"),
        ("me llaman al trabajo", "call"),
        ("háblenme", "call"),
        ("pueden llamar", "call"),
        ("por sms", "sms"),
        ("no me llamen, mejor por whatsapp", "whatsapp"),
        ("me marcan veinte veces, eso es acoso", "call"),
        ("mandame un mail", "email"),
        ("mejor por correo que el whats no lo veo", "email"),
    ],
)
def test_channels(text: str, channel: str) -> None:
    assert named(text).get("channel") == channel


@pytest.mark.parametrize(
    "text",
    [
        "mándame mensaje",
        "mi teléfono",
        "cómo se llama usted",
        "me llamo Juan",
        "hablen claro",
        "what is my balance",
        "what's my balance?",
        "whats my balance",
        "no me entran llamadas",
        "no me entran las llamadas en este cel",
    ],
)
def test_no_channel(text: str) -> None:
    assert "channel" not in named(text)


def test_several_together() -> None:
    assert named("el viernes les deposito 500") == {"date": "2026-11-20", "amount": 50_000}
    assert named("les doy 300 por semana en 6 pagos") == {
        "amount": 30_000,
        "frequency": "weekly",
        "instalments": 6,
    }
    assert named("el 30 pago 1500 pesos") == {"date": "2026-11-30", "amount": 150_000}
