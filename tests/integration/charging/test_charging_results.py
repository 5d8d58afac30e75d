"""What became of a charge: collected, returned, taken back."""

from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select

from bot.debit import charging
from bot.debit.port import AuthError, TransientError
from models import Charge, balance_table, read_tx
from tests.charging import House, make_house


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
    assert (submitted.look(), submitted.look()) == (1, 0)
    submitted.at("2026-11-27T09:06")
    submitted.look()
    assert submitted.statuses() == ["submitted"], "the keys were refused"
    submitted.look()
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
    assert "No te cobramos nada. Lo intentaremos de nuevo el martes 15 de diciembre" in submitted.texts()[-1]
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
        ("2026-11-26", "2026-11-27", "2026-11-30"),
        ("2026-12-14", "2026-12-15", "2026-12-16"),
        ("2026-12-30", "2026-12-31", "2027-01-04"),
    ):
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


@pytest.mark.parametrize(
    ("code", "mandate", "tasks", "words"),
    [
        ("01", "cancelled", [], "dame la CLABE de otra cuenta"),
        ("02", "active", ["charge_returned"], "Puedes pagar por transferencia"),
        ("08", "suspended", ["charge_returned"], "no haremos más cargos automáticos"),
        ("10", "cancelled", ["charge_returned"], "no haremos más cargos automáticos"),
        ("13", "disputed", ["charge_returned"], "no haremos más cargos automáticos"),
        ("77", "active", ["charge_returned"], "Puedes pagar por transferencia"),
    ],
)
def test_other_returns_are_not_tried_again(
    submitted: House, code: str, mandate: str, tasks: list[str], words: str
) -> None:
    submitted.provider.turn_all("returned", code)
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert (submitted.statuses(), submitted.mandate_status(), submitted.tasks()) == (
        ["returned"],
        mandate,
        tasks,
    )
    assert words in submitted.texts()[-1]
    charging.plan(submitted.services)
    assert [row for row in submitted.charges() if row.instalment_id == submitted.charges()[0].instalment_id][
        1:
    ] == []
    submitted.sound()


def test_what_the_bank_takes_back_is_owed_again(collected: House) -> None:
    collected.at("2026-12-02T09:00")
    collected.look()
    assert (collected.statuses()[0], collected.owed()) == ("settled", 60_000)
    collected.at("2027-03-01T12:00")
    collected.provider.turn("P1", "reversed", "13", "desconoce")
    assert charging.poll_settled(collected.services) == 1
    collected.talk()
    assert (collected.statuses()[0], collected.owed(), collected.mandate_status()) == (
        "reversed",
        120_000,
        "disputed",
    )
    assert collected.ledger("^(charge.reversed|mandate)") == ["charge.reversed", "mandate.disputed"]
    assert "charge_reversed" in collected.tasks()
    assert (
        any("Tu banco te devolvió el cargo de $600.00" in text for text in collected.texts())
        or "charge.reversed" in collected.events()
    )
    collected.sound()


def test_money_is_in_transit_until_the_provider_has_settled_it(collected: House) -> None:
    provider = f"transit:{collected.provider.name}"
    assert money(collected) == {provider: 60_000}
    collected.at("2026-12-02T09:00")
    collected.look()
    assert money(collected) == {provider: 0, "bank": 60_000}
    collected.at("2027-03-01T12:00")
    collected.provider.turn("P1", "reversed", "13", "desconoce")
    charging.poll_settled(collected.services)
    assert money(collected) == {provider: 0, "bank": 0}
    collected.sound()


def test_what_the_provider_keeps_is_a_fee_and_the_debt_is_paid_in_full(collected: House) -> None:
    provider = collected.provider.name
    collected.provider.turn("P1", "collected", fee_centavos=464)
    collected.at("2026-12-02T09:00")
    collected.look()
    assert money(collected) == {f"transit:{provider}": 0, "bank": 59_536, f"fees:{provider}": 464}
    collected.sound()
    collected.provider.turn("P1", "reversed", "13", "desconoce", fee_centavos=464)
    collected.set(Charge, checked_at=None)
    collected.look()
    assert money(collected) == {f"transit:{provider}": 0, "bank": -464, f"fees:{provider}": 464}
    collected.sound()


def test_what_is_taken_back_before_it_settled_leaves_transit(collected: House) -> None:
    collected.provider.turn("P1", "reversed", "13", "desconoce")
    collected.set(Charge, checked_at=None)
    collected.look()
    assert money(collected) == {f"transit:{collected.provider.name}": 0}
    collected.sound()


def money(house: House) -> dict[str, int]:
    """What stands in the accounts where money that came in is."""
    with read_tx(house.services.engine) as connection:
        rows = connection.execute(select(balance_table.c.account, balance_table.c.amount)).all()
    return {
        account: amount for account, amount in rows if account.split(":")[0] in ("bank", "transit", "fees")
    }


def test_after_the_time_to_object_nothing_is_asked_any_more(collected: House) -> None:
    collected.at("2026-12-02T09:00")
    collected.look()
    collected.at("2027-03-31T09:00")
    assert charging.poll_settled(collected.services) == 1
    assert charging.poll_settled(collected.services) == 0, "not before a week has gone by"
    collected.at("2027-04-08T09:00")
    assert charging.poll_settled(collected.services) == 0


def test_a_reversal_that_was_heard_of_before_the_collection_is_both(submitted: House) -> None:
    submitted.provider.turn("P1", "reversed")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses(), submitted.owed()) == (["reversed"], 120_000)
    assert submitted.ledger("^charge")[-2:] == ["charge.collected", "charge.reversed"]
    submitted.sound()
