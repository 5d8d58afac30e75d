"""The dispatcher against both databases: what leaves, in which order, what is held back, and what becomes of claims that were left."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, update

from bot.channels import Held, Listed, Outgoing, PermanentFailure, Receipt, Sent, TransientFailure, UnknownOutcome
from bot.clock import system_now
from bot.conversation import Incoming
from bot.outreach import Senders, dispatch, record_receipt, resolve_unknown
from bot.outreach.words import template_hash
from bot.services import Services
from bot.wording import encode, templates
from flows.border.effects import Choice, Say
from models import Borrower, Conversation, Event, Hold, LedgerEntry, Message, Task, Template, reading, writing
from models.base import AnyRow
from models.ledger import Payment, post_payment
from tests.loans import add_borrower, add_loan
from tests.services import ACCOUNT, make_test_services
from values import Money

REPLY = Say((("thanks.back", {}),))
OPENING = Say(
    (("identity.opening", {"name": "Ana", "lender": "Jacaranda"}),), (Choice("yes", "answer.yes"), Choice("no", "answer.no")), purpose="contact"
)


@dataclass
class FakeTwilio:
    """What was sent; what it answers, once each, before it goes back to taking everything."""

    sent: list[Outgoing] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    during: Callable[[Outgoing], None] = lambda _: None

    def send(self, outgoing: Outgoing) -> Sent:
        self.during(outgoing)
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(outgoing)
        return Sent(f"SM{len(self.sent):032d}", ACCOUNT)

    def sent_to(self, address: str, since: datetime) -> list[Listed]:
        return self.listed

    def received_since(self, since: datetime) -> list[Held]:
        return []

    def incoming(self, held: Held, at: datetime) -> Incoming:
        raise NotImplementedError


@dataclass
class Outbox:
    services: Services
    twilio: FakeTwilio
    borrower: int
    conversation: int
    loan: int

    def queue(self, say: Say = REPLY, **values: Any) -> int:
        now = self.services.clock.now()
        row = {
            "conversation_id": self.conversation, "borrower_id": self.borrower, "loan_id": self.loan, "direction": "out", "author": "bot",
            "channel": "whatsapp", "address": "whatsapp:+525500000001", "status": "queued", "wording": encode(say), "purpose": say.purpose,
            "not_before": now, "created_at": now,
        } | values  # fmt: skip
        with writing(self.services.engine) as connection:
            return connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one()

    def run(self) -> int:
        return dispatch(self.services, self.twilio)

    def row(self, message: int) -> AnyRow:
        with reading(self.services.engine) as connection:
            return connection.execute(select(Message.__table__).where(Message.id == message)).one()

    def rows(self) -> list[AnyRow]:
        with reading(self.services.engine) as connection:
            return list(connection.execute(select(Message.__table__).where(Message.direction == "out").order_by(Message.id)))

    def set(self, record: type, **values: Any) -> None:
        with writing(self.services.engine) as connection:
            connection.execute(update(record).values(**values))

    def advance(self, **by: float) -> None:
        self.services.clock.advance(**by)  # type: ignore[attr-defined]

    def tasks(self) -> list[str]:
        with reading(self.services.engine) as connection:
            return list(connection.scalars(select(Task.kind).order_by(Task.id)))

    def ledger(self) -> list[str]:
        with reading(self.services.engine) as connection:
            kinds = select(LedgerEntry.kind).where(LedgerEntry.kind.regexp_match("^(contact|optout)")).order_by(LedgerEntry.id)
            return list(connection.scalars(kinds))


@pytest.fixture
def outbox(engine: Engine, now: datetime) -> Outbox:
    """A borrower who wrote an hour ago: WhatsApp's window is open."""
    with writing(engine) as connection:
        borrower, conversation = add_borrower(connection, 1)
        loan = add_loan(connection, borrower)
        connection.execute(update(Conversation).values(last_in_at=now - timedelta(hours=1)))
    return Outbox(make_test_services(engine, now), FakeTwilio(), borrower, conversation, loan)


def claim(outbox: Outbox, message: int, age: timedelta) -> None:
    """As a worker leaves it that was killed after its claim."""
    values = {
        "status": "sending",
        "claimed_at": system_now() - age,
        "claimed_by": "gone:1",
        "body": "Gracias a ti. Aquí estoy si necesitas algo.",
        "attempts": 1,
    }
    with writing(outbox.services.engine) as connection:
        connection.execute(update(Message).where(Message.id == message).values(**values))


