"""What a borrower asks of the next charge in time: another day, or that it is not made."""

from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.debit import charging
from bot.debit.charging import ChargeDayRefused, ChargeTooLate, cancel_charge, move_charge, move_window
from bot.debit.charging.request import CancelReason
from models import Hold, write_tx
from models.ledger import append
from tests.charging import House
from tests.loans import OPENED
from values import is_banking_day

CITY = ZoneInfo("America/Mexico_City")


def move(house: House, to: date) -> None:
    now = house.services.clock.now()
    with write_tx(house.services.engine) as connection:
        loan, entry = move_charge(connection, house.services, house.charges()[0].id, to, now, "borrower")
        append(connection, loan, now, entry)


def cancel(house: House, reason: CancelReason = "borrower") -> None:
    now = house.services.clock.now()
    with write_tx(house.services.engine) as connection:
        charge = house.charges()[0].id
        loan, entry = cancel_charge(connection, house.services, charge, now, "borrower", reason)
        append(connection, loan, now, entry)


def test_moved_it_is_announced_afresh_and_made_on_the_new_day(announced: House) -> None:
    announced.at("2026-11-26T18:00")
    move(announced, date(2026, 12, 3))
    announced.at("2026-11-27T09:00")
    announced.announce()
    assert (announced.submit(), announced.charges()[0].charge_on) == (0, date(2026, 12, 3))
    announced.at("2026-12-02T09:00")
    announced.announce()
    announced.at("2026-12-03T09:00")
    assert announced.submit() == 1
    assert "jueves 3 de diciembre" in announced.texts()[-1]
    assert announced.ledger("charge") == [
        "charge.notified",
        "charge.moved",
        "charge.notified",
        "charge.submitted",
    ]
    announced.sound()


def test_moved_there_and_back_it_is_announced_again(announced: House) -> None:
    announced.at("2026-11-25T10:00")
    move(announced, date(2026, 12, 3))
    move(announced, date(2026, 11, 27))
    announced.at("2026-11-26T10:00")
    announced.announce()
    announced.at("2026-11-27T09:00")
    assert announced.submit() == 1
    announced.sound()


@pytest.mark.parametrize(
    "to",
    [
        date(2026, 11, 26),  # today
        date(2026, 11, 28),  # a Saturday
        date(2026, 12, 12),  # a holiday
        date(2026, 12, 31),  # too far
        date(2026, 11, 20),  # past
    ],
)
def test_a_day_that_the_guard_does_not_allow(announced: House, to: date) -> None:
    announced.at("2026-11-26T12:00")
    with pytest.raises(ChargeDayRefused):
        move(announced, to)
    assert announced.charges()[0].charge_on == date(2026, 11, 27)


def test_not_before_the_instalment_is_due(announced: House) -> None:
    announced.at("2026-11-23T12:00")
    with pytest.raises(ChargeDayRefused):
        move(announced, date(2026, 11, 25))


def test_what_is_held_is_not_moved(announced: House) -> None:
    with write_tx(announced.services.engine) as connection:
        connection.execute(insert(Hold).values(loan_id=announced.loan, kind="dispute", placed_at=OPENED))
    with pytest.raises(ChargeDayRefused):
        move(announced, date(2026, 12, 3))


def test_cancelled_it_is_not_made_nor_planned_again_and_the_mandate_stands(announced: House) -> None:
    cancel(announced)
    assert (announced.submit(), announced.statuses(), announced.mandate_status()) == (
        0,
        ["cancelled"],
        "active",
    )
    charging.plan(announced.services)
    assert [row.instalment_id for row in announced.charges()].count(announced.charges()[0].instalment_id) == 1
    assert announced.ledger("charge")[-1] == "charge.cancelled"


def test_what_was_reported_as_paid_is_planned_again_once_the_hold_ended_without_it(announced: House) -> None:
    with write_tx(announced.services.engine) as connection:
        until = datetime(2026, 12, 2, 6, tzinfo=ZoneInfo("UTC"))
        hold = {"loan_id": announced.loan, "kind": "payment_reported", "placed_at": OPENED, "until": until}
        connection.execute(insert(Hold).values(**hold))
    cancel(announced, "payment_reported")
    first = announced.charges()[0]
    announced.at("2026-12-01T09:00")
    charging.plan(announced.services)
    assert [row.status for row in announced.charges() if row.instalment_id == first.instalment_id] == [
        "cancelled"
    ]
    for day in ("2026-12-02T09:00", "2026-12-03T09:00"):
        announced.at(day)
        announced.announce()
    again = [row for row in announced.charges() if row.instalment_id == first.instalment_id]
    assert [(row.status, row.attempt) for row in again] == [("cancelled", 1), ("notified", 2)]


def test_what_was_reported_as_paid_and_came_is_not_charged(announced: House) -> None:
    cancel(announced, "payment_reported")
    announced.receive(60_000, "2026-11-27T08:00")
    announced.at("2026-12-02T09:00")
    charging.plan(announced.services)
    first = announced.charges()[0].instalment_id
    assert [row.instalment_id for row in announced.charges()].count(first) == 1


def test_its_notice_is_withdrawn_where_it_has_not_left(house: House) -> None:
    house.at("2026-11-26T09:00")
    charging.plan(house.services)
    charging.notify(house.services)
    cancel(house)
    house.talk()
    assert house.texts() == []


@pytest.mark.parametrize("at", ["2026-11-27T14:31", "2026-11-28T10:00"])
def test_after_the_hour_it_is_too_late(announced: House, at: str) -> None:
    announced.at(at)
    for ask in (lambda: move(announced, date(2026, 12, 3)), lambda: cancel(announced)):
        with pytest.raises(ChargeTooLate):
            ask()


def test_what_was_submitted_is_too_late(submitted: House) -> None:
    for ask in (lambda: move(submitted, date(2026, 12, 3)), lambda: cancel(submitted)):
        with pytest.raises(ChargeTooLate):
            ask()
    assert submitted.statuses() == ["submitted"]


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)), st.times())
def test_a_window_begins_and_ends_on_banking_days(day: date, hour: time) -> None:
    now = datetime.combine(day, hour, CITY)
    window = move_window(day, now, time(14, 30))
    assert (window is None) == (hour >= time(14, 30))
    if window:
        assert all(is_banking_day(each) for each in window)
        assert all(earlier <= later for earlier, later in pairwise((day, *window)))
