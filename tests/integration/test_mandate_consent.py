"""From the CLABE to the authorised mandate through the real turn: the evidence, and every way in which it
must not come about.
"""

import hashlib
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.conversation import fire_timers, take_events
from bot.debit.mandates import expire_mandates, issue_documents, submit_mandates
from bot.services import Services
from models import (
    BankAccount,
    Borrower,
    Charge,
    Consent,
    ContactPoint,
    Conversation,
    DeliveryAttempt,
    Instalment,
    Mandate,
    Message,
    Task,
    Transition,
    charge_table,
    event_table,
    read_tx,
    write_tx,
)
from models.ledger import NewEntry, append, verify
from models.transitions import begin
from tests.loans import add_borrower
from tests.services import make_test_services
from tests.talk import CLABE, Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    return talk(engine, now)


def mandate(one: Talk) -> Any:
    return one.rows(Mandate, Mandate.loan_id == one.loan)[-1]


def request_outreach(one: Talk) -> None:
    """The lender asks for a reminder now; the borrower wrote a minute ago, so that no template is needed."""
    now = one.services.clock.now()
    event = {
        "conversation_id": one.conversation,
        "loan_id": one.loan,
        "kind": "outreach",
        "data": {"flow": "reminder", "tone": "kind"},
        "key": "reminder",
        "not_before": now,
        "attempts": 0,
        "created_at": now,
    }
    with write_tx(one.services.engine) as connection:
        connection.execute(update(Conversation).values(last_in_at=now))
        connection.execute(event_table.insert(), event)
    take_events(one.services)
    one.send()


def _add_points(one: Talk, point: Any) -> None:
    """Two proofs of who she is; of the same phone, a point that was confirmed earlier, one that never was,
    and one of somebody else.
    """
    now = one.services.clock.now()
    earlier, later = (point.confirmed_at + timedelta(minutes=minutes) for minutes in (-9, 1))
    with write_tx(one.services.engine) as connection:
        for factor, message in (("birth_date", 1), ("rfc", 2)):
            proof = NewEntry("identity.confirmed", {"factor": factor, "message": message}, "borrower")
            append(connection, one.loan, now, proof)
        stranger, _ = add_borrower(connection, 77, key=point.key)
        of_stranger = ContactPoint.borrower_id == stranger
        connection.execute(
            update(ContactPoint).where(of_stranger).values(status="confirmed", confirmed_at=later)
        )
        for channel, confirmed_at in (("sms", earlier), ("email", None)):
            connection.execute(
                insert(ContactPoint).values(
                    borrower_id=point.borrower_id,
                    conversation_id=one.conversation,
                    channel=channel,
                    key=f"{channel}-{point.key}",
                    address=point.key,
                    status="confirmed" if confirmed_at else "unverified",
                    confirmed_at=confirmed_at,
                    created_at=point.created_at,
                )
            )


def test_the_evidence_of_a_consent_is_complete(ana: Talk) -> None:
    ana.to_terms()
    asked = ana.ours()[-1]
    ana.advance(minutes=3)
    (point,) = ana.rows(ContactPoint)
    _add_points(ana, point)
    ana.say("ACEPTO")
    held, (consent,) = mandate(ana), ana.rows(Consent)
    answer = ana.rows(Message, Message.id == consent.answered_message_id)[0]
    assert (held.status, held.max_amount, held.frequency, held.authorized_at) == (
        "authorized",
        60_000,
        "semimonthly",
        ana.services.clock.now(),
    )
    assert (answer.body, answer.direction, answer.provider_sid[:4], consent.answer_text) == (
        "ACEPTO",
        "in",
        "SMin",
        "ACEPTO",
    )
    assert consent.asked_message_id == asked.id
    assert ana.rows(DeliveryAttempt, DeliveryAttempt.message_id == asked.id)[0].provider_sid
    assert held.terms_text in ana.ours()[-2].body
    assert held.terms_hash == consent.terms_hash == hashlib.sha256(held.terms_text.encode()).hexdigest()
    assert consent.identity == {
        "contact_point": point.id,
        "confirmed_at": point.confirmed_at.isoformat(),
        "factor": "rfc",
        "proof": 2,
    }
    assert consent.at == ana.services.clock.now()
    assert [(row.kind, row.data["folio"]) for row in ana.ledger("mandate")] == [
        ("mandate.requested", held.folio),
        ("mandate.authorized", held.folio),
    ]
    assert ana.ledger("mandate")[1].data["consent"] == consent.id
    assert [row.to_status for row in ana.rows(Transition, Transition.subject == "mandate")] == [
        "requested",
        "authorized",
    ]
    with read_tx(ana.services.engine) as connection:
        assert list(verify(connection)) == []


