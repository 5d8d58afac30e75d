"""Charging, step by step, on both databases: from the due list to the receipt, and everything that stands in between."""

import sys
from datetime import date, timedelta
from itertools import pairwise
from threading import Thread

import pytest
from sqlalchemy import Engine, insert, update

from bot import outreach
from bot.clock import system_now
from bot.conversation import take_events
from bot.debit import charging
from bot.debit.port import AuthError, ChargeOrder, InvalidRequest, MandateNotChargeable, RateLimited, TransientError, UnknownOutcome
from bot.portfolio.payments import receive_payment
from models import Charge, Conversation, Hold, Instalment, Mandate, Message, Promise, writing
from tests.charging import House, make_house, messages
from tests.loans import OPENED
from values import Money


@pytest.fixture
def house(engine: Engine) -> House:
    return make_house(engine)


@pytest.fixture
def announced(house: House) -> House:
    """The morning of Friday 27th: its notice left on Thursday."""
    house.announce()
    house.at("2026-11-26T09:00")
    house.announce()
    house.at("2026-11-27T09:00")
    assert house.statuses() == ["notified"]
    return house


def test_the_good_way(house: House) -> None:
    house.announce()
    assert [(row.status, row.charge_on, row.amount) for row in house.charges()] == [("planned", date(2026, 11, 27), 60_000)]
    assert house.events() == [], "it is announced on the last day before, not earlier"
    house.at("2026-11-26T09:00")
    house.announce()
    assert house.statuses() == ["notified"]
    (notice,) = messages(house, "notice")
    assert (notice.status, house.charge.notice_message_id) == ("sent", notice.id)
    assert "viernes 27 de noviembre se cargará $600.00 a tu cuenta Santander terminación 7800" in house.said()[-1]
    assert house.submit() == 0, "not before its day"
    house.at("2026-11-27T09:00")
    assert (house.submit(), house.statuses()) == (1, ["submitted"])
    assert [(order.key, order.amount.centavos, order.refs["account"]) for order in house.provider.orders] == [
        (f"D{house.loan}-261101090000-1-1", 60_000, "A1")
    ]
    house.provider.turn_all("collected")
    assert house.look() == 0, "results are out on Monday at noon"
    house.at("2026-11-30T12:01")
    assert (house.look(), house.statuses(), house.owed()) == (1, ["collected"], 60_000)
    house.talk()
    assert house.said()[-1].startswith("Tu banco ya hizo el cargo de $600.00")
    house.at("2026-12-01T12:00")
    house.look()
    assert house.statuses() == ["collected"]
    house.at("2026-12-02T09:00")
    house.look()
    house.talk()
    assert house.statuses() == ["settled"]
    assert house.said()[-1].startswith("Recibimos los $600.00")
    assert house.ledger("^charge") == ["charge.notified", "charge.submitted", "charge.collected", "charge.settled"]
    assert house.history(1) == ["planned", "notified", "submitting", "submitted", "collected", "settled"]
    assert house.tasks() == []
    house.sound()


# --- the due list ---


def test_planning_twice_plans_nothing_twice(house: House) -> None:
    assert charging.plan(house.services) == 1
    assert charging.plan(house.services) == 0
    assert house.history(1) == ["planned"]


def test_two_who_plan_at_once_plan_nothing_twice(house: House) -> None:
    threads = [Thread(target=charging.plan, args=(house.services,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (house.statuses(), house.history(1)) == (["planned"], ["planned"])


def test_what_is_overdue_when_the_mandate_begins_is_charged_as_soon_as_it_can_be_announced(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 10), {"principal": 30_000}), (date(2026, 11, 20), {"principal": 30_000})])
    house.announce()
    assert [(row.status, row.charge_on) for row in house.charges()] == [("notified", date(2026, 11, 24))] * 2
    house.at("2026-11-24T10:00")
    assert house.submit() == 2


