"""The adapter against the stand-in Belvo over HTTP: a mandate, until it is confirmed, refused or ended."""

import pytest
import requests

from bot.debit.port import (
    AuthError,
    BankNotSupported,
    DebitProvider,
    InvalidRequest,
    MandateNotChargeable,
    NotCancellable,
    UnknownOutcome,
)
from bot.debit.providers import make_providers
from bot.simulator.belvo import demand_documents, make_trouble
from bot.simulator.database import account, consent, customer
from tests.belvo_orders import at, charge, clabe, mandate, order, rows
from tests.integration.served import World


def test_a_mandate_is_registered_step_by_step_and_confirmed_on_the_same_banking_day(
    world: World, belvo: DebitProvider
) -> None:
    world.clock.at = at("2026-11-24T14:59")
    kept: list[dict[str, str]] = []
    report = belvo.submit_mandate(order(), lambda refs: kept.append(dict(refs)))
    assert [list(refs) for refs in kept] == [
        ["customer", "account", "consent", "contract"][: step + 1] for step in range(4)
    ]
    assert (report.status, report.refs) == ("submitted", kept[-1])
    with pytest.raises(MandateNotChargeable):
        charge(belvo, dict(report.refs))
    world.clock.at = at("2026-11-24T16:59")
    assert belvo.mandate(report.refs).status == "submitted"
    world.clock.at = at("2026-11-24T17:00")
    assert belvo.mandate(report.refs).status == "active"


def test_after_the_cut_off_and_on_a_closed_day_it_takes_until_the_next_banking_day(
    world: World, belvo: DebitProvider
) -> None:
    world.clock.at = at("2026-12-11T15:00")  # a Friday; the 12th is a holiday too
    refs = belvo.submit_mandate(order(), lambda _: None).refs
    world.clock.at = at("2026-12-14T16:59")
    assert belvo.mandate(refs).status == "submitted"
    world.clock.at = at("2026-12-14T17:00")
    assert belvo.mandate(refs).status == "active"


@pytest.mark.parametrize(
    "call", ["POST /customers", "POST /payment_methods", "POST /consents", "POST /consents/"]
)
def test_a_step_whose_answer_was_lost_is_not_made_twice(
    world: World, belvo: DebitProvider, call: str
) -> None:
    kept: dict[str, str] = {}
    make_trouble(world.services, "nothing", call, taken=True)
    with pytest.raises(UnknownOutcome):
        belvo.submit_mandate(order(), kept.update)
    report = belvo.submit_mandate(order(refs=kept), kept.update)
    assert [rows(world, table) for table in (customer, account, consent)] == [1, 1, 1]
    assert report.refs == kept


def test_killed_before_anything_could_be_kept(world: World, belvo: DebitProvider) -> None:
    class Killed(Exception):
        pass

    def dies(_: object) -> None:
        raise Killed

    kept: dict[str, str] = {}
    for _ in range(4):
        with pytest.raises(Killed):
            belvo.submit_mandate(order(refs=kept), dies)
        with pytest.raises(Killed):
            belvo.submit_mandate(order(refs=kept), lambda refs: [kept.update(refs), dies(refs)])
    belvo.submit_mandate(order(refs=kept), kept.update)
    assert [rows(world, table) for table in (customer, account, consent)] == [1, 1, 1]


def test_a_person_with_two_loans_is_one_customer_with_two_mandates_and_one_ends_alone(
    world: World, belvo: DebitProvider
) -> None:
    first, second = mandate(world, belvo), mandate(world, belvo, folio="D-0002")
    assert first["customer"] == second["customer"] and first["account"] != second["account"]
    belvo.cancel_mandate(first)
    belvo.cancel_mandate(first)
    assert [belvo.mandate(refs).status for refs in (first, second)] == ["cancelled", "active"]
    with pytest.raises(MandateNotChargeable):
        charge(belvo, first)


def test_a_mandate_with_a_charge_on_its_way_cannot_be_cancelled_until_it_is_over(
    world: World, belvo: DebitProvider
) -> None:
    refs = mandate(world, belvo)
    charge(belvo, refs)
    world.clock.at = at("2026-11-24T16:00")
    with pytest.raises(NotCancellable):
        belvo.cancel_mandate(refs)
    world.clock.at = at("2026-11-25T12:00")
    belvo.cancel_mandate(refs)
    assert belvo.mandate(refs).status == "cancelled"
    belvo.cancel_mandate({})


@pytest.mark.parametrize(
    ("ending", "reason"), [("93", "consent.rejected"), ("94", "account.ownership_mismatch")]
)
def test_rejected_or_somebody_elses_account(
    world: World, belvo: DebitProvider, ending: str, reason: str
) -> None:
    report = belvo.mandate(mandate(world, belvo, clabe(ending)))
    assert (report.status, report.reason) == ("rejected", reason)


def test_a_merchant_of_whom_documents_are_demanded(world: World, belvo: DebitProvider) -> None:
    demand_documents(world.services, demanded=True)
    refs = mandate(world, belvo)
    assert (belvo.mandate(refs).status, belvo.mandate(refs).reason) == (
        "submitted",
        "account.pending_agreement_acceptance",
    )
    files = dict.fromkeys(("id_front", "id_back", "selfie"), ("x.jpg", b"x", "image/jpeg"))
    settings = world.services.settings
    headers = {"api-key-id": settings.belvo_api_key_id, "api-key-secret": settings.belvo_api_key_secret}
    address = f"{settings.belvo_api_url}/consents/{refs['consent']}"
    assert requests.get(address, headers=headers, timeout=5).json()["status"] == "incomplete_information"
    assert requests.post(f"{address}/files", files=files, headers=headers, timeout=5).status_code == 201
    world.clock.advance(hours=8)
    assert belvo.mandate(refs).status == "active"


def test_what_belvo_would_refuse_is_refused_here_first(world: World, belvo: DebitProvider) -> None:
    with pytest.raises(BankNotSupported):
        belvo.submit_mandate(order("646180111800000004"), lambda _: None)
    for missing in ({"document": None}, {"email": None}, {"document_kind": None}):
        with pytest.raises(InvalidRequest):
            belvo.submit_mandate(order(**missing), lambda _: None)
    with pytest.raises(InvalidRequest, match="email must be an email"):
        belvo.submit_mandate(order(email="ana"), lambda _: None)
    assert rows(world, customer) == 0


def test_wrong_keys(world: World) -> None:
    wrong = make_providers(
        world.services.settings.model_copy(update={"belvo_api_key_secret": "wrong"})
    ).default
    with pytest.raises(AuthError):
        wrong.institutions()


def test_the_banks_that_it_debits(belvo: DebitProvider) -> None:
    assert {"002", "012", "014", "072", "152"} <= belvo.institutions()
    assert not {"646", "638", "138"} & belvo.institutions()