def test_all_ten_points_stand_in_the_message_that_was_sent(ana: Talk) -> None:
    ana.to_terms()
    shown = ana.wire.sent[-1]
    ten = (
        "24 de noviembre de 2026",
        "Jacaranda Servicios Financieros",
        "L1",
        "quincenal",
        "BBVA",
        "CLABE terminación 7899",
        "$600.00",
        "indefinido",
        "cancelarla en cualquier momento, sin costo",
        "Ana López Ruiz",
    )
    assert [point for point in ten if point not in shown.text] == []
    assert [choice["payload"] for choice in shown.choices] == ["accept", "no"]
    assert len(shown.text) <= 1024


def test_a_good_way_takes_at_most_seven_messages(ana: Talk) -> None:
    """The reminder, why and the CLABE, the bank, the terms, registered, active."""
    request_outreach(ana)
    ana.say("Cargo automático", "debit")
    for text in (CLABE, "sí", "ACEPTO"):
        ana.say(text)
    issue_documents(ana.services)
    submit_mandates(ana.services)
    take_events(ana.services)
    ana.send()
    assert mandate(ana).status == "active"
    assert len(ana.wire.sent) <= 7


def test_a_bare_yes_a_condition_and_a_number_authorise_nothing(ana: Talk) -> None:
    ana.to_terms()
    for text in ("sí", "sí pero solo 100", "1", "acepto si es el viernes"):
        ana.say(text)
        assert mandate(ana).status == "requested", text
        if ana.rows(Conversation)[0].handler != "bot":
            return
    assert ana.rows(Consent) == []


def test_an_answer_to_words_that_have_not_left_binds_nobody(ana: Talk) -> None:
    for text in ("domiciliar", CLABE):
        ana.say(text)
    ana.dispatching = False
    ana.say("sí")
    ana.say("acepto")
    assert [row.status for row in ana.rows(Mandate)] == ["cancelled", "requested"]
    assert ana.rows(Consent) == []
    ana.dispatching = True
    ana.send()
    ana.say("acepto")
    assert [row.status for row in ana.rows(Mandate)] == ["cancelled", "authorized"]


def test_words_that_left_otherwise_than_they_were_kept_bind_nobody(ana: Talk) -> None:
    ana.to_terms()
    with write_tx(ana.services.engine) as connection:
        connection.execute(
            update(Message).where(Message.id == ana.ours()[-1].id).values(body="otras palabras")
        )
    ana.say("acepto")
    assert [row.status for row in ana.rows(Mandate)] == ["cancelled", "requested"]
    assert ana.rows(Consent) == []
    ana.say("acepto")
    assert mandate(ana).status == "authorized"


def test_terms_that_changed_meanwhile_are_put_again(ana: Talk) -> None:
    ana.to_terms()
    ana.advance(minutes=1)
    with write_tx(ana.services.engine) as connection:
        connection.execute(
            update(Instalment).where(Instalment.loan_id == ana.loan).values(unpaid_interest=20_000)
        )
    ana.say("acepto")
    assert [(row.status, row.max_amount) for row in ana.rows(Mandate)] == [
        ("cancelled", 60_000),
        ("requested", 70_000),
    ]
    assert ana.rows(Consent) == []
    ana.say("acepto")
    assert mandate(ana).status == "authorized"


def test_consent_after_expiry_is_told_so_and_asked_afresh(ana: Talk) -> None:
    ana.to_terms()
    ana.advance(hours=73)
    fire_timers(ana.services)
    expire_mandates(ana.services)
    assert mandate(ana).status == "expired"
    ana.say("yo acepto los términos")
    assert [row.status for row in ana.rows(Mandate)] == ["expired", "requested"]
    assert ana.rows(Consent) == []
    assert "no te compromete" in ana.ours()[-2].body
    ana.say("acepto")
    assert mandate(ana).status == "authorized"
    assert ana.kinds("mandate") == [
        "mandate.requested",
        "mandate.expired",
        "mandate.requested",
        "mandate.authorized",
    ]