def test_an_answer_leaves_as_worded_and_no_ledger_hears_of_it(outbox: Outbox) -> None:
    message = outbox.queue()
    assert outbox.run() == 1
    row = outbox.row(message)
    assert (row.status, row.provider_sid, row.attempts) == ("sent", f"SM{1:032d}", 1)
    assert row.body == outbox.twilio.sent[0].text != ""
    assert outbox.ledger() == []
    assert outbox.run() == 0


def test_the_transaction_is_closed_while_the_provider_is_called(outbox: Outbox) -> None:
    message = outbox.queue()
    seen: list[str] = []

    def look(_: Outgoing) -> None:
        outbox.set(Borrower, name="Ana")  # would wait for a lock
        seen.append(outbox.row(message).status)

    outbox.twilio.during = look
    outbox.run()
    assert seen == ["sending"]


def test_a_contact_is_told_to_the_ledger_by_id_and_code_alone(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    outbox.run()
    with reading(outbox.services.engine) as connection:
        entry = connection.execute(select(LedgerEntry.__table__).where(LedgerEntry.kind == "contact.sent")).one()
        assert connection.scalar(select(Conversation.contacted_at)) is not None
    assert entry.data == {"message": message, "channel": "whatsapp", "purpose": "contact"}
    assert [choice["payload"] for choice in outbox.row(message).choices] == ["yes", "no"]


def test_one_conversation_goes_in_order_one_at_a_time(outbox: Outbox) -> None:
    first, second = outbox.queue(), outbox.queue()
    assert outbox.run() == 1
    assert [outbox.row(m).status for m in (first, second)] == ["sent", "queued"]
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [first, second]


def test_an_answer_that_waits_to_be_tried_again_holds_up_the_next_but_a_contact_does_not(outbox: Outbox) -> None:
    outbox.twilio.answers = [TransientFailure("20429")]
    first, second = outbox.queue(), outbox.queue()
    outbox.run()
    assert outbox.run() == 0
    outbox.advance(seconds=2)
    outbox.run()
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [first, second]
    later = outbox.queue(OPENING, not_before=outbox.services.clock.now() + timedelta(days=1))
    third = outbox.queue()
    outbox.run()
    assert [outbox.row(m).status for m in (later, third)] == ["queued", "sent"]


def test_answers_leave_before_a_campaign(outbox: Outbox) -> None:
    with writing(outbox.services.engine) as connection:
        for number in range(10, 20):
            borrower, conversation = add_borrower(connection, number)
            add_loan(connection, borrower, number)
            row = {"conversation_id": conversation, "borrower_id": borrower, "direction": "out", "author": "bot", "channel": "sms", "address": "+525500000010",
                   "status": "queued", "wording": encode(OPENING), "purpose": "contact", "not_before": outbox.services.clock.now() - timedelta(minutes=5),
                   "created_at": outbox.services.clock.now()}  # fmt: skip
            connection.execute(insert(Message).values(**row))
    reply = outbox.queue()
    dispatch(outbox.services, outbox.twilio, batch=3)
    assert outbox.twilio.sent[0].message_id == reply
    assert len(outbox.twilio.sent) == 3


def test_the_caps_hold_for_a_shared_phone_where_nobody_is_known_yet(outbox: Outbox) -> None:
    outbox.queue(OPENING, borrower_id=None)
    outbox.run()
    again = outbox.queue(OPENING, borrower_id=None)
    known = outbox.queue(OPENING)
    outbox.run()
    outbox.run()
    assert len(outbox.twilio.sent) == 1
    assert [(outbox.row(message).status, outbox.row(message).error) for message in (again, known)] == [("suppressed", "MX-CAP")] * 2


def test_a_shared_phone_is_left_alone_once_everybody_asked_for_silence(outbox: Outbox) -> None:
    with writing(outbox.services.engine) as connection:
        add_borrower(connection, 2, key="+525500000001")
    message = outbox.queue(OPENING, borrower_id=None)
    outbox.set(Borrower, opted_out_at=outbox.services.clock.now())
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).error) == ("suppressed", "OPT-OUT")


