"""What nobody knows of a message that may have left: claims that were left, asking, callbacks; and two
workers at once.
"""

import threading
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from bot.channels import Listed, Receipt, UnknownOutcome
from bot.clock import system_now
from bot.outreach import Senders, dispatch, record_receipt, resolve_unknown
from bot.wording import encode
from models import DeliveryAttempt, Message, read_tx, write_tx
from tests.loans import add_borrower
from tests.outbox import OPENING, REPLY, Outbox, add_attempt
from tests.services import ACCOUNT


def claim(outbox: Outbox, message: int, age: timedelta) -> None:
    """As a worker leaves it that was killed after its claim."""
    words = "Gracias a ti. Aquí estoy si necesitas algo."
    values = {"status": "sending", "body": words, "attempts": 1}
    mine = DeliveryAttempt.message_id == message
    with write_tx(outbox.services.engine) as connection:
        connection.execute(update(Message).where(Message.id == message).values(**values))
        connection.execute(update(DeliveryAttempt).where(mine).values(outcome="refused"))
        add_attempt(connection, message, claimed_at=system_now() - age)


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
    assert (outbox.row(message).status, outbox.row(message).sid) == ("sent", "SMours")


def test_unknown_and_listed_for_another_message_of_the_same_words_is_not_ours(outbox: Outbox) -> None:
    earlier, message = (
        outbox.queue(status="sent", attempt={"provider_sid": "SMearlier", "account_sid": ACCOUNT}),
        outbox.queue(),
    )
    claim(outbox, message, timedelta(seconds=20))
    outbox.twilio.listed = [Listed("SMearlier", ACCOUNT, "Gracias a ti. Aquí estoy si necesitas algo.")]
    assert resolve_unknown(outbox.services, outbox.twilio) == 0
    claim(outbox, message, timedelta(seconds=61))
    assert resolve_unknown(outbox.services, outbox.twilio) == 1
    assert outbox.row(message).status == "queued"
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [message]
    assert outbox.row(earlier).sid == "SMearlier"


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


def receipt(message: int, reported: str, delivery: Any, sid: str = "SMcallback", **more: Any) -> Receipt:
    return Receipt(message, sid, ACCOUNT, reported, delivery, **more)


def test_a_callback_settles_what_is_unknown_and_takes_its_sid_back_from_a_guess(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    claim(outbox, message, timedelta(seconds=20))
    resolve_unknown(outbox.services, outbox.twilio)
    guessed = outbox.queue(status="sent", attempt={"provider_sid": "SMcallback", "account_sid": ACCOUNT})
    assert record_receipt(outbox.services, receipt(message, "delivered", "delivered"))
    assert (outbox.row(message).status, outbox.row(message).sid) == ("delivered", "SMcallback")
    assert (outbox.row(guessed).status, outbox.row(guessed).sid) == ("unknown", None)
    assert outbox.ledger() == ["contact.sent", "contact.delivered"]


def test_a_callback_that_is_faster_than_the_answer_is_not_taken_back(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    outbox.twilio.during = lambda sent: (
        record_receipt(outbox.services, receipt(sent.message_id, "delivered", "delivered", f"SM{1:032d}"))
        and None
    )
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).sid) == ("delivered", f"SM{1:032d}")
    assert outbox.ledger() == ["contact.sent", "contact.delivered"]


def test_receipts_of_unknown_messages_words_and_senders_do_nothing(outbox: Outbox) -> None:
    message = outbox.queue()
    outbox.run()
    assert not record_receipt(outbox.services, receipt(10**9, "sent", "sent"))
    assert not record_receipt(outbox.services, receipt(message, "teleported", None, f"SM{1:032d}"))
    assert not record_receipt(outbox.services, receipt(message, "read", "read", "SManother"))
    assert outbox.row(message).status == "sent"


def test_two_workers_send_each_message_once(engine: Engine, outbox: Outbox) -> None:
    with write_tx(engine) as connection:
        for number in range(30, 60):
            borrower, conversation = add_borrower(connection, number, birth_date=date(1990, 1, 1))
            row = {
                "conversation_id": conversation,
                "borrower_id": borrower,
                "direction": "out",
                "author": "bot",
                "channel": "sms",
                "address": f"+5255000{number:05d}",
                "status": "queued",
                "wording": encode(REPLY),
                "purpose": "reply",
                "not_before": outbox.services.clock.now(),
                "created_at": outbox.services.clock.now(),
            }
            connection.execute(insert(Message).values(**row))

    def work() -> None:
        senders = Senders(4)
        while dispatch(outbox.services, outbox.twilio, 7, senders) or dispatch(
            outbox.services, outbox.twilio, 7
        ):
            pass
        senders.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [sent.message_id for sent in outbox.twilio.sent]
    assert len(ids) == len(set(ids)) == 30
    with read_tx(engine) as connection:
        assert (
            connection.scalar(select(func.count()).select_from(Message).where(Message.status == "sent")) == 30
        )
