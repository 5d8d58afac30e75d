"""What somebody who adds an intent begins with: fifteen lines."""

import random
from datetime import date

import pytest

from bot.understanding.fitting import train
from bot.understanding.lexicon import Lexicon
from bot.understanding.reader import Understanding
from bot.understanding.training import Utterance, utterances

TODAY = date(2026, 11, 20)
SLOT = "request_loan"
"""The column that the new intent takes here: the set of labels is closed."""
OTHERS = ("ask_balance", "greet", "report_payment", "opt_out", "report_hardship", "ask_due_date")
MOVED = (
    "ya me cambié de casa",
    "me mudé a otra colonia",
    "ahora vivo en Puebla",
    "mi domicilio nuevo es otro",
    "cambié de dirección",
    "nos mudamos el mes pasado",
    "ya no vivo donde antes",
    "actualicen mi domicilio",
    "mi nueva dirección es Reforma 20",
    "me fui a vivir con mi hermana",
    "dejé la casa de antes, estoy en otra",
    "i moved to a new place",
    "my address changed",
    "quiero cambiar la dirección que tienen",
    "ya no rento ahí, me pasé a otra calle",
)
UNSEEN = (
    "cambié de domicilio",
    "me mudé de casa",
    "tengo nueva dirección",
    "ahora vivo en otra casa",
    "my address is new",
    "ya no vivo en esa calle",
)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    lines = utterances()
    random.Random(5).shuffle(lines)
    others = [
        line
        for label in OTHERS
        for line in [x for x in lines if x.label == label and "dispute_debt" not in x.also][:100]
    ]
    return Understanding(
        Lexicon({}), train([*(Utterance(text, SLOT, None, (), 0) for text in MOVED), *others])
    )


def test_fifteen_lines_are_enough_to_begin_with(understanding: Understanding) -> None:
    read = [understanding.read(text, TODAY).intent for text in UNSEEN]
    assert read.count(SLOT) >= 5


def test_an_act_without_a_line_is_never_reported(understanding: Understanding) -> None:
    assert "dispute_debt" not in understanding.read("yo nunca pedí nada", TODAY).also
