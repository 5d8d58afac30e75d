"""What every `DebitProvider` must do, whoever moves the money: the adapter over HTTP, and the fake that
other tests charge with. Another provider is a line in `PROVIDERS`.
"""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args, get_type_hints
from uuid import uuid4

import pytest

from bot.debit.port import (
    ChargeOrder,
    DebitProvider,
    InvalidRequest,
    MandateNotChargeable,
    Refs,
    TransientError,
    UnknownOutcome,
)
from bot.settings import Settings
from tests.belvo_orders import at, order
from tests.fake_provider import FakeProvider
from tests.integration.served import World
from values import Money


@dataclass
class Case:
    """`activate` lets the time pass after which a registered mandate may be charged."""

    provider: DebitProvider
    activate: Callable[[], None]


def _belvo(request: pytest.FixtureRequest) -> Case:
    world: World = request.getfixturevalue("world")
    world.clock.at = at("2026-11-23T10:00")

    def activate() -> None:
        world.clock.at = at("2026-11-24T09:00")

    return Case(request.getfixturevalue("belvo"), activate)


def _fake(_request: pytest.FixtureRequest) -> Case:
    return Case(FakeProvider(), lambda: None)


NOT_BUILT = {"monato", "bankfile"}
"""Refused at the start (`bot/settings.py`)."""
PROVIDERS: dict[str, Callable[[pytest.FixtureRequest], Case]] = {"belvo": _belvo, "fake": _fake}


@pytest.fixture(params=sorted(PROVIDERS))
def case(request: pytest.FixtureRequest) -> Case:
    return PROVIDERS[request.param](request)


def registered(case: Case) -> Refs:
    refs = case.provider.submit_mandate(order(), lambda _refs: None).refs
    case.activate()
    return refs


def charge(refs: Refs, key: str = "K-1", amount: int = 150_050) -> ChargeOrder:
    return ChargeOrder(key, Money(amount), refs, "L-1", 1, date(2026, 11, 24))


def test_each_that_can_be_set_is_tried_here() -> None:
    offered = set(get_args(get_type_hints(Settings)["debit_provider"])) - {"", "simulator"}
    assert offered - set(PROVIDERS) == NOT_BUILT


def test_it_names_itself_and_the_banks_that_it_reaches(case: Case) -> None:
    assert re.fullmatch(r"[a-z]{1,16}", case.provider.name)
    banks = case.provider.institutions()
    assert "014" in banks and all(re.fullmatch(r"\d{3}", code) for code in banks)


def test_its_capabilities_can_be_worked_with(case: Case) -> None:
    able = case.provider.capabilities
    assert able.settle_banking_days >= 0 and able.reversible_days >= 60
    assert able.batch >= 1 and 1 <= able.parallel_calls <= 64


def test_each_step_of_a_registration_is_kept_before_the_next(case: Case) -> None:
    kept: list[dict[str, str]] = []
    report = case.provider.submit_mandate(order(), lambda refs: kept.append(dict(refs)))
    assert [len(refs) for refs in kept] == list(range(1, len(kept) + 1))
    assert kept[-1] == dict(report.refs)


def test_a_registration_goes_on_from_what_was_kept(case: Case) -> None:
    kept: list[dict[str, str]] = []
    case.provider.submit_mandate(order(), lambda refs: kept.append(dict(refs)))
    for refs in kept:
        again = case.provider.submit_mandate(replace(order(), refs=refs), lambda _refs: None)
        assert refs.items() <= again.refs.items()


def test_a_mandate_becomes_active_and_is_cancelled_once_and_for_all(case: Case) -> None:
    refs = registered(case)
    assert case.provider.mandate(refs).status == "active"
    case.provider.cancel_mandate(refs)
    case.provider.cancel_mandate(refs)
    assert case.provider.mandate(refs).status == "cancelled"


def test_a_charge_is_reported_as_it_was_ordered(case: Case) -> None:
    made = case.provider.create_charge(charge(registered(case)))
    assert (made.key, made.amount, made.status) == ("K-1", Money(150_050), "submitted")
    for report in (case.provider.charge(made.provider_id), case.provider.find_charge("K-1")):
        assert report is not None
        assert (report.provider_id, report.key, report.amount) == (made.provider_id, "K-1", made.amount)


@pytest.mark.parametrize("key", ["K", "K-", "K-11", "k-1", "-1", "K-2"])
def test_a_charge_is_found_by_its_whole_key_alone(case: Case, key: str) -> None:
    case.provider.create_charge(charge(registered(case)))
    assert case.provider.find_charge(key) is None


def test_one_key_is_one_charge(case: Case) -> None:
    refs = registered(case)
    made = case.provider.create_charge(charge(refs))
    with contextlib.suppress(TransientError, UnknownOutcome):  # never that it was refused
        assert case.provider.create_charge(charge(refs)).provider_id == made.provider_id
    found = case.provider.find_charge("K-1")
    assert found is not None and found.provider_id == made.provider_id


def test_without_an_account_nothing_is_charged(case: Case) -> None:
    with pytest.raises(MandateNotChargeable):
        case.provider.create_charge(charge({}))
    assert case.provider.find_charge("K-1") is None


def test_what_was_made_is_listed(case: Case) -> None:
    refs = registered(case)
    made = [case.provider.create_charge(charge(refs, f"K-{number}")) for number in range(1, 4)]
    assert list(case.provider.charges_made(at("2026-11-24T08:00"), at("2026-11-24T10:00"))) == made


def test_a_charge_that_is_not_there(case: Case) -> None:
    with pytest.raises(InvalidRequest):
        case.provider.charge(str(uuid4()))


def test_a_charge_that_has_not_left_is_cancelled_once_and_for_all(case: Case) -> None:
    made = case.provider.create_charge(charge(registered(case)))
    assert case.provider.cancel_charge(made.provider_id)
    assert case.provider.charge(made.provider_id).status == "cancelled"
    assert case.provider.cancel_charge(made.provider_id)
