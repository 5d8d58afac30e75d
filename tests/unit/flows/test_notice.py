"""The notice of first contact shares a message with what comes next, where both fit."""

from dataclasses import replace

import pytest

from bot.wording import Wording
from flows import Conversation, step
from flows.identity.notice import ROOM, fits_with_more
from flows.types.effects import Say
from flows.types.event import Message
from flows.types.facts import Facts
from tests.facts import facts

WITH_BUTTONS, PLAIN = 1_024, 1_600


def _with_room_filled(known: Facts) -> Facts:
    lender = known.lender
    used = sum(
        map(
            len,
            (
                known.candidates[0].first_name,
                lender.trade_name,
                lender.collector,
                lender.phone,
                lender.une_phone,
                lender.une_email,
                lender.privacy_url,
                lender.address,
            ),
        )
    )
    return replace(known, lender=replace(lender, legal_name="W" * (ROOM - used)))


def _answers(known: Facts, wish: Message) -> list[Say]:
    talk = Conversation()
    says: list[Say] = []
    for message in (wish, Message("sí", "affirm"), Message("15 de marzo", "other")):
        taken = step(talk, message, known)
        talk, says = taken.conversation, [e for e in taken.effects if isinstance(e, Say)]
    return says


@pytest.mark.parametrize("locale", ["es_MX", "en"])
@pytest.mark.parametrize(
    "intent", ["greet", "ask_balance", "promise_to_pay", "report_payment", "ask_payment_methods"]
)
def test_the_notice_and_the_answer_are_one_message_that_fits(locale: str, intent: str) -> None:
    known = _with_room_filled(facts())
    assert fits_with_more(known.candidates[0], known)
    (say,) = _answers(known, Message("…", intent))
    most = WITH_BUTTONS if say.choices else PLAIN
    assert len(Wording.load().render(say, locale).text) <= most


def test_several_loans_or_long_names_leave_the_notice_alone() -> None:
    known = facts(two="yes")
    assert not fits_with_more(known.candidates[0], known)
    assert len(_answers(known, Message("hola", "greet"))) == 2
