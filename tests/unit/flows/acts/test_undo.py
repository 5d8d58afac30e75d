"""What is written right after something was done, and is about that."""

import pytest

from flows.acts.readings.undo import UNOPENED, undone
from flows.types.event import Message


@pytest.mark.parametrize("text", ["no lo puedo abrir", "oye no me abre el archivo", "i can't open it"])
def test_a_paper_that_does_not_open_is_the_one_just_sent(text: str) -> None:
    assert undone(Message(text, "other"), "papers", None) == UNOPENED
    assert undone(Message(text, "other"), "promise", None) is None