@pytest.mark.parametrize("status", ["suspended", "disputed", "cancelled", "expired"])
def test_without_an_active_mandate_nothing_is_planned(house: House, status: str) -> None:
    house.set(Mandate, status=status)
    assert charging.plan(house.services) == 0


def test_a_mandate_that_ran_out_charges_nothing(house: House) -> None:
    house.set(Mandate, valid_until=date(2026, 11, 22))
    assert charging.plan(house.services) == 0


def test_more_than_the_mandate_allows_is_a_persons_to_see_once(house: House) -> None:
    house.set(Mandate, max_amount=59_999)
    for _ in range(2):
        assert charging.plan(house.services) == 0
    assert (house.statuses(), house.tasks()) == ([], ["charge_over_max"])


def test_a_billing_period_is_never_charged_more_than_the_mandate_allows(engine: Engine) -> None:
    """Two are overdue: the second waits for the next period, and a person is told."""
    house = make_house(
        engine, [(date(2026, 11, 3), {"principal": 60_000}), (date(2026, 11, 17), {"principal": 60_000}), (date(2026, 12, 1), {"principal": 60_000})],
        max_amount=60_000,
    )  # fmt: skip
    house.announce()
    assert [(row.status, row.charge_on) for row in house.charges()[:2]] == [("notified", date(2026, 11, 24)), ("planned", date(2026, 12, 1))]
    assert house.tasks() == ["charge_over_period"]


# --- the notice ---


def test_a_borrower_who_is_not_known_to_be_there_is_not_told_and_not_charged(house: House) -> None:
    house.set(Conversation, borrower_id=None)
    for day in ("2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"):
        house.at(f"{day}T09:00")
        house.announce()
        assert house.submit() == 0
    assert house.statuses()[0] == "planned"
    assert house.charges()[0].charge_on == date(2026, 12, 2)
    assert house.tasks() == ["charge_not_announced"]


def test_while_a_person_has_the_conversation_nothing_is_announced_and_nothing_charged(house: House) -> None:
    house.set(Conversation, handler="agent")
    house.at("2026-11-26T09:00")
    house.announce()
    house.at("2026-11-27T09:00")
    house.announce()
    assert house.submit() == 0
    assert (house.statuses(), house.charge.charge_on, house.said()) == (["planned"], date(2026, 11, 30), [])


def test_a_notice_that_did_not_leave_in_time_is_taken_back(house: House) -> None:
    house.at("2026-11-26T09:00")
    charging.plan(house.services)
    charging.notify(house.services)
    take_events(house.services)
    (notice,) = messages(house, "notice")
    house.at("2026-11-27T09:00")
    charging.notify(house.services)
    assert [row.status for row in messages(house, "notice")] == ["suppressed"]
    assert (house.statuses(), house.charge.charge_on, house.charge.notice_message_id) == (["planned"], date(2026, 11, 30), None)
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
    assert [text for text in house.said() if "27 de noviembre" in text] == []


def test_after_the_lawful_hours_it_is_announced_the_next_day_for_the_day_after(house: House) -> None:
    house.at("2026-11-26T22:30")
    house.announce()
    assert (house.statuses(), house.charge.charge_on) == (["planned"], date(2026, 11, 30))
    house.at("2026-11-27T09:00")
    house.announce()
    assert (house.statuses(), house.charge.charge_on) == (["notified"], date(2026, 11, 30))


def test_a_notice_that_went_on_as_a_copy_counts(announced: House) -> None:
    (notice,) = messages(announced, "notice")
    copy = {name: getattr(notice, name) for name in notice._fields if name not in ("id", "provider_sid", "channel")} | {"channel": "sms"}
    with writing(announced.services.engine) as connection:
        connection.execute(update(Message).where(Message.id == notice.id).values(status="failed"))
        connection.execute(insert(Message).values(**copy))
    assert announced.submit() == 1


