"""Who is writing can change: what the records hold when somebody else has the phone, or it was a mistake."""

from datetime import UTC, datetime

from sqlalchemy import Engine, update

from models import ContactPoint, Conversation, write_tx
from tests.services import make_test_services
from tests.talk import Talk, talk

NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)


def _last(borrower: Talk) -> str:
    return str(borrower.ours()[-1].body)


def _point(borrower: Talk) -> tuple[str, bool]:
    (point,) = borrower.rows(ContactPoint, ContactPoint.borrower_id == borrower.borrower)
    return point.status, point.confirmed_at is not None


def test_a_husband_ends_the_proof_and_is_told_nothing(engine: Engine) -> None:
    ana = talk(engine, NOON)
    ana.say("no soy ella, soy su esposo. cuanto debe?")
    assert "$" not in _last(ana)
    assert _point(ana) == ("unverified", False)
    assert "wrong_party.reported" in ana.kinds()
    ana.say("cuánto debe?")
    assert "$" not in _last(ana)
    ana.say("soy yo")
    ana.say("15 de marzo")
    assert _point(ana) == ("confirmed", True)


def test_a_birthday_is_taken_with_what_stands_next_to_it(engine: Engine) -> None:
    ana = talk(engine, NOON)
    ana.say("no soy ella, soy su esposo")
    ana.say("sí soy Ana, 15 de marzo, ¿cuánto debo?")
    assert _point(ana) == ("confirmed", True)
    assert "$" in _last(ana)


def test_a_birthday_next_to_a_wish_for_a_person_is_kept_too(engine: Engine) -> None:
    ana = talk(engine, NOON)
    ana.say("no soy ella, soy su esposo")
    ana.say("sí soy Ana, 15 de marzo, quiero hablar con una persona")
    assert _point(ana) == ("confirmed", True)
    assert "handoff.requested" in ana.kinds()


def test_an_address_closed_by_mistake_is_opened_by_the_proof(engine: Engine) -> None:
    ana = talk(engine, NOON)
    with write_tx(engine) as connection:
        connection.execute(
            update(ContactPoint)
            .where(ContactPoint.borrower_id == ana.borrower)
            .values(confirmed_at=None, status="unverified")
        )
        connection.execute(
            update(Conversation).where(Conversation.id == ana.conversation).values(borrower_id=None)
        )
    ana.say("número equivocado")
    assert _point(ana) == ("closed", False)
    ana.say("perdón, me equivoqué, sí soy yo")
    ana.say("2 de enero")
    assert _point(ana) == ("closed", False)
    ana.say("15 de marzo")
    assert _point(ana) == ("confirmed", True)


def test_a_no_to_who_are_you_closes_nothing_yet(engine: Engine) -> None:
    ana = talk(engine, NOON)
    ana.say("soy su hermana")
    for text in ("hola", "no"):
        ana.say(text)
    assert _point(ana) == ("unverified", False)
    ana.say("no")
    assert _point(ana) == ("closed", False)


def test_a_promise_is_moved_and_cancelled_by_saying_so(engine: Engine) -> None:
    ana = talk(engine, NOON)
    for text in ("el viernes pago 300", "sí", "mejor el lunes", "sí", "cancela mi promesa"):
        ana.say(text)
    assert ana.kinds("promise.") == [
        "promise.made",
        "promise.cancelled",
        "promise.made",
        "promise.cancelled",
    ]


def test_a_yes_that_came_before_the_question_had_left_promises_nothing(engine: Engine) -> None:
    ana = talk(engine, NOON, services=make_test_services(engine, NOON, reply_wait_seconds=2))
    ana.dispatching = False
    ana.say("el viernes pago 300")
    ana.say("va, gracias")
    assert ana.kinds("promise.") == []
    ana.dispatching = True
    ana.advance(seconds=10)
    ana.send()
    ana.say("sí")
    assert ana.kinds("promise.") == ["promise.made"]
