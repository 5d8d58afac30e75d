"""One sum that is reported twice is posted once."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from bot.money import decide
from models import Charge, Hold, PaymentReport, write_tx
from tests.charging import House, make_house


def test_a_payment_that_reports_the_same_money_later_is_not_posted_again(collected: House) -> None:
    received = collected.receive(60_000, "2026-11-30T00:00", rail="debit", reference="LOTE-7")
    assert (received.status, collected.owed()) == ("duplicate", 60_000)
    collected.sound()


def test_one_charge_is_explained_by_one_report(collected: House) -> None:
    """The file may be loaded again; the borrower's own transfer of the same sum, on the same day, is other
    money.
    """
    for _ in range(2):
        again = collected.receive(60_000, "2026-11-30T00:00", rail="debit", reference="LOTE-7")
        assert again.status == "duplicate"
    assert collected.receive(60_000, "2026-11-30T18:00", reference="SPEI-9").status == "posted"
    assert collected.owed() == 0
    collected.sound()


def test_a_payment_reported_before_the_result_is_the_same_money(submitted: House) -> None:
    submitted.receive(60_000, "2026-11-28T00:00", rail="debit", reference="LOTE-7")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    assert (submitted.statuses()[0], submitted.owed(), submitted.tasks()) == ("collected", 60_000, [])
    submitted.sound()
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert submitted.owed() == 120_000
    submitted.sound()


@pytest.mark.parametrize("reported", ["before", "after"])
def test_money_paid_before_the_charge_was_submitted_is_other_money(submitted: House, reported: str) -> None:
    """A transfer of the same sum on the day before, that the lender reports later: the borrower paid twice,
    and both are in the ledger.
    """
    if reported == "before":
        submitted.receive(60_000, "2026-11-26T20:00")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    if reported == "after":
        assert submitted.receive(60_000, "2026-11-26T20:00").status == "posted"
    assert (submitted.statuses()[0], submitted.owed()) == ("collected", 0)
    submitted.sound()


def test_one_report_explains_one_charge(engine: Engine) -> None:
    house = make_house(
        engine, [(date(2026, 11, 10), {"principal": 30_000}), (date(2026, 11, 20), {"principal": 30_000})]
    )
    house.announce()
    house.at("2026-11-24T10:00")
    assert house.submit() == 2
    house.receive(30_000, "2026-11-25T00:00", rail="debit", reference="LOTE-7")
    house.provider.turn_all("collected")
    house.at("2026-11-25T12:00")
    house.look()
    assert (house.statuses(), house.owed()) == (["collected"] * 2, 0)
    house.sound()


def test_a_transfer_of_a_debits_sum_while_it_settles_is_a_persons_to_decide(collected: House) -> None:
    """The borrower's own, or the debit as the lender's bank shows it: nothing is posted, nobody is chased."""
    report = collected.receive(60_000, "2026-11-30T18:00", reference="SPEI-9")
    assert (report.status, collected.owed(), collected.tasks()) == ("review", 60_000, ["same_money"])
    assert standing_holds(collected) == ["payment_reported"]
    with write_tx(collected.services.engine) as connection:
        decide(connection, report.report, None, collected.services.clock.now(), "agent:1")
    assert (collected.owed(), standing_holds(collected)) == (0, [])
    collected.sound()


@pytest.mark.parametrize("other", [False, True])
def test_a_debit_in_doubt_is_collected_and_settled_and_decided_later(submitted: House, other: bool) -> None:
    in_doubt(submitted)
    assert (submitted.statuses()[0], submitted.charge.entry_id, submitted.owed()) == (
        "collected",
        None,
        60_000,
    )
    submitted.at("2026-12-02T09:00")
    submitted.look()
    assert submitted.statuses()[0] == "settled"
    with write_tx(submitted.services.engine) as connection:
        query = select(PaymentReport.id, PaymentReport.candidates).where(PaymentReport.status == "review")
        row = connection.execute(query).one()
        same = None if other else row.candidates[0]
        decide(connection, row.id, same, submitted.services.clock.now(), "agent:1")
    assert submitted.owed() == (0 if other else 60_000)
    submitted.sound()
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert submitted.owed() == (60_000 if other else 120_000)
    submitted.sound()


def test_a_debit_in_doubt_that_is_taken_back_is_nobodys_case_any_more(submitted: House) -> None:
    in_doubt(submitted)
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses()[0], submitted.owed()) == ("reversed", 60_000)
    assert submitted.scalars(select(PaymentReport.status)) == ["posted", "dismissed"]
    assert standing_holds(submitted) == []


def in_doubt(house: House) -> None:
    """A transfer of the same sum is reported before the debit's result."""
    house.receive(60_000, "2026-11-28T09:00", rail="transfer", reference="TR-1")
    house.provider.turn_all("collected")
    house.at("2026-11-30T12:00")
    house.look()


def standing_holds(house: House) -> list[str]:
    return house.scalars(select(Hold.kind).where(Hold.lifted_at.is_(None)))


@pytest.mark.parametrize("older", ["before", "after"])
def test_a_debit_that_was_reported_first_is_taken_back_whole_though_it_pays_other_debts_now(
    submitted: House, older: str
) -> None:
    """An older payment moves what the debit pays to the next instalment; its reversal opens all of it."""
    if older == "before":
        submitted.receive(20_000, "2026-11-20T00:00", rail="cash", reference="OLD")
    submitted.receive(60_000, "2026-11-30T00:00", rail="debit", reference="LOTE-7")
    if older == "after":
        submitted.receive(20_000, "2026-11-20T00:00", rail="cash", reference="OLD")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    assert submitted.owed() == 40_000
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.owed(), submitted.statuses()[0]) == (100_000, "reversed")
    submitted.sound()