def test_a_notice_that_failed_after_all_stops_the_charge(announced: House) -> None:
    announced.set(Message, status="failed")
    assert announced.submit() == 0
    assert (announced.statuses(), announced.charge.charge_on) == (["planned"], date(2026, 11, 30))


# --- the guard ---


def _receive(house: House, amount: int, at: str, **values: str):
    return receive_payment(house.services, "L1", house.paid(amount, at, **values))


def test_what_was_paid_meanwhile_is_not_charged(announced: House) -> None:
    _receive(announced, 60_000, "2026-11-26T18:00")
    assert (announced.submit(), announced.statuses()) == (0, ["cancelled"])
    assert announced.ledger("^charge") == ["charge.notified", "charge.cancelled"]
    assert announced.provider.orders == []
    announced.sound()


def test_of_what_was_paid_in_part_the_rest_is_charged_and_said(announced: House) -> None:
    _receive(announced, 25_050, "2026-11-26T18:00")
    assert (announced.submit(), announced.provider.orders[0].amount.centavos) == (1, 34_950)
    announced.provider.turn_all("collected")
    announced.at("2026-11-30T12:00")
    announced.look()
    announced.talk()
    assert any("$349.50" in text and "menos de los $600.00" in text for text in announced.said())
    announced.sound()


def test_more_is_owed_than_was_announced_and_what_was_announced_is_charged(announced: House) -> None:
    announced.set(Instalment, unpaid_late_fees=5_000)
    assert (announced.submit(), announced.provider.orders[0].amount.centavos) == (1, 60_000)


def test_after_the_hour_it_is_announced_again_for_the_next_banking_day(announced: House) -> None:
    announced.at("2026-11-27T14:30")
    assert announced.submit() == 0
    announced.talk()
    announced.talk()
    assert (announced.statuses(), announced.charge.charge_on) == (["notified"], date(2026, 11, 30))


@pytest.mark.parametrize("missed", ["2026-11-27T15:00", "2026-11-28T10:00", "2026-11-30T08:00"])
def test_a_day_that_was_missed_is_made_up_for_by_another_notice(announced: House, missed: str) -> None:
    announced.at(missed)
    for _ in range(2):
        announced.talk()
    assert announced.submit() == 0
    assert announced.charge.charge_on > date(2026, 11, 27)
    assert announced.history(1)[:3] == ["planned", "notified", "planned"]


@pytest.mark.parametrize("hold", ["dispute", "deceased", "vulnerable", "legal", "hardship", "complaint", "payment_reported"])
def test_a_hold_puts_it_off_until_it_is_lifted(announced: House, hold: str) -> None:
    with writing(announced.services.engine) as connection:
        connection.execute(insert(Hold).values(loan_id=announced.loan, kind=hold, placed_at=OPENED))
    assert (announced.submit(), announced.statuses()) == (0, ["planned"])
    for day in ("2026-11-30", "2026-12-01"):
        announced.at(f"{day}T09:00")
        announced.announce()
        assert (announced.submit(), announced.statuses()[0]) == (0, "planned")
    announced.set(Hold, lifted_at=OPENED)
    announced.at("2026-12-02T09:00")
    announced.announce()
    announced.at("2026-12-03T09:00")
    assert (announced.submit(), announced.statuses()[0]) == (1, "submitted")
    assert announced.tasks() == []


def test_an_open_promise_comes_before_the_charge(announced: House) -> None:
    with writing(announced.services.engine) as connection:
        promise = {"loan_id": announced.loan, "amount": 60_000, "due_date": date(2026, 12, 1), "expires_on": date(2026, 12, 3), "made_at": OPENED}
        connection.execute(insert(Promise).values(**promise))
    assert (announced.submit(), announced.statuses()) == (0, ["planned"])


def test_a_cancelled_mandate_charges_nothing(announced: House) -> None:
    announced.set(Mandate, status="cancelled")
    assert (announced.submit(), announced.statuses()) == (0, ["cancelled"])


