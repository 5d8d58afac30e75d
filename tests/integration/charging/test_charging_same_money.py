"""One sum that is told of twice is posted once."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models import Charge
from tests.charging import House, make_house


def test_a_payment_that_reports_the_same_money_later_is_not_posted_again(collected: House) -> None:
    received = collected.receive(60_000, "2026-11-30T00:00", rail="domiciliacion", reference="LOTE-7")
    assert (received.matched, collected.owed()) == (True, 60_000)
    collected.sound()


def test_one_charge_is_explained_by_one_report(collected: House) -> None:
    """The file may be loaded again; the borrower's own transfer of the same sum, on the same day, is other
    money.
    """
    for _ in range(2):
        assert collected.receive(60_000, "2026-11-30T00:00", rail="domiciliacion", reference="LOTE-7").matched
    assert not collected.receive(60_000, "2026-11-30T18:00", reference="SPEI-9").matched
    assert collected.owed() == 0
    collected.sound()


def test_a_payment_reported_before_the_result_is_the_same_money(submitted: House) -> None:
    submitted.receive(60_000, "2026-11-28T00:00", rail="transfer", reference="LOTE-7")
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    assert (submitted.statuses()[0], submitted.owed(), submitted.tasks()) == (
        "collected",
        60_000,
        ["same_money"],
    )
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
        assert not submitted.receive(60_000, "2026-11-26T20:00").matched
    assert (submitted.statuses()[0], submitted.owed()) == ("collected", 0)
    submitted.sound()


def test_one_report_explains_one_charge(engine: Engine) -> None:
    house = make_house(
        engine, [(date(2026, 11, 10), {"principal": 30_000}), (date(2026, 11, 20), {"principal": 30_000})]
    )
    house.announce()
    house.at("2026-11-24T10:00")
    assert house.submit() == 2
    house.receive(30_000, "2026-11-25T00:00", rail="transfer", reference="LOTE-7")
    house.provider.turn_all("collected")
    house.at("2026-11-25T12:00")
    house.look()
    assert (house.statuses(), house.owed()) == (["collected"] * 2, 0)
    house.sound()