def test_nobody_is_contacted_twice_in_one_batch(outbox: Outbox) -> None:
    with writing(outbox.services.engine) as connection:
        thread = {"key": "MX.1", "channel": "whatsapp", "address": "whatsapp:MX.1", "state": {}, "created_at": outbox.services.clock.now()}
        other = connection.execute(insert(Conversation).values(**thread).returning(Conversation.id)).scalar_one()
    outbox.queue(OPENING)
    second = outbox.queue(OPENING, conversation_id=other, channel="sms", address="+525500000009")
    outbox.run()
    outbox.run()
    assert len(outbox.twilio.sent) == 1
    row = outbox.row(second)
    assert (row.status, row.error) == ("suppressed", "MX-CAP")
    with reading(outbox.services.engine) as connection:
        assert connection.scalar(select(Event.not_before)) > outbox.services.clock.now()


@pytest.mark.parametrize("handler", ["queue", "agent"])
def test_the_bot_is_silent_once_a_person_has_the_conversation(outbox: Outbox, handler: str) -> None:
    taken = outbox.services.clock.now()
    before = outbox.queue()
    outbox.set(Conversation, handler=handler, queued_at=taken)
    outbox.advance(seconds=1)
    after, unasked = outbox.queue(), outbox.queue(OPENING)
    agents = outbox.queue(author="agent", wording=None, body="Soy Laura, ¿en qué ayudo?")
    for _ in range(4):
        outbox.run()
    statuses = [outbox.row(m).status for m in (before, after, unasked, agents)]
    assert statuses == ["sent" if handler == "queue" else "suppressed", "suppressed", "suppressed", "sent"]
    assert outbox.twilio.sent[-1].text == "Soy Laura, ¿en qué ayudo?"


def test_what_forbids_a_contact_between_planning_and_sending(outbox: Outbox) -> None:
    def suppressed_by(rule: str) -> None:
        message = outbox.queue(OPENING)
        outbox.run()
        row = outbox.row(message)
        assert (row.status, row.error) == ("suppressed", rule)

    outbox.set(Borrower, opted_out_at=outbox.services.clock.now())
    suppressed_by("OPT-OUT")
    outbox.set(Borrower, opted_out_at=None)
    with writing(outbox.services.engine) as connection:
        connection.execute(insert(Hold).values(loan_id=outbox.loan, kind="dispute", placed_at=outbox.services.clock.now()))
    suppressed_by("HOLD")
    outbox.set(Hold, lifted_at=outbox.services.clock.now())
    with writing(outbox.services.engine) as connection:
        at = outbox.services.clock.now()
        post_payment(connection, outbox.loan, Payment(Money(60_000), at, "spei", "R1", "lender:test"), at, at.date())
    suppressed_by("PAID")
    assert outbox.ledger() == ["contact.suppressed"] * 3
    assert outbox.twilio.sent == []


def test_a_contact_waits_for_the_lawful_hours_and_is_worded_anew_then(outbox: Outbox) -> None:
    outbox.advance(hours=11)  # eleven at night
    message = outbox.queue(OPENING)
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.error) == ("suppressed", "MX-HOURS")
    with reading(outbox.services.engine) as connection:
        event = connection.execute(select(Event.__table__)).one()
    assert (event.kind, event.loan_id, event.not_before.hour) == ("outreach", outbox.loan, 13)
    confirmation = outbox.queue(replace(OPENING, purpose="confirmation"))
    outbox.run()
    assert outbox.row(confirmation).status == "queued"
    assert outbox.row(confirmation).not_before == event.not_before


def test_what_was_queued_yesterday_or_before_a_payment_is_worded_anew(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    with writing(outbox.services.engine) as connection:
        at = outbox.services.clock.now() + timedelta(seconds=1)
        post_payment(connection, outbox.loan, Payment(Money(10_000), at, "spei", "R1", "lender:test"), at, at.date())
    outbox.advance(minutes=1)
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).error) == ("suppressed", "STALE")


def test_outside_the_window_only_a_template_leaves(outbox: Outbox, now: datetime) -> None:
    outbox.advance(hours=22, minutes=59)
    answer = outbox.queue()
    outbox.run()
    assert (outbox.row(answer).status, outbox.row(answer).error_code) == ("failed", "no_template")
    agents = outbox.queue(author="agent", wording=None, body="¿Sigue ahí?")
    outbox.run()
    assert outbox.row(agents).error_code == "no_template"
    wanted = next(t for t in templates(outbox.services.wording) if (t.key, t.language) == ("identity.opening", "es_MX"))
    row = {
        "hash": template_hash(wanted),
        "name": "acuerdo_identity_opening",
        "language": "es_MX",
        "content_sid": "HX1",
        "status": "approved",
        "created_at": now,
    }
    with writing(outbox.services.engine) as connection:
        connection.execute(insert(Template).values(**row, category="MARKETING"))
    wrong = outbox.queue(OPENING)
    outbox.run()
    assert outbox.row(wrong).error_code == "no_template"
    outbox.set(Template, category="UTILITY")
    opening = outbox.queue(OPENING)
    outbox.run()
    (sent,) = outbox.twilio.sent
    assert (sent.template, sent.variables, outbox.row(opening).extra) == ("HX1", ("Ana", "Jacaranda"), {"template": "HX1"})