def test_two_workers_submit_it_once(announced: House) -> None:
    threads = [Thread(target=announced.submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)


# --- what the provider answers ---


@pytest.mark.parametrize("failure", [TransientError("down"), RateLimited(30)])
def test_nothing_was_done_and_it_is_tried_again(announced: House, failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    announced.provider.failures = [failure]  # type: ignore[list-item]
    announced.submit()
    assert (announced.statuses(), announced.submit(), announced.provider.orders) == (["notified"], 0, [])
    _later(monkeypatch, seconds=130)
    assert (announced.submit(), announced.statuses(), len(announced.provider.orders)) == (1, ["submitted"], 1)


def test_refused_keys_stop_everything_and_a_person_is_told(announced: House) -> None:
    announced.provider.failures = [AuthError("no")]
    announced.submit()
    assert (announced.statuses(), announced.tasks()) == (["notified"], ["debit_provider"])


def test_what_the_provider_refuses_is_not_planned_again(announced: House) -> None:
    announced.provider.failures = [InvalidRequest("amount")]
    announced.submit()
    assert (announced.statuses(), announced.tasks(), announced.mandate_status()) == (["cancelled"], ["charge_invalid"], "active")
    assert charging.plan(announced.services) == 0
    assert announced.ledger("^charge")[-1] == "charge.cancelled"


def test_a_mandate_that_is_not_active_there_is_suspended_here(announced: House) -> None:
    announced.provider.failures = [MandateNotChargeable("inactive")]
    announced.submit()
    assert (announced.statuses(), announced.mandate_status()) == (["cancelled"], "suspended")
    assert "mandate.suspended" in announced.ledger()


def _later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The machine's time, for claims and waits; the demo's stands still."""
    at = system_now() + timedelta(seconds=seconds)
    for module in ("submit", "unknown"):
        monkeypatch.setattr(sys.modules[f"bot.debit.charging.{module}"], "system_now", lambda: at)


def test_an_answer_that_was_lost_is_asked_for(announced: House) -> None:
    announced.provider.lost = [UnknownOutcome("timeout")]
    announced.submit()
    assert announced.statuses() == ["unknown"]
    assert announced.submit() == 0, "nothing is sent again blindly"
    assert charging.resolve(announced.services, announced.provider) == 1
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)
    assert announced.ledger("^charge") == ["charge.notified", "charge.unknown", "charge.submitted"]


def test_what_was_never_taken_is_submitted_again_under_the_same_key(announced: House, monkeypatch: pytest.MonkeyPatch) -> None:
    announced.provider.failures = [UnknownOutcome("timeout")]
    announced.submit()
    assert charging.resolve(announced.services, announced.provider) == 0, "the provider may not show it yet"
    _later(monkeypatch, seconds=91)
    assert charging.resolve(announced.services, announced.provider) == 1
    assert announced.statuses() == ["notified"]
    assert (announced.submit(), announced.statuses(), len(announced.provider.orders)) == (1, ["submitted"], 1)


def test_one_that_turns_up_late_is_not_sent_again(announced: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up before it is sent a second time, whatever the provider still knows of the key."""
    announced.provider.failures = [UnknownOutcome("timeout")]
    announced.submit()
    _later(monkeypatch, seconds=91)
    charging.resolve(announced.services, announced.provider)
    announced.provider.create_charge(announced.provider.orders[0] if announced.provider.orders else _order(announced))
    assert (announced.submit(), announced.statuses(), len(announced.provider.book)) == (1, ["submitted"], 1)


def _order(house: House):
    return ChargeOrder(house.charge.key, Money(house.charge.amount), {}, "L1", 1, date(2026, 11, 27))


def test_while_the_provider_cannot_be_asked_it_stays_unknown(announced: House) -> None:
    announced.provider.lost = [UnknownOutcome("timeout")]
    announced.submit()
    announced.provider.failures = [TransientError("down"), UnknownOutcome("several bear the key")]
    assert [charging.resolve(announced.services, announced.provider) for _ in range(3)] == [0, 0, 1]
    assert announced.tasks() == ["charge_unknown"]


def test_a_claim_left_by_a_process_that_died_becomes_unknown(announced: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(point: str) -> None:
        if point == "after create":
            raise Killed

    announced.provider.around = die
    with pytest.raises(Killed):
        announced.submit()
    assert announced.statuses() == ["submitting"]
    assert charging.resolve(announced.services, announced.provider) == 0, "it may still be at work"
    _later(monkeypatch, seconds=61)
    assert charging.resolve(announced.services, announced.provider) == 1
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)
    assert announced.history(1)[-3:] == ["submitting", "unknown", "submitted"]


def test_another_amount_than_ours_posts_nothing(announced: House) -> None:
    announced.submit()
    announced.provider.turn("P1", "collected", amount=Money(60_001))
    announced.set(Charge, checked_at=None)
    announced.look()
    assert (announced.statuses(), announced.owed(), announced.tasks()) == (["submitted"], 120_000, ["charge_differs"])
    announced.set(Charge, checked_at=None)
    announced.look()
    assert announced.tasks() == ["charge_differs"]


# --- results ---


@pytest.fixture
def submitted(announced: House) -> House:
    announced.submit()
    assert announced.statuses() == ["submitted"]
    return announced


@pytest.fixture
def collected(submitted: House) -> House:
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert submitted.statuses()[0] == "collected"
    return submitted


def test_a_hint_is_followed_at_once_and_believed_only_as_asked(submitted: House) -> None:
    submitted.set(Charge, checked_at=None)
    assert (submitted.look(), submitted.statuses()) == (1, ["submitted"])
    submitted.provider.turn_all("collected")
    submitted.set(Charge, checked_at=None)
    assert (submitted.look(), submitted.statuses()) == (1, ["collected"])


def test_a_late_result_is_asked_for_every_day(submitted: House) -> None:
    asked = []
    for hour in range(24 * 10):
        submitted.services.clock.advance(hours=1)  # type: ignore[attr-defined]
        if submitted.look():
            asked.append(hour)
    apart = [later - earlier for earlier, later in pairwise(asked)]
    assert apart.count(1) > 20, "hourly while results come in"
    assert apart[-3:] == [25, 25, 25], "daily afterwards"


def test_processing_is_kept_and_nothing_goes_back(submitted: House) -> None:
    submitted.provider.turn("P1", "processing")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    submitted.provider.turn("P1", "submitted")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert submitted.statuses() == ["processing"]


def test_a_provider_that_cannot_be_asked_is_asked_again(submitted: House) -> None:
    submitted.set(Charge, checked_at=None)
    submitted.provider.turn_all("collected")
    submitted.provider.failures = [TransientError("down"), AuthError("no")]
    assert [submitted.look() for _ in range(3)] == [0, 0, 1]
    assert submitted.statuses() == ["collected"]


def test_a_charge_that_the_provider_does_not_know_is_a_persons_to_see(submitted: House) -> None:
    submitted.provider.book.clear()
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses(), submitted.tasks()) == (["submitted"], ["charge_unknown"])


def test_lack_of_funds_is_tried_again_on_payday_after_another_notice(submitted: House) -> None:
    submitted.provider.turn_all("returned", "04")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert "No te cobramos nada. Lo intentaremos de nuevo el martes 15 de diciembre" in submitted.said()[-1]
    first, again = submitted.charges()
    assert (first.status, first.return_code, again.status, again.attempt, again.key) == (
        "returned",
        "04",
        "planned",
        2,
        f"D{submitted.loan}-261101090000-1-2",
    )
    submitted.at("2026-12-14T10:00")
    submitted.announce()
    submitted.at("2026-12-15T09:00")
    submitted.submit()
    submitted.provider.turn_all("collected")
    submitted.at("2026-12-16T12:00")
    submitted.look()
    assert submitted.charges()[1].status == "collected"
    assert submitted.ledger("^charge")[:3] == ["charge.notified", "charge.submitted", "charge.returned"]
    submitted.sound()


def test_three_attempts_and_then_a_person(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 60_000})])
    for notice, day, result in (
        ("2026-11-26", "2026-11-27", "2026-11-30"), ("2026-12-14", "2026-12-15", "2026-12-16"), ("2026-12-30", "2026-12-31", "2027-01-04"),
    ):  # fmt: skip
        house.at(f"{notice}T09:00")
        house.announce()
        house.at(f"{day}T09:00")
        assert house.submit() == 1
        house.provider.turn_all("returned", "04")
        house.at(f"{result}T12:00")
        house.look()
    assert (house.statuses(), house.tasks()) == (["returned"] * 3, ["charge_returned"])
    assert charging.plan(house.services) == 0
    house.sound()


