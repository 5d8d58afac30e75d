"""A mandate and its charges stay with the provider that they were made with."""

from sqlalchemy import select

from bot.debit import charging, mandates
from bot.debit.hints import charge_has_news, mandate_has_news
from models import Charge, Mandate
from tests.charging import House
from tests.fake_provider import FakeProvider
from tests.services import set_provider


def stranger() -> FakeProvider:
    """Another provider, which would answer anything, and wrongly."""
    return FakeProvider(name="other", status="cancelled")


def test_after_a_change_the_new_one_is_asked_nothing_of_the_old_ones(submitted: House) -> None:
    asked: list[str] = []
    other = stranger()
    other.around = asked.append
    set_provider(submitted.services, other)
    submitted.set(Mandate, due_at=submitted.services.clock.now())
    submitted.set(Charge, checked_at=None)
    submitted.at("2026-11-30T12:00")
    for sweep in (
        charging.submit,
        charging.resolve,
        charging.poll_results,
        charging.poll_settled,
        charging.cancel_in_flight,
        mandates.poll_mandates,
        mandates.cancel_at_provider,
        mandates.submit_mandates,
    ):
        assert sweep(submitted.services) == 0
    assert (asked, other.cancelled, submitted.mandate_status()) == ([], [], "active")
    assert charging.plan(submitted.services) == 0, "nothing is announced that cannot be made"


def test_several_are_asked_each_about_its_own(submitted: House) -> None:
    set_provider(submitted.services, stranger(), submitted.provider)
    submitted.provider.turn_all("collected")
    submitted.set(Mandate, due_at=submitted.services.clock.now())
    mandates.poll_mandates(submitted.services)
    submitted.at("2026-11-30T12:00")
    submitted.look()
    assert (submitted.statuses()[0], submitted.mandate_status()) == ("collected", "active")


def test_a_webhook_speaks_only_of_its_own_providers_rows(submitted: House) -> None:
    key, ref = submitted.charge.key, "A1"
    assert not charge_has_news(submitted.services, ["other"], "P1", key)
    assert not mandate_has_news(submitted.services, ["other"], ref)
    assert charge_has_news(submitted.services, ["belvo"], "P1", None)
    assert mandate_has_news(submitted.services, ["belvo"], ref)


def test_what_belongs_to_a_provider_that_is_gone_is_shown_to_a_person(submitted: House) -> None:
    set_provider(submitted.services, stranger())
    for _ in range(2):
        charging.report_missing_providers(submitted.services)
    assert submitted.tasks() == ["debit_provider_missing"]
    assert submitted.scalars(select(Charge.status)) == ["submitted"]
