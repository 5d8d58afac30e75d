"""A WhatsApp identity (BSUID) that changes on a known phone ends the proof of identity."""

import re
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.conversation import Incoming, receive
from bot.reach import unverify_before_cut
from bot.services import Services
from models import ContactPoint, Conversation, Message
from tests.services import ACCOUNT, Wire, make_test_services
from tests.talk import Talk, talk

FIRST, SECOND, THIRD = "MX.1001", "MX.2002", "MX.3003"
SAYS = ("cuánto debo", "el viernes pago 500 pesos", "sí", "hola", "quiero domiciliar mi pago", "mis datos")
PROOF = "15 de marzo de 1990"
DEBT = re.compile(r"\$|saldo|adeud|vencid|atras|mensualidad|préstamo|promesa", re.IGNORECASE)
NUMBERS = count(100)
BINDING = ("promise.", "plan.", "mandate.", "extension.", "settlement.")


def deliver(one: Talk, text: str, alias: str | None) -> None:
    """The message is taken; what answers it waits."""
    incoming = Incoming(
        "whatsapp",
        f"whatsapp:{one.phone}",
        one.phone,
        "whatsapp:+525550000000",
        ACCOUNT,
        f"SMalias{next(NUMBERS)}",
        text,
        one.services.clock.now(),
        alias=alias,
    )
    receive(one.services, incoming)


def write(one: Talk, text: str, alias: str | None) -> str:
    """The newest answer's lines."""
    deliver(one, text, alias)
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


def test_what_was_written_before_is_marked_as_possibly_somebody_elses(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    write(one, "hola", FIRST)
    assert one.rows(Conversation)[0].somebody_else_since is None
    write(one, "buenas", SECOND)
    since = one.rows(Conversation)[0].somebody_else_since
    assert [row.body for row in one.rows(Message, Message.direction == "in", Message.id < since)] == ["hola"]


def test_an_answer_that_waits_does_not_leave_for_the_newcomer(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    write(one, "hola", FIRST)
    deliver(one, "cuánto debo", FIRST)
    write(one, "hola", SECOND)
    assert [row.reason for row in one.ours() if row.status == "suppressed"] == ["IDENTITY"]
    assert not any("$" in outgoing.text for outgoing in one.wire.sent)


def test_a_proof_from_before_lines_were_cut_is_none(engine: Engine, now: datetime) -> None:
    cut = now.date() + timedelta(days=2)
    one = talk(engine, now, services=make_test_services(engine, now, lines_cut_on=cut))
    assert "$" in write(one, "cuánto debo", None)
    assert unverify_before_cut(one.services) == 0
    one.advance(days=3)
    assert "$" not in write(one, "cuánto debo", None)
    assert unverify_before_cut(one.services) == 1
    assert one.rows(ContactPoint)[0].status == "unverified"
    write(one, PROOF, None)
    assert unverify_before_cut(one.services) == 0
    assert "$" in write(one, "cuánto debo", None)


@pytest.fixture
def many(sqlite_engine: Engine, now: datetime) -> tuple[Services, Wire]:
    """For many borrowers."""
    return make_test_services(sqlite_engine, now), Wire()


STEPS = st.tuples(st.sampled_from((FIRST, SECOND, THIRD, None)), st.sampled_from(SAYS), st.booleans())


@settings(max_examples=15)
@given(steps=st.lists(STEPS, min_size=2, max_size=6))
@example(steps=[(FIRST, "cuánto debo", False), (SECOND, "sí", True), (FIRST, "cuánto debo", True)])
@example(
    steps=[(SECOND, "hola", True), (FIRST, "el viernes pago 500 pesos", True), (SECOND, "sí", True)],
)
@example(steps=[(FIRST, "quiero domiciliar mi pago", True), (None, "sí", False), (THIRD, "sí", True)])
def test_nothing_about_a_debt_is_said_across_a_change(
    many: tuple[Services, Wire], steps: list[tuple[str | None, str, bool]]
) -> None:
    """Only the first one knows the birth date, and gives it whenever they come back."""
    services, wire = many
    one = talk(services.engine, services.clock.now(), next(NUMBERS), services)
    one.wire = wire
    write(one, "hola", FIRST)
    writer = FIRST
    for alias, text, leaves in steps:
        came_back, writer = alias == FIRST != writer, alias or writer
        bound, sent = len(bindings(one)), len(one.wire.sent)
        if came_back:
            deliver(one, PROOF, alias)
        deliver(one, text, alias)
        if leaves:
            one.send()
        if writer != FIRST:
            shown = [f"{o.text} {o.choices}" for o in one.wire.sent[sent:]]
            assert not [text for text in shown if DEBT.search(text)]
            assert len(bindings(one)) == bound


def bindings(one: Talk) -> list[str]:
    return [kind for kind in one.kinds() if kind.startswith(BINDING)]