@pytest.mark.parametrize(("code", "mandate", "tasks", "words"), [
    ("01", "cancelled", [], "dame la CLABE de otra cuenta"),
    ("02", "active", ["charge_returned"], "Puedes pagar por transferencia"),
    ("08", "suspended", ["charge_returned"], "no haremos más cargos automáticos"),
    ("10", "cancelled", ["charge_returned"], "no haremos más cargos automáticos"),
    ("13", "disputed", ["charge_returned"], "no haremos más cargos automáticos"),
    ("77", "active", ["charge_returned"], "Puedes pagar por transferencia"),
])  # fmt: skip
def test_other_returns_are_not_tried_again(submitted: House, code: str, mandate: str, tasks: list[str], words: str) -> None:
    submitted.provider.turn_all("returned", code)
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert (submitted.statuses(), submitted.mandate_status(), submitted.tasks()) == (["returned"], mandate, tasks)
    assert words in submitted.said()[-1]
    charging.plan(submitted.services)
    assert [row for row in submitted.charges() if row.instalment_id == submitted.charges()[0].instalment_id][1:] == []
    submitted.sound()


def test_what_the_bank_takes_back_is_owed_again(collected: House) -> None:
    collected.at("2026-12-02T09:00")
    collected.look()
    assert (collected.statuses()[0], collected.owed()) == ("settled", 60_000)
    collected.at("2027-03-01T12:00")
    collected.provider.turn("P1", "reversed", "13", "desconoce")
    assert charging.look_back(collected.services, collected.provider) == 1
    collected.talk()
    assert (collected.statuses()[0], collected.owed(), collected.mandate_status()) == ("reversed", 120_000, "disputed")
    assert collected.ledger("^(charge.reversed|mandate)") == ["charge.reversed", "mandate.disputed"]
    assert "charge_reversed" in collected.tasks()
    assert any("Tu banco te devolvió el cargo de $600.00" in text for text in collected.said()) or "charge.reversed" in collected.events()
    collected.sound()


