"""A charge is announced before it is made, or moved."""

from datetime import date, datetime

from sqlalchemy import insert, update

from bot.conversation import take_events
from bot.debit import charging
from models import ContactPoint, Conversation, Message, write_tx
from tests.charging import House, messages
from values import CITY


def test_a_borrower_who_is_not_known_to_be_there_is_not_told_and_not_charged(house: House) -> None:
    house.set(Conversation, borrower_id=None)
    for day in ("2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"):
        house.at(f"{day}T09:00")
        house.announce()
        assert house.submit() == 0
    assert house.statuses()[0] == "planned"
    assert house.charges()[0].charge_on == date(2026, 12, 2)
    assert house.tasks() == ["charge_not_announced"]


def test_whom_nobody_knows_to_be_there_any_more_is_met_by_the_neutral_opening_and_their_page(
    house: House,
) -> None:
    house.set(ContactPoint, confirmed_at=datetime(2026, 8, 1, 12, tzinfo=CITY))
    house.at("2026-11-26T09:00")
    house.announce()
    house.talk()
    assert house.tasks() == ["charge_not_announced"], "the same day"
    (opening,) = house.texts()
    assert "/m/" in opening
    assert "$" not in opening
    assert "cargo" not in opening


def test_while_a_person_has_the_conversation_nothing_is_announced_and_nothing_charged(house: House) -> None:
    house.set(Conversation, handler="agent")
    house.at("2026-11-26T09:00")
    house.announce()
    house.at("2026-11-27T09:00")
    house.announce()
    assert house.submit() == 0
    assert (house.statuses(), house.charge.charge_on, house.texts()) == (["planned"], date(2026, 11, 30), [])


def test_a_notice_that_did_not_leave_in_time_is_taken_back(house: House) -> None:
    house.at("2026-11-26T09:00")
    charging.plan(house.services)
    charging.notify(house.services)
    take_events(house.services)
    (notice,) = messages(house, "notice")
    house.at("2026-11-27T09:00")
    charging.notify(house.services)
    assert [row.status for row in messages(house, "notice")] == ["suppressed"]
    assert (house.statuses(), house.charge.charge_on, house.charge.notice_message_id) == (
        ["planned"],
        date(2026, 11, 30),
        None,
    )
    house.talk()
    house.talk()
    assert house.statuses() == ["notified"], "announced afresh for Monday"
    assert house.charge.notice_message_id != notice.id


def test_an_event_taken_too_late_announces_nothing(house: House) -> None:
    house.at("2026-11-26T09:00")
    charging.plan(house.services)
    charging.notify(house.services)
    house.at("2026-11-27T09:00")
    charging.notify(house.services)
    house.talk()
    assert [text for text in house.texts() if "27 de noviembre" in text] == []


def test_after_the_lawful_hours_it_is_announced_the_next_day_for_the_day_after(house: House) -> None:
    house.at("2026-11-26T22:30")
    house.announce()
    assert (house.statuses(), house.charge.charge_on) == (["planned"], date(2026, 11, 30))
    house.at("2026-11-27T09:00")
    house.announce()
    assert (house.statuses(), house.charge.charge_on) == (["notified"], date(2026, 11, 30))


def test_a_notice_that_went_on_as_a_copy_counts(announced: House) -> None:
    (notice,) = messages(announced, "notice")
    copy = {
        name: getattr(notice, name)
        for name in notice._fields
        if name not in ("id", "provider_sid", "channel")
    } | {"channel": "sms"}
    with write_tx(announced.services.engine) as connection:
        connection.execute(update(Message).where(Message.id == notice.id).values(status="failed"))
        connection.execute(insert(Message).values(**copy))
    assert announced.submit() == 1


def test_a_notice_that_failed_after_all_stops_the_charge(announced: House) -> None:
    announced.set(Message, status="failed")
    assert announced.submit() == 0
    assert (announced.statuses(), announced.charge.charge_on) == (["planned"], date(2026, 11, 30))
