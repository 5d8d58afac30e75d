"""When an act is certain: by its own classifier, whatever else the message says, and not by a hair."""

import numpy as np
import pytest

from bot.understanding.decision import Decision, decide
from bot.understanding.labels import ALSO, INTENTS, PRECEDENCE, SAFETY
from bot.understanding.model import Floats, Thresholds

SHARPNESS, ACTING = 5.0, 0.7
THRESHOLDS = Thresholds(
    dict.fromkeys(INTENTS, ACTING),
    dict.fromkeys(SAFETY, 0.15),
    dict.fromkeys(SAFETY, 0.06),
    dict.fromkeys(ALSO, 0.0),
)


def margins(meant: dict[str, float], acts: dict[str, float]) -> Floats:
    values = [meant.get(label, -1.0) for label in INTENTS] + [acts.get(label, -1.0) for label in ALSO]
    return np.array(values, dtype=np.float32)


def decided(meant: dict[str, float], acts: dict[str, float], *matched: str) -> Decision:
    return decide(margins(meant, acts), frozenset(matched), SHARPNESS, THRESHOLDS)


def test_a_complaint_next_to_a_promise_is_certain() -> None:
    """«El viernes pago pero su gestor me gritó»: the promise is likelier, and the complaint is plain."""
    read = decided({"promise_to_pay": 0.6, "complain": 0.2}, {"complain": 1.4}, "complain")
    assert (read.intent, read.certain) == ("complain", True)
    assert read.confidence < ACTING


@pytest.mark.parametrize(("margin", "certain"), [(0.06, False), (0.9, True)])
def test_what_barely_passes_next_to_a_question_ends_nothing(margin: float, certain: bool) -> None:
    """«Pásame los datos, quisiera que me lo cobraran de mi nómina» has words of ending a debit."""
    read = decided(
        {"ask_payment_methods": 1.0, "cancel_debit": -0.2}, {"cancel_debit": margin}, "cancel_debit"
    )
    assert (read.intent, read.certain) == ("cancel_debit", certain)


def test_of_two_acts_the_one_that_goes_first_is_as_certain_as_they_are() -> None:
    read = decided({"cancel_debit": 1.0, "complain": -0.9}, {"complain": 0.1, "cancel_debit": 1.2})
    assert (read.intent, read.also, read.certain) == ("complain", ("cancel_debit",), True)
    assert PRECEDENCE.index("complain") < PRECEDENCE.index("cancel_debit")