def test_after_the_time_to_object_nothing_is_asked_any_more(collected: House) -> None:
    collected.at("2026-12-02T09:00")
    collected.look()
    collected.at("2027-03-31T09:00")
    assert charging.look_back(collected.services, collected.provider) == 1
    assert charging.look_back(collected.services, collected.provider) == 0, "not before a week has gone by"
    collected.at("2027-04-08T09:00")
    assert charging.look_back(collected.services, collected.provider) == 0


def test_a_reversal_that_was_heard_of_before_the_collection_is_both(submitted: House) -> None:
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses(), submitted.owed()) == (["reversed"], 120_000)
    assert submitted.ledger("^charge")[-2:] == ["charge.collected", "charge.reversed"]
    submitted.sound()


# --- the same money by two roads ---


def test_a_payment_that_reports_the_same_money_later_is_not_posted_again(collected: House) -> None:
    received = _receive(collected, 60_000, "2026-11-30T00:00", rail="domiciliacion", reference="LOTE-7")
    assert (received.matched, collected.owed()) == (True, 60_000)
    collected.sound()


def test_one_charge_is_explained_by_one_report(collected: House) -> None:
    """The file may be loaded again; the borrower's own transfer of the same sum, on the same day, is other money."""
    for _ in range(2):
        assert _receive(collected, 60_000, "2026-11-30T00:00", rail="domiciliacion", reference="LOTE-7").matched
    assert not _receive(collected, 60_000, "2026-11-30T18:00", reference="SPEI-9").matched
    assert collected.owed() == 0
    collected.sound()