def test_two_acceptances_at_once_are_one_consent(ana: Talk) -> None:
    ana.to_terms()
    ana.dispatching = False
    threads = [threading.Thread(target=ana.say, args=("acepto",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ana.rows(Consent)) == 1
    assert ana.kinds("mandate") == ["mandate.requested", "mandate.authorized"]
    assert ana.rows(Task) == []


@pytest.fixture
def two(engine: Engine, now: datetime) -> tuple[Talk, Talk]:
    services = make_test_services(engine, now)
    return talk(engine, now, 1, services), talk(engine, now, 2, services, name="Luis Cruz")


def test_an_account_in_use_goes_to_a_person(two: tuple[Talk, Talk]) -> None:
    ana, luis = two
    ana.to_authorized()
    for text in ("domiciliar", CLABE):
        luis.say(text)
    assert luis.rows(Mandate, Mandate.loan_id == luis.loan) == []
    row = luis.rows(Conversation, Conversation.id == luis.conversation)[0]
    assert (row.handler, row.queue_reason) == ("queue", "account_in_use")


def test_of_two_who_take_an_account_at_once_one_gets_it(two: tuple[Talk, Talk]) -> None:
    for one in two:
        for text in ("domiciliar", CLABE):
            one.say(text)
        one.dispatching = False
    threads = [threading.Thread(target=one.say, args=("sí",)) for one in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(two[0].rows(Mandate)) == 1
    queued = two[0].rows(Conversation, Conversation.handler == "queue")
    assert [row.queue_reason for row in queued] == ["account_in_use"]


def test_what_the_provider_lacks_is_asked_and_kept(ana: Talk) -> None:
    ana.provider.needs(needs_document=True, needs_email=True)
    ana.to_authorized()
    ana.say("mi rfc es lora-900315-ab1")
    ana.say("Ana@Correo.mx")
    person = ana.rows(Borrower)[0]
    assert (person.rfc, person.email) == ("LORA900315AB1", "ana@correo.mx")
    assert "registrada" in ana.wire.sent[-1].text


def test_identity_documents_are_given_on_the_page_and_never_in_the_chat(ana: Talk) -> None:
    ana.provider.needs(needs_identity_files=True)
    ana.to_authorized()
    assert "no la mandes por este chat" in ana.wire.sent[-1].text
    assert "/m/" in ana.wire.sent[-1].text
    assert ana.rows(Task) == []


def _activate(one: Talk, **values: Any) -> int:
    held = mandate(one).id
    with write_tx(one.services.engine) as connection:
        connection.execute(
            update(Mandate)
            .where(Mandate.id == held)
            .values(status="active", provider_refs={"account": "a1"}, **values)
        )
    return int(held)


def _charge(one: Talk, held: int, status: str, number: int) -> None:
    now = one.services.clock.now()
    with write_tx(one.services.engine) as connection:
        instalment = connection.scalar(
            select(Instalment.id).where(Instalment.loan_id == one.loan, Instalment.number == number)
        )
        row = {
            "mandate_id": held,
            "loan_id": one.loan,
            "instalment_id": instalment,
            "attempt": 1,
            "amount": 60_000,
            "status": status,
            "charge_on": now.date(),
            "key": f"k{number}",
            "provider": "fake",
            "created_at": now,
        }
        charge = connection.execute(charge_table.insert().returning(Charge.id), row).scalar_one()
        begin(connection, "charge", charge, status, at=now, actor="test", data={})


def test_cancelling_ends_it_at_once_with_what_waits_and_names_what_flies(ana: Talk) -> None:
    ana.to_authorized()
    held = _activate(ana)
    _charge(ana, held, "notified", 1)
    _charge(ana, held, "submitted", 2)
    ana.say("cancelen la domiciliación")
    assert (mandate(ana).status, mandate(ana).due_at) == ("cancelled", ana.services.clock.now())
    assert [row.status for row in ana.rows(Charge)] == ["cancelled", "submitted"]
    assert ana.kinds("mandate")[-1:] + ana.kinds("charge") == ["mandate.cancelled", "charge.cancelled"]
    assert ana.ledger("mandate")[-1].data["in_flight"] == [ana.rows(Charge)[1].id]
    assert "terminación 7899" in ana.wire.sent[-1].text
    assert "$600.00" in ana.wire.sent[-1].text


def test_another_account_is_asked_for_while_the_old_one_stands(ana: Talk) -> None:
    ana.to_authorized()
    _activate(ana)
    ana.advance(minutes=1)
    for text in ("cambiar de cuenta", "014180001234567800", "sí", "acepto"):
        ana.say(text)
    assert [row.status for row in ana.rows(Mandate)] == ["active", "authorized"]
    assert len(ana.rows(BankAccount)) == 2


def test_terms_too_long_for_a_button_go_before_the_question(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.debit.consent.TERMS_ROOM", 60)
    one = talk(engine, now)
    one.to_terms()
    terms, question = one.ours()[-2:]
    assert "10. Titular" in terms.body
    assert terms.choices is None
    assert mandate(one).folio in question.body
    assert len(question.choices) == 2
    one.say("acepto")
    assert mandate(one).status == "authorized"
    assert one.rows(Consent)[0].asked_message_id == terms.id


def test_without_a_provider_nothing_is_offered(engine: Engine, now: datetime) -> None:
    first = make_test_services(engine, now)
    bare = Services(
        first.settings.model_copy(update={"debit_provider": ""}), engine, first.clock, first.lender
    )
    one = talk(engine, now, services=bare)
    one.say("quiero domiciliar")
    assert one.rows(Conversation)[0].queue_reason == "wants_debit"