def test_an_sms_opens_no_window_and_needs_none(outbox: Outbox) -> None:
    outbox.set(Conversation, channel="sms")
    whatsapp, sms = outbox.queue(), outbox.queue(channel="sms", address="+525500000001")
    outbox.run()
    outbox.run()
    assert [outbox.row(m).status for m in (whatsapp, sms)] == ["failed", "sent"]


def test_the_provider_drops_it_when_the_window_or_the_lawful_hours_end(outbox: Outbox, now: datetime) -> None:
    outbox.advance(hours=9, minutes=30)  # half past nine in the evening; hours end at ten
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    outbox.queue(OPENING, created_at=outbox.services.clock.now())
    outbox.run()
    outbox.set(Conversation, last_in_at=outbox.services.clock.now() - timedelta(hours=23, minutes=48))
    outbox.queue()
    outbox.run()
    assert [sent.valid_seconds for sent in outbox.twilio.sent] == [1800, 600]


def test_words_that_cannot_be_made_are_a_persons_task_and_hold_up_no_other(outbox: Outbox) -> None:
    broken, fine = outbox.queue(Say((("no.such_key", {}),))), outbox.queue()
    outbox.run()
    outbox.run()
    assert [outbox.row(m).status for m in (broken, fine)] == ["failed", "sent"]
    assert outbox.tasks() == ["not_sent"]


def test_refusals_by_the_table(outbox: Outbox) -> None:
    outbox.twilio.answers = [PermanentFailure("63013", "template_bug"), PermanentFailure("63016", "template_instead")]
    message = outbox.queue(replace(OPENING, purpose="reply"))
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).error) == ("queued", "plain")
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.attempts, row.error_code) == ("failed", 2, "63016")
    outbox.twilio.answers = [PermanentFailure("63014", "opted_out")]
    blocked = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(blocked).status, outbox.tasks()) == ("failed", ["not_sent"])
    assert outbox.ledger() == ["optout.recorded", "contact_point.closed", "contact.failed"]
    late = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(late).status, outbox.row(late).error) == ("suppressed", "MX-CHANNEL")


def test_what_was_never_taken_is_given_up_after_a_bounded_number_of_tries(outbox: Outbox) -> None:
    outbox.twilio.answers = [TransientFailure("connect")] * 50
    message = outbox.queue()
    for _ in range(50):
        outbox.run()
        outbox.advance(minutes=6)
        outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    row = outbox.row(message)
    assert (row.status, row.attempts, outbox.tasks()) == ("failed", 12, ["not_sent"])


def test_a_timeout_is_unknown_and_holds_up_the_conversation(outbox: Outbox) -> None:
    outbox.twilio.answers = [UnknownOutcome("timeout")]
    message = outbox.queue()
    outbox.queue()
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).error_code) == ("unknown", "timeout")
    assert outbox.run() == 0


def test_a_claim_left_by_a_killed_process_is_taken_up_by_whoever_comes_next(outbox: Outbox) -> None:
    message = outbox.queue()
    claim(outbox, message, timedelta(seconds=5))
    assert resolve_unknown(outbox.services, outbox.twilio) == 0
    assert outbox.row(message).status == "sending"
    claim(outbox, message, timedelta(seconds=8))
    outbox.run()
    assert outbox.row(message).status == "unknown"
    assert outbox.twilio.sent == []


def test_unknown_and_listed_once_is_that_one(outbox: Outbox) -> None:
    message = outbox.queue()
    claim(outbox, message, timedelta(seconds=20))
    outbox.twilio.listed = [
        Listed("SMother", ACCOUNT, "Otra cosa"),
        Listed("SMours", ACCOUNT, "Gracias a ti. Aquí estoy si necesitas algo.\n\n1. Sí\n2. No"),
    ]
    assert resolve_unknown(outbox.services, outbox.twilio) == 1
    assert (outbox.row(message).status, outbox.row(message).provider_sid) == ("sent", "SMours")


