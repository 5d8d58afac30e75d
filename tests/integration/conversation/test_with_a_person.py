"""While a person has the conversation the bot says nothing, and does all that protects the borrower."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from bot.handoff import invitations
from models import Borrower, ContactPoint, Conversation, Hold, LedgerEntry, Loan, Mandate, write_tx
from tests.talk import Talk, talk


@pytest.fixture(params=["queue", "agent"])
def ana(engine: Engine, now: datetime, request: pytest.FixtureRequest) -> Talk:
    one = talk(engine, now)
    one.say("quiero hablar con una persona")
    with write_tx(engine) as connection:
        connection.execute(update(Conversation).values(handler=request.param, urgency=0))
    return one


def conversation(one: Talk) -> object:
    return one.rows(Conversation, Conversation.id == one.conversation)[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BAJA", "optout.recorded"),
        ("ya no me escriban por favor", "optout.recorded"),
        ("la verdad ya no quiero vivir con tanta deuda", "vulnerability.reported"),
        ("yo no soy Ana, número equivocado", "wrong_party.reported"),
        ("yo nunca pedí ese préstamo, no reconozco la deuda", "dispute.opened"),
    ],
)
def test_what_protects_is_recorded_silently(ana: Talk, text: str, kind: str) -> None:
    before = len(ana.ours())
    received = ana.say(text)
    assert (received.outcome, len(ana.ours())) == ("stored", before)
    assert kind in ana.kinds()
    row = ana.rows(Conversation, Conversation.id == ana.conversation)[0]
    assert row.handler in ("queue", "agent")
    assert row.urgency > 0


def test_it_is_acted_on_and_not_only_noted(ana: Talk) -> None:
    ana.say("BAJA")
    assert ana.rows(Borrower)[0].opted_out_at is not None
    ana.say("no reconozco esta deuda")
    assert "dispute" in [hold.kind for hold in ana.rows(Hold)]
    ana.say("se equivocan de persona, no soy Ana")
    assert ana.rows(ContactPoint)[0].status == "closed"


def test_a_debit_is_cancelled_while_an_agent_has_it(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.to_authorized()
    with write_tx(engine) as connection:
        connection.execute(update(Conversation).values(handler="agent"))
    before = len(one.ours())
    one.say("cancelen la domiciliación por favor")
    assert [row.status for row in one.rows(Mandate)] == ["cancelled"]
    assert len(one.ours()) == before


def test_silence_that_is_wished_next_to_a_yes_is_heard(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.say("te pago 300 el viernes")
    with write_tx(engine) as connection:
        connection.execute(update(Conversation).values(handler="agent"))
    one.say("sí, pero ya no me escriban")
    assert one.kinds("optout.recorded")
    assert not one.kinds("promise.made")


def test_small_talk_changes_nothing(ana: Talk) -> None:
    before = ana.rows(Conversation, Conversation.id == ana.conversation)[0]
    kinds = ana.kinds()
    ana.say("hola, ¿siguen ahí?")
    after = ana.rows(Conversation, Conversation.id == ana.conversation)[0]
    assert (after.state, after.expecting, after.urgency) == (before.state, before.expecting, before.urgency)
    assert ana.kinds() == kinds


def test_an_agent_invites_in_the_name_of_the_loans_brand(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        ((_, own),) = invitations(connection, ana.services, ana.conversation, "Marta Ríos")["resume"].lines
        connection.execute(update(Loan).values(lender="Préstamos Colibrí"))
        ((_, words),) = invitations(connection, ana.services, ana.conversation, "Marta Ríos")["resume"].lines
    assert own["lender"] == ana.services.lender.facts.trade_name
    assert words == {"agent": "Marta", "lender": "Préstamos Colibrí"}


@pytest.mark.parametrize("text", ["ya no quiero persona, gracias", "mejor ya no", "olvídelo, ¿cuánto debo?"])
def test_who_wants_no_person_any_more_is_answered(engine: Engine, now: datetime, text: str) -> None:
    one = talk(engine, now)
    one.say("quiero hablar con una persona")
    before = len(one.ours())
    assert one.say(text).outcome == "stepped"
    assert len(one.ours()) == before + 1
    assert one.rows(Conversation, Conversation.id == one.conversation)[0].handler == "bot"


@pytest.mark.parametrize("first", ["la verdad ya no quiero vivir", "su cobrador me amenazó, pongo una queja"])
def test_what_a_person_must_see_stays_with_one(engine: Engine, now: datetime, first: str) -> None:
    one = talk(engine, now)
    one.say(first)
    assert one.say("ya no quiero persona, gracias").outcome == "stored"
    assert one.rows(Conversation, Conversation.id == one.conversation)[0].handler == "queue"


@pytest.mark.parametrize(
    "text", ["mañana a las 10", "Tomorrow at 10 am please", "o mejor mañana como a las 10"]
)
def test_the_hour_of_a_call_that_is_waited_for_is_kept(engine: Engine, now: datetime, text: str) -> None:
    one = talk(engine, now)
    one.say("quiero que me llamen")
    one.say(text)
    wished = one.rows(LedgerEntry, LedgerEntry.kind == "preference.recorded")[-1].data
    assert (wished["call_at"], wished["call_on"]) == ("10:00", (now + timedelta(days=1)).date().isoformat())
