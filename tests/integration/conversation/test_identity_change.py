"""A WhatsApp identity (BSUID) that changes on a known phone ends the proof of identity."""

from datetime import datetime

from sqlalchemy import Engine

from bot.conversation import Incoming, receive
from models import ContactPoint, Conversation, Message
from tests.services import ACCOUNT
from tests.talk import Talk, talk

FIRST, SECOND = "MX.1001", "MX.2002"


def write(one: Talk, text: str, alias: str | None) -> str:
    """The newest answer's lines."""
    serial = len(one.rows(Message))
    incoming = Incoming(
        "whatsapp",
        f"whatsapp:{one.phone}",
        one.phone,
        "whatsapp:+525550000000",
        ACCOUNT,
        f"SMalias{serial}",
        text,
        one.services.clock.now(),
        alias=alias,
    )
    receive(one.services, incoming)
    one.send()
    return " ".join(str(row.body) for row in one.ours()[-1:])


def borrower_of(one: Talk) -> int | None:
    return one.rows(Conversation, Conversation.id == one.conversation)[0].borrower_id


def test_another_identity_has_to_prove_who_it_is(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    assert "$" in write(one, "cuánto debo", FIRST)
    answer = write(one, "cuánto debo", SECOND)
    assert "$" not in answer
    assert borrower_of(one) is None
    assert all(row.confirmed_at is None for row in one.rows(ContactPoint))
    write(one, "15 de marzo", SECOND)
    write(one, "15 de marzo de 1990", SECOND)
    assert borrower_of(one) == one.borrower
    assert "$" in write(one, "cuánto debo", SECOND)
    states = {row.key: row.status for row in one.rows(ContactPoint)}
    assert (states[FIRST], states[SECOND]) == ("closed", "confirmed")


def test_the_same_identity_and_none_at_all_change_nothing(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    for alias in (FIRST, None, FIRST, None):
        assert "$" in write(one, "cuánto debo", alias)
    assert borrower_of(one) == one.borrower


def test_a_first_identity_is_learnt(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    write(one, "hola", None)
    write(one, "cuánto debo", FIRST)
    assert borrower_of(one) == one.borrower
    assert FIRST in [row.key for row in one.rows(ContactPoint)]


def test_a_question_that_binds_does_not_bind_the_newcomer(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    write(one, "el viernes pago 500 pesos", FIRST)
    write(one, "sí", SECOND)
    assert "promise.made" not in one.kinds()