def test_unknown_and_listed_for_another_message_of_the_same_words_is_not_ours(outbox: Outbox) -> None:
    earlier, message = outbox.queue(status="sent", provider_sid="SMearlier", account_sid=ACCOUNT), outbox.queue()
    claim(outbox, message, timedelta(seconds=20))
    outbox.twilio.listed = [Listed("SMearlier", ACCOUNT, "Gracias a ti. Aquí estoy si necesitas algo.")]
    assert resolve_unknown(outbox.services, outbox.twilio) == 0
    claim(outbox, message, timedelta(seconds=61))
    assert resolve_unknown(outbox.services, outbox.twilio) == 1
    assert outbox.row(message).status == "queued"
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [message]
    assert outbox.row(earlier).provider_sid == "SMearlier"


def test_unknown_and_listed_several_times_goes_to_a_person(outbox: Outbox) -> None:
    message = outbox.queue()
    claim(outbox, message, timedelta(seconds=20))
    outbox.twilio.listed = [
        Listed("SMa", ACCOUNT, "Gracias a ti. Aquí estoy si necesitas algo."),
        Listed("SMb", ACCOUNT, "Gracias a ti. Aquí estoy si necesitas algo."),
    ]
    resolve_unknown(outbox.services, outbox.twilio)
    assert (outbox.row(message).status, outbox.tasks()) == ("failed", ["unknown_message"])


def test_a_provider_that_cannot_be_asked_changes_nothing(outbox: Outbox) -> None:
    message = outbox.queue()
    claim(outbox, message, timedelta(seconds=600))

    def silent(*_: object) -> list[Listed]:
        raise UnknownOutcome("timeout")

    outbox.twilio.sent_to = silent  # type: ignore[method-assign]
    assert resolve_unknown(outbox.services, outbox.twilio) == 0
    assert outbox.row(message).status == "unknown"


def receipt(message: int, said: str, fate: Any, sid: str = "SMcallback", **more: Any) -> Receipt:
    return Receipt(message, sid, ACCOUNT, said, fate, **more)


def test_a_callback_settles_what_is_unknown_and_takes_its_sid_back_from_a_guess(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    claim(outbox, message, timedelta(seconds=20))
    resolve_unknown(outbox.services, outbox.twilio)
    guessed = outbox.queue(status="sent", provider_sid="SMcallback", account_sid=ACCOUNT, claimed_at=system_now())
    assert record_receipt(outbox.services, receipt(message, "delivered", "delivered"))
    assert (outbox.row(message).status, outbox.row(message).provider_sid) == ("delivered", "SMcallback")
    assert (outbox.row(guessed).status, outbox.row(guessed).provider_sid) == ("unknown", None)
    assert outbox.ledger() == ["contact.sent", "contact.delivered"]


def test_a_callback_that_is_faster_than_the_answer_is_not_taken_back(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    outbox.twilio.during = lambda sent: record_receipt(outbox.services, receipt(sent.message_id, "delivered", "delivered", f"SM{1:032d}")) and None
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).provider_sid) == ("delivered", f"SM{1:032d}")
    assert outbox.ledger() == ["contact.sent", "contact.delivered"]


def test_receipts_of_unknown_messages_words_and_senders_do_nothing(outbox: Outbox) -> None:
    message = outbox.queue()
    outbox.run()
    assert not record_receipt(outbox.services, receipt(10**9, "sent", "sent"))
    assert not record_receipt(outbox.services, receipt(message, "teleported", None, f"SM{1:032d}"))
    assert not record_receipt(outbox.services, receipt(message, "read", "read", "SManother"))
    assert outbox.row(message).status == "sent"


def test_two_workers_send_each_message_once(engine: Engine, outbox: Outbox) -> None:
    with writing(engine) as connection:
        for number in range(30, 60):
            borrower, conversation = add_borrower(connection, number, birth_date=date(1990, 1, 1))
            row = {"conversation_id": conversation, "borrower_id": borrower, "direction": "out", "author": "bot", "channel": "sms", "address": f"+5255000{number:05d}",
                   "status": "queued", "wording": encode(REPLY), "purpose": "reply", "not_before": outbox.services.clock.now(),
                   "created_at": outbox.services.clock.now()}  # fmt: skip
            connection.execute(insert(Message).values(**row))

    def work() -> None:
        senders = Senders(4)
        while dispatch(outbox.services, outbox.twilio, 7, senders) or dispatch(outbox.services, outbox.twilio, 7):
            pass
        senders.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [sent.message_id for sent in outbox.twilio.sent]
    assert len(ids) == len(set(ids)) == 30
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(Message).where(Message.status == "sent")) == 30
