"""The two ways to the same margins: what is fitted on, whole, and what is summed word by word at run time."""

from datetime import date

import numpy as np
import pytest

from bot.understanding.features import features
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Model
from bot.understanding.segments import segments


@pytest.mark.parametrize(
    "text",
    ["no, el lunes mejor", "pago pago PAGO pago", "", "zzz qqq", "oiga y xq tanto si yo nomas pedi 3 mil 😭"],
)
def test_margins_are_the_product_of_vector_and_weights(text: str) -> None:
    model = Model.load()
    for segment in segments(text, date(2026, 11, 25), "amount", Lexicon.load()):
        seen = features(segment)
        indices, values = model.vocabulary.vector(seen)
        dense = np.zeros(len(model.vocabulary.names))
        np.add.at(dense, indices, values)
        assert model.margins(seen) == pytest.approx(dense @ model.weights + model.bias, abs=1e-4)
