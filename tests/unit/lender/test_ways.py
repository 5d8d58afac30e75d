"""The ways to pay of the lender's file: checked on load, and answered as they stand there."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.lender import SAMPLE, InvalidLenderFile, Lender
from bot.wording import Wording
from flows import Conversation, step
from flows.types.effects import Say
from flows.types.event import Message
from tests.facts import facts

OXXO = '[[lender.pay.way]]\nname = "OXXO"\nby = "store"\nfee_pesos = "13.00"\nmost_pesos = "10000.00"\n'
TIENDITA = '[[lender.pay.way]]\nname = "Farmacias del Ahorro"\nby = "store"\n'
PAYPAL = (
    '[[lender.pay.way]]\nname = "PayPal"\nby = "own"\n'
    'how = { es_MX = "Por PayPal a pagos@jacaranda.example.", en = "By PayPal to the same." }\n'
)
NU = '[[lender.pay.way]]\nname = "Nu"\nby = "no"\n'


def load(tmp_path: Path, ways: str) -> Lender:
    file = tmp_path / "lender.toml"
    file.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("[paydays]", f"{ways}\n[paydays]"), encoding="utf-8"
    )
    return Lender.load(file)


@pytest.mark.parametrize(
    ("ways", "fault"),
    [
        (OXXO + OXXO, "oxxo names two ways to pay"),
        (OXXO + NU + 'words = ["oxxo"]\n', "oxxo names two ways to pay"),
        (OXXO.replace("store", "transfer"), "fee_pesos and most_pesos are a store's"),
        (OXXO.replace("13.00", "trece"), "lender.pay.way.OXXO.fee_pesos"),
        (PAYPAL.replace("own", "no"), "how, with es_MX, goes with"),
        (PAYPAL.replace("es_MX", "usted"), "how, with es_MX, goes with"),
        (PAYPAL.replace("Por PayPal", "{clabe}"), "how.es_MX"),
        (NU.replace("Nu", "ok"), "ok answers any question"),
        (NU.replace('"no"', '"gift"'), "lender.pay.way.Nu.by"),
        (NU + 'color = "x"\n', "way.Nu.color: is not known"),
    ],
)
def test_a_fault_is_named_on_load(tmp_path: Path, ways: str, fault: str) -> None:
    with pytest.raises(InvalidLenderFile) as raised:
        load(tmp_path, ways)
    assert fault in str(raised.value)


def test_each_way_is_answered_as_the_file_has_it(tmp_path: Path) -> None:
    lender = load(tmp_path, OXXO + TIENDITA + PAYPAL + NU)
    wording = Wording.load().changing(lender.topic_answers)
    known = replace(facts(confirmed="yes", notice="yes"), lender=lender.facts)

    def answer(text: str) -> str:
        taken = step(Conversation(), Message(text, "other"), known)
        return "\n".join(
            wording.render(each, "es_MX").text for each in taken.effects if isinstance(each, Say)
        )

    oxxo = answer("y en el oxxo?")
    assert "En efectivo en OXXO, con la referencia 910000088" in oxxo
    assert "$13.00" in oxxo
    assert "$10,000.00" in oxxo
    for text in ("puedo en walmart", "se puede con nu"):  # the stores are those named; Nu is refused
        assert "No recibimos pagos por" in answer(text)
        assert "En efectivo en OXXO, Farmacias del Ahorro, con la referencia" in answer(text)
    assert "$13.00" not in answer("en farmacias del ahorro?")
    assert answer("y por paypal?") == "Por PayPal a pagos@jacaranda.example."
    assert "desde BBVA" in answer("desde bbva puedo?")


def test_without_ways_of_its_own_any_store_may_take_the_reference() -> None:
    ways = Lender.load(None).facts.ways
    for text, name, by in [
        ("ok entonces okso", "OXXO", "store"),
        ("en la tienda", "efectivo", "cash"),
        ("por transferencia", "SPEI", "spei"),
        ("can i pay with zelle", "Zelle", "no"),
        ("y con pay pal?", "PayPal", "no"),
    ]:
        way = ways.named_in(text)
        assert way is not None, text
        assert (way.name, way.by) == (name, by)
    assert ways.named_in("mañana pago en oxxo 300") is None
