"""The adapter against the stand-in Belvo over HTTP: charged, returned, taken back, as its clock moves."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.debit.port import (
    ChargeReport,
    DebitProvider,
    InvalidRequest,
    RateLimited,
    TransientError,
    UnknownOutcome,
)
from bot.debit.returns import meaning_of
from bot.simulator.belvo import make_trouble
from bot.simulator.belvo.outcomes import TEXTS
from bot.simulator.database import debit
from tests.belvo_orders import MX, at, charge, clabe, found, mandate, rows
from tests.integration.served import World
from values import Money


def test_a_charge_is_paid_by_the_calendar(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo)
    world.clock.at = at("2026-11-24T14:59")
    report = charge(belvo, refs)
    assert report == ChargeReport(report.provider_id, "K-1", "submitted", Money(150_000))
    for moment, status in [
        ("24T14:59", "submitted"),
        ("24T15:00", "processing"),
        ("25T11:59", "processing"),
        ("25T12:00", "collected"),
    ]:
        world.clock.at = at(f"2026-11-{moment}")
        assert belvo.charge(report.provider_id) == replace(report, status=status)
        assert found(belvo) == replace(report, status=status)


@pytest.mark.parametrize(
    ("sent", "processing", "result"),
    [
        ("2026-11-24T15:00", "2026-11-25T15:00", "2026-11-26T12:00"),
        ("2026-11-27T14:59", "2026-11-27T15:00", "2026-11-30T12:00"),
        ("2026-11-27T15:00", "2026-11-30T15:00", "2026-12-01T12:00"),
        ("2026-11-28T09:00", "2026-11-30T15:00", "2026-12-01T12:00"),
        ("2026-12-24T10:00", "2026-12-24T15:00", "2026-12-28T12:00"),
        ("2026-12-25T10:00", "2026-12-28T15:00", "2026-12-29T12:00"),
    ],
)
def test_the_cut_off_and_the_banks_holidays(
    world: World, belvo: DebitProvider, sent: str, processing: str, result: str
) -> None:
    refs = mandate(world, belvo)
    world.clock.at = at(sent)
    report = charge(belvo, refs)
    for moment, before, then in (
        (processing, "submitted", "processing"),
        (result, "processing", "collected"),
    ):
        world.clock.at = at(moment) - timedelta(seconds=1)
        assert belvo.charge(report.provider_id).status == before
        world.clock.at = at(moment)
        assert belvo.charge(report.provider_id).status == then


def result_of(
    world: World, belvo: DebitProvider, refs: dict[str, str], key: str = "K-1", amount: Money = Money(150_000)
) -> ChargeReport:
    """Charged now; what became of it on the next banking day at noon."""
    charge(belvo, refs, key, amount)
    world.clock.at = (world.clock.at + timedelta(days=1)).astimezone(MX).replace(hour=12).astimezone(UTC)
    return found(belvo, key)


@pytest.mark.parametrize("code", [f"{code:02d}" for code in range(1, 14)])
def test_returned_by_the_digits_of_the_account(world: World, belvo: DebitProvider, code: str) -> None:
    report = result_of(world, belvo, mandate(world, belvo, clabe(code)))
    assert (report.status, report.return_code, report.return_text) == ("returned", code, TEXTS[code])
    assert meaning_of(belvo.name, report.return_code, report.return_text) != meaning_of("", "")


@pytest.mark.parametrize("code", [f"{code:02d}" for code in range(1, 14)])
def test_returned_by_the_centavos_of_the_amount(world: World, belvo: DebitProvider, code: str) -> None:
    report = result_of(world, belvo, mandate(world, belvo), amount=Money(150_000 + int(code)))
    assert (report.status, report.return_code, report.amount) == (
        "returned",
        code,
        Money(150_000 + int(code)),
    )


def test_centavos_and_digits_of_any_other_account_mean_nothing(world: World, belvo: DebitProvider) -> None:
    for folio, digits in (("D-1", "012180001234567899"), ("D-2", "127180012345678904"), ("D-3", clabe("55"))):
        refs = mandate(world, belvo, digits, folio)
        assert result_of(world, belvo, refs, folio, Money(150_004)).status == "collected"


def test_the_sandboxs_own_words(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo, clabe("04"))
    assert result_of(world, belvo, refs, "successful").status == "collected"
    world.clock.at = at("2026-11-26T09:00")
    assert result_of(world, belvo, refs, "failed").return_code == "04"
    world.clock.at = at("2026-11-27T09:00")
    charge(belvo, refs, "chargeback")
    world.clock.at = at("2026-12-10T09:00")
    assert found(belvo, "chargeback").status == "reversed"


def test_no_funds_once(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo, clabe("90"))
    assert result_of(world, belvo, refs).return_code == "04"
    world.clock.at = at("2026-11-30T09:00")
    assert result_of(world, belvo, refs, "K-2").status == "collected"


def test_no_funds_until_payday(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo, clabe("91"))
    for day, key, status in ((24, "K-1", "returned"), (27, "K-2", "returned"), (30, "K-3", "collected")):
        world.clock.at = at(f"2026-11-{day}T09:00")
        charge(belvo, refs, key)
        world.clock.at = at("2026-12-02T12:00")
        assert found(belvo, key).status == status


def test_paid_and_taken_back_after_days(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo, clabe("92"))
    assert result_of(world, belvo, refs).status == "collected"
    world.clock.at += timedelta(days=7, seconds=-1)
    assert (found(belvo).status, belvo.mandate(refs).status) == ("collected", "active")
    world.clock.at += timedelta(seconds=1)
    assert (found(belvo).status, belvo.mandate(refs).status) == ("reversed", "disputed")


def test_taken_and_never_answered_is_found_by_its_key_and_not_taken_again(
    world: World, belvo: DebitProvider
) -> None:
    refs = mandate(world, belvo, clabe("97"))
    with pytest.raises(UnknownOutcome):
        charge(belvo, refs)
    report = found(belvo)
    assert report.status == "submitted"
    assert charge(belvo, refs).provider_id == report.provider_id
    assert rows(world, debit) == 1


@pytest.mark.parametrize("kind", ["html", "500", "nothing", "garbled"])
@pytest.mark.parametrize("taken", [True, False])
def test_answers_that_say_nothing(world: World, belvo: DebitProvider, kind: str, taken: bool) -> None:
    refs = mandate(world, belvo)
    make_trouble(world.services, kind, taken=taken)
    with pytest.raises(UnknownOutcome):
        charge(belvo, refs)
    assert (belvo.find_charge("K-1") is not None) == taken
    charge(belvo, refs)
    assert rows(world, debit) == 1


def test_trouble_while_asking(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo)
    report = charge(belvo, refs)
    for kind in ("html", "500", "nothing", "garbled"):
        make_trouble(world.services, kind, "GET /payment_requests", times=2)
        with pytest.raises(TransientError):
            belvo.find_charge("K-1")
        with pytest.raises(TransientError):
            belvo.charge(report.provider_id)
    make_trouble(world.services, "429")
    with pytest.raises(RateLimited):
        charge(belvo, refs, "K-2")
    make_trouble(world.services, "amount", "GET /payment_requests", taken=True)
    assert found(belvo).amount == Money(150_001)
    make_trouble(world.services, "status", "GET /payment_requests", taken=True)
    with pytest.raises(UnknownOutcome, match="levitating"):
        belvo.find_charge("K-1")


def test_a_key_is_good_for_a_day_and_for_one_body(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo)
    first = charge(belvo, refs)
    world.clock.at += timedelta(hours=23, minutes=59)
    assert charge(belvo, refs) == first
    with pytest.raises(UnknownOutcome, match="Different input"):
        charge(belvo, refs, amount=Money(1))
    make_trouble(world.services, "concurrent")
    with pytest.raises(UnknownOutcome, match="Concurrent use"):
        charge(belvo, refs)
    world.clock.at += timedelta(minutes=1)
    assert charge(belvo, refs).provider_id != first.provider_id
    with pytest.raises(UnknownOutcome, match="2 charges"):
        belvo.find_charge("K-1")


def test_a_charge_is_cancelled_only_before_it_leaves(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo)
    first, second = charge(belvo, refs), charge(belvo, refs, "K-2")
    assert belvo.cancel_charge(first.provider_id)
    assert belvo.cancel_charge(first.provider_id)
    assert found(belvo).status == "cancelled"
    world.clock.at = at("2026-11-24T15:00")
    assert not belvo.cancel_charge(second.provider_id)
    assert found(belvo, "K-2").status == "processing"


def test_a_key_that_is_part_of_others_is_not_confused_with_them(world: World, belvo: DebitProvider) -> None:
    refs = mandate(world, belvo)
    for number in range(10, 35):
        charge(belvo, refs, f"K-{number}")
    assert belvo.find_charge("K-1") is None
    assert belvo.find_charge("k-10") is None
    assert found(belvo, "K-10").key == "K-10"


def test_unknown_ids(belvo: DebitProvider) -> None:
    with pytest.raises(InvalidRequest, match="id must be a UUID"):
        belvo.charge("x")
    with pytest.raises(InvalidRequest, match="not found for merchant"):
        belvo.charge("0d1a377b-b4c5-4a94-9e2e-83e59d1f6a9c")


def test_the_list_is_read_by_the_time_of_the_charges_and_leaves_out_what_it_cannot_read(
    world: World, belvo: DebitProvider
) -> None:
    refs = mandate(world, belvo)
    reports = []
    for minute in range(4):
        world.clock.at = at(f"2026-11-24T09:0{minute}")
        reports.append(charge(belvo, refs, f"K-{minute}"))
    listed = belvo.charges_made(at("2026-11-24T09:01"), at("2026-11-24T09:02"))
    assert list(listed) == reports[1:3], "oldest first, both ends"
    make_trouble(world.services, "status", "GET /payment_requests", taken=True)
    assert list(belvo.charges_made(at("2026-11-24T09:00"), at("2026-11-24T10:00"))) == []
