"""Whatever a turn raises, wherever it raises it, the message is kept, somebody is given a task, and the
second try does what the first one wanted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.conversation import retry_unprocessed, take_events
from bot.reach import NewEvent, enqueue_event
from models import Conversation, Event, Message, Promise, Task, write_tx
from tests.services import Wire, make_test_services
from tests.talk import Talk, talk

ERRORS = (
    IntegrityError("INSERT", {}, Exception("a constraint")),
    OperationalError("UPDATE", {}, Exception("could not serialize access")),
    RuntimeError("anything else"),
)


@contextmanager
def failing(engine: Engine, place: int, error: Exception, seen: list[str]) -> Iterator[None]:
    """The statement at this place raises, once."""

    def statement(_connection: object, _cursor: object, text: str, *_: object) -> None:
        seen.append(text)
        if len(seen) == place:
            raise error

    event.listen(engine, "before_cursor_execute", statement)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", statement)


def statements_of(one: Talk, text: str) -> int:
    seen: list[str] = []
    with failing(one.services.engine, -1, ERRORS[0], seen):
        one.say(text)
    return len(seen)


def clabe(number: int) -> str:
    """A valid one for each borrower: an account is debited for one person only."""
    digits = f"01218{number:012d}"
    weighted = sum(int(digit) * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return f"{digits}{-weighted % 10}"


PATHS = {
    "promise": (("el viernes pago 500 pesos",), "sí"),
    "debit": (("quiero domiciliar mi pago", "{clabe}", "sí"), "ACEPTO"),
    "opt_out": ((), "BAJA"),
    "person": ((), "quiero hablar con una persona"),
}


@pytest.mark.parametrize("path", PATHS)
def test_each_statement_of_a_turn_may_fail(engine: Engine, now: datetime, path: str) -> None:
    before, text = PATHS[path]
    services, wire = make_test_services(engine, now), Wire()

    def prepared(number: int) -> Talk:
        one = talk(engine, now, number, services)
        one.wire = wire
        for earlier in before:
            one.say(earlier.format(clabe=clabe(number)))
        one.dispatching = False
        return one

    whole = prepared(1)
    count = statements_of(whole, text)
    assert count > 5
    for place in range(1, count + 1):
        one = prepared(place + 1)
        state = one.rows(Conversation, Conversation.id == one.conversation)[0]
        with failing(engine, place, ERRORS[place % len(ERRORS)], []):
            received = one.say(text)
        where = f"statement {place} of {count}"
        assert received.outcome == "unprocessed", where
        (kept,) = one.rows(Message, Message.id == received.message_id)
        assert (kept.status, kept.direction) == ("unprocessed", "in"), where
        (task,) = one.rows(Task, Task.message_id == kept.id)
        assert (task.kind, task.done_at) == ("unprocessed", None), where
        after = one.rows(Conversation, Conversation.id == one.conversation)[0]
        assert (after.state, after.version) == (state.state, state.version), where
        services.clock.advance(minutes=1)  # type: ignore[attr-defined]
        assert retry_unprocessed(services) == 1, where
        (task,) = one.rows(Task, Task.message_id == kept.id, Task.kind == "unprocessed")
        assert task.done_by == "system:retry", where
        assert one.kinds() == whole.kinds(), where
        assert len(one.ours()) == len(whole.ours()), where


def test_a_failed_commit_is_kept_too(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.say("el viernes pago 500 pesos")
    raised: list[int] = []

    def refuse(_connection: object) -> None:
        if one.services.clock.now() and not raised and armed:
            raised.append(1)
            raise ERRORS[0]

    armed = False
    event.listen(engine, "commit", refuse)
    armed = True
    try:
        received = one.say("sí")
    finally:
        event.remove(engine, "commit", refuse)
    assert raised
    if received.outcome == "unprocessed":
        one.advance(minutes=1)
        assert retry_unprocessed(one.services) == 1
    assert [row.status for row in one.rows(Promise, Promise.loan_id == one.loan)] == ["open"]


def test_a_button_is_still_a_button_at_the_second_try(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = talk(engine, now)
    one.say("el viernes pago 500 pesos")
    with monkeypatch.context() as broken:
        broken.setattr("flows.step", lambda *_, **__: 1 / 0)
        assert one.say("👍🏽", payload="yes").outcome == "unprocessed"
    one.advance(minutes=1)
    assert retry_unprocessed(one.services) == 1
    assert "promise.made" in one.kinds()


def test_what_raises_twice_stays_with_a_person(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = talk(engine, now)
    monkeypatch.setattr("flows.step", lambda *_, **__: 1 / 0)
    one.say("hola")
    one.advance(minutes=1)
    assert retry_unprocessed(one.services) == 0
    one.advance(minutes=1)
    assert retry_unprocessed(one.services) == 0
    (task,) = one.rows(Task, Task.kind == "unprocessed")
    assert task.done_at is None


def test_the_first_message_of_a_stranger_is_kept(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.integration.conversation.stranger import write

    services = make_test_services(engine, now)
    monkeypatch.setattr("bot.conversation.view.view", lambda *_, **__: 1 / 0)
    assert write(services, "hola").outcome == "unprocessed"
    assert write(services, "hola", sid="SMother").outcome == "unprocessed"
    assert write(services, "hola").outcome == "seen"


def test_an_event_whose_turn_raises_holds_up_no_other_and_ends_with_a_person(
    engine: Engine, now: datetime
) -> None:
    one = talk(engine, now)
    with write_tx(engine) as connection:
        for kind, key in (("no.such_kind", "broken"), ("released", "fine")):
            enqueue_event(connection, NewEvent(kind, one.conversation, key, now))
    assert take_events(one.services) == 2
    broken, fine = one.rows(Event)
    assert (broken.attempts, broken.error, broken.done_at) == (1, "ValueError", None)
    assert fine.done_at is not None
    for _ in range(4):
        one.services.clock.advance(minutes=20)  # type: ignore[attr-defined]
        take_events(one.services)
    assert one.rows(Event)[0].done_at is not None
    assert [task.kind for task in one.rows(Task)] == ["event"]
    assert take_events(one.services) == 0
