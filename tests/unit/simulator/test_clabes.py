"""The ready CLABEs: sound, of one loan alone, and with the delivery that stands next to them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.belvo.outcomes import ending
from bot.simulator.page.clabes import READY, ready
from values import Clabe, bank_of


@given(st.integers(1, 10**9 - 1))
def test_they_are_sound_and_end_as_they_say(loan: int) -> None:
    made = {row["kind"]: row["text"] for row in ready(loan)}
    assert all(Clabe.parse(text) for text in made.values())
    assert {kind: ending(made[kind]) for kind in READY} == READY
    bank = bank_of(Clabe.parse(made["unreached"]))
    assert bank is not None
    assert bank.rail == "spei_only"


def test_two_loans_never_share_one() -> None:
    assert not {row["text"] for row in ready(8)} & {row["text"] for row in ready(80)}
