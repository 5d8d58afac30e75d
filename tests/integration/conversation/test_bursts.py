"""Several quick messages get one answer; what protects somebody is never delayed."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from models import Mandate, Message
from tests.services import make_test_services
from tests.talk import CLABE, Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    return talk(engine, now, services=make_test_services(engine, now, reply_wait_seconds=2))


def sent(one: Talk) -> list[str]:
    """What left, once the wait is over."""
    one.advance(seconds=3)
    one.send()
    return [outgoing.text for outgoing in one.wire.sent]


def test_two_quick_messages_get_one_answer(ana: Talk) -> None:
    ana.say("hola")
    ana.advance(seconds=1)
    ana.say("cuánto debo")
    assert not ana.wire.sent
    (answer,) = sent(ana)
    assert "$" in answer
    assert [row.status for row in ana.ours()] == ["suppressed", "sent"]


def test_what_was_answered_before_the_question_is_kept(ana: Talk) -> None:
    ana.say("cuánto debo")
    ana.advance(seconds=1)
    ana.say("el viernes pago 500 pesos")
    (answer,) = sent(ana)
    assert "$500.00" in answer
    assert answer.count("$") > 1


@pytest.mark.parametrize("burst", [("muchas gracias", "👍"), ("👍", "muchas gracias")])
def test_courtesies_are_answered_once(ana: Talk, burst: tuple[str, str]) -> None:
    for text in burst:
        ana.say(text)
        ana.advance(seconds=1)
    (answer,) = sent(ana)
    assert answer.count("Aquí estoy") == 1


def test_slow_messages_get_an_answer_each(ana: Talk) -> None:
    ana.say("hola")
    sent(ana)
    ana.say("cuánto debo")
    assert len(sent(ana)) == 2


def test_a_long_burst_is_answered_all_the_same(ana: Talk) -> None:
    for _ in range(8):
        ana.say("cuánto debo")
        ana.advance(seconds=1)
    assert ana.wire.sent


@pytest.mark.parametrize("text", ["BAJA", "no soy Ana, número equivocado", "ya no quiero vivir"])
def test_what_protects_is_answered_at_once(ana: Talk, text: str) -> None:
    ana.say("hola")
    ana.advance(seconds=1)
    ana.say(text)
    assert len(ana.wire.sent) == 1


def test_terms_stand_alone_and_can_be_accepted(ana: Talk) -> None:
    for text in ("hola", "quiero domiciliar mi pago", CLABE, "sí"):
        ana.say(text)
        ana.advance(seconds=1)
    sent(ana)
    ana.say("ACEPTO")
    assert [row.status for row in ana.rows(Mandate)] == ["authorized"]


def test_nothing_is_lost_of_what_waited(ana: Talk) -> None:
    ana.say("cuánto debo")
    ana.advance(seconds=1)
    ana.say("quiero hablar con una persona")
    texts = sent(ana)
    assert any("$" in text for text in texts)
    assert {row.status for row in ana.rows(Message, Message.direction == "out")} <= {"sent", "suppressed"}


def test_what_was_for_the_borrower_is_not_told_to_who_comes_after(ana: Talk) -> None:
    ana.say("cuánto debo")
    ana.advance(seconds=1)
    ana.say("número equivocado, no soy Ana")
    texts = sent(ana)
    assert texts
    assert not [text for text in texts if "$" in text]


@pytest.mark.parametrize(
    ("keyword", "text", "kind"),
    [("STOP", "STOPALL", "optout.recorded"), ("START", "UNSTOP", "optin.recorded")],
)
def test_the_providers_own_keywords(ana: Talk, keyword: str, text: str, kind: str) -> None:
    from tests.integration.conversation.stranger import write

    write(ana.services, text, address=ana.phone, key=ana.phone, channel="sms", extra={"OptOutType": keyword})
    assert kind in ana.kinds()