def test_a_payment_reported_before_the_result_is_the_same_money(submitted: House) -> None:
    _receive(submitted, 60_000, "2026-11-28T00:00", rail="transfer", reference="LOTE-7")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    assert (submitted.statuses()[0], submitted.owed(), submitted.tasks()) == ("collected", 60_000, ["same_money"])
    submitted.sound()
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert submitted.owed() == 120_000
    submitted.sound()


@pytest.mark.parametrize("reported", ["before", "after"])
def test_money_paid_before_the_charge_was_submitted_is_other_money(submitted: House, reported: str) -> None:
    """A transfer of the same sum on the day before, that the lender reports later: the borrower paid twice, and both are in the ledger."""
    if reported == "before":
        _receive(submitted, 60_000, "2026-11-26T20:00")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    if reported == "after":
        assert not _receive(submitted, 60_000, "2026-11-26T20:00").matched
    assert (submitted.statuses()[0], submitted.owed()) == ("collected", 0)
    submitted.sound()


def test_one_report_explains_one_charge(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 10), {"principal": 30_000}), (date(2026, 11, 20), {"principal": 30_000})])
    house.announce()
    house.at("2026-11-24T10:00")
    assert house.submit() == 2
    _receive(house, 30_000, "2026-11-25T00:00", rail="transfer", reference="LOTE-7")
    house.provider.turn_all("collected")
    house.at("2026-11-25T12:00")
    house.look()
    assert (house.statuses(), house.owed()) == (["collected"] * 2, 0)
    house.sound()


# --- calling off ---


def test_what_was_cancelled_is_called_off_at_the_provider(submitted: House) -> None:
    submitted.set(Mandate, status="cancelled")
    assert charging.call_off(submitted.services, submitted.provider) == 1
    assert (submitted.statuses(), submitted.provider.book["P1"].status, submitted.tasks()) == (["cancelled"], "cancelled", [])
    assert charging.call_off(submitted.services, submitted.provider) == 0


def test_what_was_paid_meanwhile_is_called_off(submitted: House) -> None:
    assert charging.call_off(submitted.services, submitted.provider) == 0
    _receive(submitted, 60_000, "2026-11-27T11:00")
    assert charging.call_off(submitted.services, submitted.provider) == 1
    assert submitted.statuses() == ["cancelled"]
    submitted.sound()


def test_what_is_on_its_way_is_not_asked_for_twice(submitted: House) -> None:
    submitted.set(Mandate, status="cancelled")
    submitted.provider.turn("P1", "processing")
    assert charging.call_off(submitted.services, submitted.provider) == 1
    assert (submitted.statuses(), charging.call_off(submitted.services, submitted.provider)) == (["processing"], 0)


def test_one_that_the_provider_drops_by_itself_is_a_persons_to_see(submitted: House) -> None:
    submitted.provider.turn("P1", "cancelled", "bank_not_found")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses(), submitted.tasks()) == (["cancelled"], ["charge_invalid"])
    charging.plan(submitted.services)
    assert len({row.instalment_id for row in submitted.charges()}) == len(submitted.charges())


def test_nobody_is_reminded_of_what_is_about_to_be_charged(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 60_000})])
    house.at("2026-11-24T09:00")
    charging.plan(house.services)
    assert house.statuses() == ["planned"]
    assert outreach.plan(house.services) == 0
    with writing(engine) as connection:
        connection.execute(update(Charge).values(status="cancelled"))
    assert outreach.plan(house.services) == 1
