"""The auditor finds each kind of violation that is put into the raw log, and none in what is lawful."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from bot.auditor import CHECKS, LAWS, InvalidReport, Report, audit, public_key, sign, verify
from bot.channels.twilio.decisions import decide
from bot.jobs.daily_audit import audit_terms, audit_yesterday
from bot.reach import AgentContact, record_call
from models import (
    AuditReport,
    Borrower,
    ContactPoint,
    Conversation,
    DeliveryAttempt,
    Hold,
    Loan,
    Message,
    Template,
    read_tx,
    write_tx,
)
from models.ledger import NewEntry, append
from tests.loans import add_borrower, add_loan
from tests.outbox import add_attempt
from tests.talk import Talk, talk

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday in Mexico City."""
EARLIER = NOON - timedelta(days=10)
LAWFUL = {
    "direction": "out",
    "author": "bot",
    "channel": "whatsapp",
    "address": "whatsapp:+525500000001",
    "status": "delivered",
    "body": "Hola, Ana. Le escribe Crédito Jacaranda. Si prefiere no recibir mensajes, responda BAJA.",
    "purpose": "contact",
    "attempts": 1,
    "sent_at": NOON,
    "created_at": NOON,
}
Seed = Callable[["Seeded"], None]


class Seeded:
    """A borrower, and a log that a test writes by hand."""

    def __init__(self, engine: Engine) -> None:
        self.talk: Talk = talk(engine, EARLIER)
        self.engine, self.terms = engine, audit_terms(self.talk.services)
        with write_tx(engine) as connection:
            connection.execute(update(Conversation).values(borrower_id=None))
            row = {"hash": "h", "name": "t", "language": "es_MX", "content_sid": "HX1", "created_at": EARLIER}
            connection.execute(insert(Template).values(**row, status="approved", category="UTILITY"))

    def send(self, attempt: dict[str, Any] | None = None, **values: Any) -> None:
        ours = {
            "conversation_id": self.talk.conversation,
            "borrower_id": self.talk.borrower,
            "loan_id": self.talk.loan,
        }
        with write_tx(self.engine) as connection:
            row = LAWFUL | ours | values
            message = connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one()
            add_attempt(connection, message, **({"template": "HX1"} if attempt is None else attempt))

    def call(self, at: datetime, phone: str | None = None) -> None:
        with write_tx(self.engine) as connection:
            made = AgentContact(
                self.talk.borrower, "call", "no_answer", at, "lender:dialer", at.isoformat(), phone
            )
            record_call(connection, made, at)

    def fact(self, kind: str, at: datetime = EARLIER, **data: Any) -> None:
        with write_tx(self.engine) as connection:
            append(connection, self.talk.loan, at, NewEntry(kind, data, "test"))

    def change(self, record: Any, **values: Any) -> None:
        with write_tx(self.engine) as connection:
            connection.execute(update(record).values(**values))

    def hold(self, kind: str) -> None:
        with write_tx(self.engine) as connection:
            connection.execute(insert(Hold).values(loan_id=self.talk.loan, kind=kind, placed_at=EARLIER))

    def report(self, country: str = "MX") -> Report:
        terms = replace(self.terms, country=country, law=LAWS[country])
        with read_tx(self.engine) as connection:
            return audit(connection, terms, date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture
def seeded(sqlite_engine: Engine) -> Seeded:
    return Seeded(sqlite_engine)


def at(**by: float) -> dict[str, Any]:
    return {"sent_at": NOON + timedelta(**by)}


def held(kind: str) -> Seed:
    def seed(log: Seeded) -> None:
        log.hold(kind)
        log.send()

    return seed


def after(kind: str, about: Mapping[str, Any] | None = None, **data: Any) -> Seed:
    def seed(log: Seeded) -> None:
        log.fact(kind, **data)
        log.send(**(about or {}))

    return seed


def sent(**values: Any) -> Seed:
    return lambda log: log.send(**values)


def several(*each: Mapping[str, Any]) -> Seed:
    def seed(log: Seeded) -> None:
        for place, values in enumerate(each):
            log.send(**{"body": f"Crédito Jacaranda {place}", **values})

    return seed


def with_closed_point(log: Seeded) -> None:
    log.change(ContactPoint, status="closed")
    log.fact("contact_point.closed", reason="wrong_person")
    log.send()


def to_a_mailbox_that_is_none(log: Seeded) -> None:
    log.change(ContactPoint, status="invalid")
    log.fact("contact_point.closed", reason="63003")
    log.send()


def of_what_the_provider_took(status: str, **values: Any) -> Seed:
    taken = {"template": "HX1", "provider_sid": "SM1"}
    return lambda log: log.send(status=status, attempt=taken, **values)


def after_the_clock_change(log: Seeded) -> None:
    """22:30 in Ciudad Juárez, an hour later than in summer."""
    log.change(Borrower, zone="America/Ciudad_Juarez")
    log.send(sent_at=datetime(2026, 11, 4, 5, 30, tzinfo=UTC))


def in_an_unknown_zone(log: Seeded) -> None:
    log.change(Borrower, zone=None)
    log.send(**at(hours=9, minutes=30))


def written_off(log: Seeded) -> None:
    log.change(Loan, status="written_off")
    log.send()


def by_a_third_party(log: Seeded) -> None:
    log.terms = replace(log.terms, sender_role="third_party")
    log.send()


def over_a_person(log: Seeded) -> None:
    log.fact("handoff.taken", conversation=log.talk.conversation)
    log.send()


def by_a_refused_template(log: Seeded) -> None:
    log.change(Template, status="rejected", checked_at=EARLIER)
    log.send()


def of_a_debt_to_nobody_known(log: Seeded) -> None:
    log.send(body="Crédito Jacaranda: debe $850.00, vencido.")


def about_the_loan_of_another(log: Seeded) -> None:
    with write_tx(log.engine) as connection:
        other, _ = add_borrower(connection, 2)
        loan = add_loan(connection, other, 2)
    log.send(loan_id=loan)


def for_another_loan_of_hers(seed: Seed) -> Seed:
    """What is known of her stands in one loan, and she is written to about one that was opened later."""

    def both(log: Seeded) -> None:
        seed(log)
        with write_tx(log.engine) as connection:
            later = add_loan(connection, log.talk.borrower, 2)
        log.send(loan_id=later, **at(hours=1))

    return both


def a_sum_in_an_answer(log: Seeded) -> None:
    log.change(ContactPoint, confirmed_at=None)
    log.send(purpose="reply", body="Debes $850.00")


SEEDS: dict[str, tuple[Seed, str]] = {
    "hours-early": (sent(**at(hours=-6)), "MX"),
    "hours-late": (sent(**at(hours=10)), "MX"),
    "hours-zone-unknown": (in_an_unknown_zone, "MX"),
    "hours-sms": (
        sent(channel="sms", address="+525500000001", attempt={}, **at(hours=-4)),
        "MX",
    ),
    "hours-wish": (after("preference.recorded", time_window=["15:00", "18:00"]), "MX"),
    "day-saturday": (sent(**at(days=4)), "MX"),
    "day-sunday": (sent(**at(days=5)), "MX"),
    "day-holiday": (sent(**at(days=-8)), "MX"),
    "cap-day": (several({}, at(hours=2)), "MX"),
    "cap-week": (several(at(days=-5), at(days=-4), at(days=-1), {}), "MX"),
    "cap-channels": (
        several(at(days=-1), {"channel": "sms", "address": "+525500000001"}),
        "CO",
    ),
    "cap-notices": (several(*({"purpose": "notice", **at(minutes=n)} for n in range(5))), "MX"),
    "opted-out": (after("optout.recorded"), "MX"),
    "point-closed": (with_closed_point, "MX"),
    "point-unknown": (sent(address="whatsapp:+525599999999"), "MX"),
    **{
        f"hold-{kind}": (held(kind), "MX")
        for kind in (
            "dispute",
            "deceased",
            "vulnerable",
            "legal",
            "opt_out",
            "hardship",
            "complaint",
            "payment_reported",
            "missing",
            "quiet",
        )
    },
    "loan-settled": (after("loan.settled"), "MX"),
    "loan-written-off": (written_off, "MX"),
    "third-party-channel": (by_a_third_party, "MX"),
    "owner": (over_a_person, "MX"),
    "notice-demands": (sent(purpose="notice", wording={"key": "reminder.late"}), "MX"),
    "window": (sent(attempt={}), "MX"),
    "template-unknown": (sent(attempt={"template": "HX9"}), "MX"),
    "template-unapproved": (by_a_refused_template, "MX"),
    "threat": (sent(author="agent", body="Crédito Jacaranda. Va a ir a la cárcel."), "MX"),
    "account-number": (sent(body="Crédito Jacaranda. Deposite en 012180001234567899"), "MX"),
    "debt-to-stranger": (of_a_debt_to_nobody_known, "MX"),
    "first-contact-name": (sent(body="Hola, Ana"), "MX"),
    "insult": (sent(body="Crédito Jacaranda. No sea moroso."), "MX"),
    "others-drawn-in": (sent(body="Crédito Jacaranda. Vamos a avisar a su jefe."), "MX"),
    "foreign-link": (sent(body="Crédito Jacaranda. Pague en https://bit.ly/3xY"), "MX"),
    "first-contact-way-out": (sent(body="Hola, Ana. Le escribe Crédito Jacaranda."), "MX"),
    "loan-of-another": (about_the_loan_of_another, "MX"),
    "reply-unasked": (sent(purpose="reply", channel="sms", address="+525500000001", attempt={}), "MX"),
    "shouting": (sent(author="agent", body="CRÉDITO JACARANDA LE PIDE QUE RESPONDA"), "MX"),
    "repeated": (several({"body": "Jacaranda"}, {"body": "Jacaranda", **at(minutes=5)}), "MX"),
}


@pytest.mark.parametrize("check", CHECKS)
def test_each_kind_of_violation_that_is_seeded_is_found(seeded: Seeded, check: str) -> None:
    seed, country = SEEDS[check]
    seed(seeded)
    report = seeded.report(country)
    assert check in {violation.check for violation in report.violations}


SIBLINGS: dict[str, tuple[str, Seed]] = {
    "the hold is gone from its table": ("hold-dispute", after("hold.placed", hold="dispute")),
    "the hold of a person stands on another loan": (
        "hold-deceased",
        for_another_loan_of_hers(after("hold.placed", hold="deceased")),
    ),
    "silence was asked for before the loan": (
        "opted-out",
        for_another_loan_of_hers(after("optout.recorded")),
    ),
    "silence, and a message about no loan": ("opted-out", after("optout.recorded", about={"loan_id": None})),
    "late": ("debt-to-stranger", sent(body="Crédito Jacaranda: tu pago está atrasado")),
    "pesos in words": ("debt-to-stranger", sent(body="Crédito Jacaranda: son 850 pesos")),
    "owed, in English": ("debt-to-stranger", sent(body="Crédito Jacaranda: you are past due")),
    "a sum in an answer of the bot's": ("debt-to-stranger", a_sum_in_an_answer),
    "an hour after the clock change": ("hours-late", after_the_clock_change),
    "to an address that does not exist": ("point-closed", to_a_mailbox_that_is_none),
    "to somebody who is no borrower": (
        "point-unknown",
        sent(borrower_id=None, address="whatsapp:+525577777777"),
    ),
    "a call to a number that nobody gave": (
        "point-unknown",
        lambda log: log.call(NOON, phone="+525577777777"),
    ),
    "held back, and taken by the provider": ("log-differs", of_what_the_provider_took("suppressed")),
    "waiting, and taken by the provider": ("log-differs", of_what_the_provider_took("queued", sent_at=None)),
    "a link without a scheme": ("foreign-link", sent(body="Crédito Jacaranda. Pague en bit.ly/3xY")),
    "an insult": ("insult", sent(body="Crédito Jacaranda. Es usted un tramposo")),
    "the family is to pay": ("others-drawn-in", sent(body="Crédito Jacaranda. Que pague tu mamá")),
    "the contacts are to know": (
        "others-drawn-in",
        sent(body="Crédito Jacaranda. Tus contactos sabrán que no pagas"),
    ),
    "behind": ("debt-to-stranger", sent(body="Crédito Jacaranda: ponte al corriente")),
    "a payment that waits": ("debt-to-stranger", sent(body="Crédito Jacaranda: tienes un pago pendiente")),
    "a threat in English": ("threat", sent(body="Crédito Jacaranda will sue you")),
    "a court's paper": ("threat", sent(body="Crédito Jacaranda. Recibirá un citatorio")),
}


@pytest.mark.parametrize("case", SIBLINGS)
def test_what_is_put_another_way_is_found_too(seeded: Seeded, case: str) -> None:
    check, seed = SIBLINGS[case]
    seed(seeded)
    assert check in {violation.check for violation in seeded.report().violations}


@pytest.mark.parametrize(
    "words",
    [
        "Sin embargo, podemos ayudarte.",
        "Tu aviso: https://acuerdo.example/m/abc",
        "Tu aviso: acuerdo.example/m/abc",
        "Escríbenos a une@jacaranda.example o al 800/24 horas.",
        "¿Quieres que te llame un asesor a tu teléfono?",
    ],
)
def test_words_that_only_look_like_it_are_no_violation(seeded: Seeded, words: str) -> None:
    seeded.send(body=f"{LAWFUL['body']} {words}")
    assert seeded.report().violations == ()


def test_a_template_is_judged_by_the_decision_that_stood_when_it_left(seeded: Seeded) -> None:
    decisions = [("rejected", "UTILITY", -2), ("approved", "MARKETING", -1), ("approved", "UTILITY", 1)]
    for status, category, hours in decisions:
        with write_tx(seeded.engine) as connection:
            at_ = NOON + timedelta(hours=hours)
            decide(connection, Template.content_sid == "HX1", at_, status=status, category=category)
    for hours in (-3, -1.5, 0, 2):
        seeded.send(**at(hours=hours), body=f"{LAWFUL['body']} {hours}")
    found = [each.detail for each in seeded.report().violations if each.check == "template-unapproved"]
    assert found == ["rejected, UTILITY", "approved, MARKETING"]


@pytest.mark.parametrize("taken", [{"provider_sid": "SM1"}, {"outcome": "refused"}])
@pytest.mark.parametrize("country", ["MX", "CO"])
def test_what_failed_and_went_another_way_is_one_contact(
    seeded: Seeded, country: str, taken: dict[str, str]
) -> None:
    """By the call or by a receipt: the one that arrived is the first, and says who writes."""
    seeded.send(status="failed", attempt=taken | {"template": "HX1"})
    by_sms = {"channel": "sms", "address": "+525500000001", "attempt": {}, **at(minutes=2)}
    seeded.send(**by_sms)
    assert seeded.report(country).violations == ()
    seeded.change(Message, body="Hola, Ana")
    assert "first-contact-name" in {each.check for each in seeded.report(country).violations}


def test_demands_of_the_bot_are_tried_by_their_words_as_those_of_agents_are(seeded: Seeded) -> None:
    several({"body": "Crédito Jacaranda. Lo vamos a demandar."}, {"body": "CRÉDITO JACARANDA: RESPONDA HOY"})(
        seeded
    )
    assert {"threat", "shouting"} <= {each.check for each in seeded.report().violations}


def test_calls_of_agents_are_tried_too_and_count_with_the_messages(seeded: Seeded) -> None:
    seeded.change(Loan, guarantor_phone="+525577777777")
    seeded.call(NOON, phone="+525577777777")
    seeded.send(**at(hours=2))
    seeded.call(NOON + timedelta(days=1, hours=11))
    report = seeded.report()
    found = [(each.check, each.message is None) for each in report.violations]
    assert (report.calls, found) == (2, [("cap-day", False), ("hours-late", True)])


def test_a_lawful_message_has_no_violation(seeded: Seeded) -> None:
    seeded.send()
    report = seeded.report()
    assert (report.messages, report.violations, report.near_misses) == (1, (), 0)
    assert len(CHECKS) >= 35


def test_the_account_that_this_loan_is_paid_into_is_the_lenders(seeded: Seeded) -> None:
    seeded.change(Loan, pay_clabe="012180001234567899", cash_reference="9101 0000 3650 0001")
    accounts = "CLABE 012180001234567899, en efectivo 9101 0000 3650 0001"
    seeded.send(body=f"{LAWFUL['body']} {accounts}")
    assert seeded.report().violations == ()


@pytest.mark.parametrize(
    "tampered",
    [
        {"status": "suppressed", "sent_at": None},
        {"purpose": "reply"},
        {"channel": "sms"},
        {"sent_at": NOON + timedelta(hours=3)},
        {"sent_at": NOON + timedelta(minutes=59)},
        {"id": 99},
    ],
)
def test_what_the_ledger_knows_to_have_left_cannot_be_made_undone_in_the_log(
    seeded: Seeded, tampered: dict[str, Any]
) -> None:
    seeded.send()
    seeded.send(purpose="notice", sent_at=NOON + timedelta(hours=1))
    with read_tx(seeded.engine) as connection:
        sent = select(Message.id, Message.purpose, Message.sent_at).where(Message.direction == "out")
        rows = connection.execute(sent).all()
    for number, purpose, sent_at in rows:
        left_at = int(sent_at.timestamp())
        known = {"message": number, "channel": "whatsapp", "purpose": purpose, "left_at": left_at}
        seeded.fact("contact.sent", NOON + timedelta(hours=2), **known)
    assert seeded.report().violations == ()
    with write_tx(seeded.engine) as connection:
        last = max(row.id for row in rows)
        connection.execute(delete(DeliveryAttempt).where(DeliveryAttempt.message_id == last))
        connection.execute(update(Message).where(Message.id == last).values(**tampered))
    found = {violation.check: violation.message for violation in seeded.report().violations}
    assert found["log-differs"] == last


def test_what_the_product_itself_sends_has_no_violation(sqlite_engine: Engine) -> None:
    ana = talk(sqlite_engine, NOON)
    ana.say("hola")
    ana.say("cuánto debo?")
    ana.say("el viernes pago")
    seeded_terms = audit_terms(ana.services)
    with read_tx(sqlite_engine) as connection:
        report = audit(connection, seeded_terms, date(2026, 11, 24), date(2026, 11, 24))
    assert report.violations == ()


def test_after_the_last_payment_how_long_demands_went_on(seeded: Seeded) -> None:
    seeded.fact("payment.posted", NOON, amount=1, rail="spei", paid_at=NOON.isoformat())
    seeded.fact("loan.settled", NOON)
    seeded.send(**at(seconds=40))
    report = seeded.report()
    assert [(rail, q.payments, q.p50, q.p99) for rail, q in report.quiet.items()] == [("spei", 1, 40, 40)]


def test_what_was_held_back_and_what_was_nearly_too_late_are_counted(seeded: Seeded) -> None:
    seeded.send(**at(hours=9, minutes=50))
    seeded.send(status="suppressed", reason="MX-CAP", sent_at=None)
    report = seeded.report()
    assert (report.near_misses, dict(report.held_back), report.violations) == (1, {"MX-CAP": 1}, ())


def test_a_day_is_reported_once_and_signed(seeded: Seeded) -> None:
    seeded.send(**at(days=-1, hours=11))  # Monday, eleven at night
    services = seeded.talk.services
    services.clock.at = NOON  # type: ignore[attr-defined]
    assert (audit_yesterday(services), audit_yesterday(services)) == (1, 0)
    with read_tx(seeded.engine) as connection:
        row = connection.execute(select(AuditReport.__table__)).one()
    assert (row.day, row.violations) == (date(2026, 11, 23), 1)
    key = public_key(services.settings.signing_key)
    verify(json.loads(json.dumps(row.body)), row.signature, key)
    with pytest.raises(InvalidReport):
        verify(row.body | {"violations": []}, row.signature, key)
    assert sign(row.body, "another") != row.signature
