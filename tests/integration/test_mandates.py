"""Mandates after the consent: to the provider and back, whatever it answers, whoever is killed, whatever
happens meanwhile.
"""

import hashlib
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot import drill
from bot.clock import system_now
from bot.conversation import take_events
from bot.debit import mandates
from bot.debit.hints import mandate_has_news
from bot.debit.mandates.due import CLAIM
from bot.debit.port import (
    AuthError,
    BankNotSupported,
    InvalidRequest,
    NotCancellable,
    RateLimited,
    TransientError,
    UnknownOutcome,
)
from models import BankAccount, Charge, Event, Loan, Mandate, Task, read_tx, write_tx
from models.ledger import verify
from tests.integration.test_mandate_consent import _charge as charge
from tests.services import set_provider
from tests.talk import CLABE, Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    one = talk(engine, now, curp="LORA900315MDFPZN05", email="ana@correo.mx")
    one.to_authorized()
    return one


def sweep(one: Talk) -> None:
    for run in (
        mandates.expire_mandates,
        mandates.issue_documents,
        mandates.submit_mandates,
        mandates.poll_mandates,
        mandates.cancel_at_provider,
    ):
        run(one.services)
    take_events(one.services)
    one.send()


def held(one: Talk) -> Any:
    return one.rows(Mandate, Mandate.loan_id == one.loan)[-1]


def sound(one: Talk) -> bool:
    with read_tx(one.services.engine) as connection:
        return list(verify(connection)) == []


def tasks(one: Talk) -> list[str]:
    return [task.kind for task in one.rows(Task)]


def test_the_good_way(ana: Talk) -> None:
    ana.provider.status = "submitted"
    sweep(ana)
    assert (held(ana).status, held(ana).tries, held(ana).claimed_at) == ("submitted", 0, None)
    assert set(held(ana).provider_refs) == {"customer", "account", "consent"}
    ana.provider.status = "active"
    sweep(ana)
    assert held(ana).status == "submitted", "it is asked about again only after a while"
    ana.advance(minutes=16)
    sweep(ana)
    assert held(ana).status == "active"
    assert ana.kinds("mandate") == [
        "mandate.requested",
        "mandate.authorized",
        "mandate.submitted",
        "mandate.active",
    ]
    assert f"folio {held(ana).folio}" in ana.wire.sent[-1].text
    assert sound(ana)


def test_what_the_provider_is_sent(ana: Talk) -> None:
    sweep(ana)
    (order,) = ana.provider.mandate_orders
    assert (order.account.digits, order.holder, order.document_kind, order.email) == (
        CLABE,
        "Ana López Ruiz",
        "curp",
        "ana@correo.mx",
    )
    assert order.phone == ana.phone
    assert order.contract.startswith(b"%PDF")
    assert order.contract != held(ana).document, "the account in the one that is kept is masked"


def test_the_document_is_issued_once(ana: Talk) -> None:
    for _ in range(2):
        mandates.issue_documents(ana.services)
    assert hashlib.sha256(held(ana).document).hexdigest() == held(ana).document_hash
    (issued,) = [row for row in ana.ledger("document.issued") if row.data["document"] == "mandate"]
    assert issued.data["sha256"] == held(ana).document_hash


def test_a_rejection_is_told_and_shown_to_a_person(ana: Talk) -> None:
    ana.provider.status, ana.provider.reason = "rejected", f"account {CLABE} does not exist"
    sweep(ana)
    assert held(ana).status == "rejected"
    assert ana.ledger("mandate")[-1].data["reason"] == "provider"
    assert tasks(ana) == ["mandate_rejected"]
    assert "no aceptó" in ana.wire.sent[-1].text
    assert held(ana).due_at is None


def test_one_that_the_provider_leaves_undecided_is_shown_to_a_person_once(ana: Talk) -> None:
    ana.provider.status = "submitted"
    sweep(ana)
    ana.advance(days=5)
    sweep(ana)
    assert (held(ana).status, tasks(ana)) == ("submitted", [])
    for _ in range(2):
        ana.advance(days=4)
        sweep(ana)
        assert (held(ana).status, tasks(ana)) == ("submitted", ["mandate_waiting"])


@pytest.mark.parametrize(
    ("error", "reason"),
    [(InvalidRequest(CLABE), "invalid_request"), (BankNotSupported("x"), "bank_not_supported")],
)
def test_what_the_provider_refuses_is_rejected(ana: Talk, error: Exception, reason: str) -> None:
    ana.provider.errors = [None, error]
    sweep(ana)
    assert (held(ana).status, ana.ledger("mandate")[-1].data["reason"]) == ("rejected", reason)
    assert tasks(ana) == ["mandate_rejected"]


@pytest.mark.parametrize(
    ("error", "wait", "task"),
    [
        (TransientError(), 60, []),
        (UnknownOutcome(), 60, []),
        (RateLimited(300), 300, []),
        (AuthError(), 900, ["debit_auth"]),
        (KeyError(CLABE), 60, ["mandate_error"]),
    ],
)
def test_a_call_that_fails_is_made_again_from_where_it_stood(
    ana: Talk, error: Exception, wait: int, task: list[str]
) -> None:
    ana.provider.errors = [None, error]
    sweep(ana)
    row = held(ana)
    assert (row.status, row.tries, row.claimed_at, row.due_at - ana.services.clock.now()) == (
        "authorized",
        1,
        None,
        timedelta(seconds=wait),
    )
    assert tasks(ana) == task
    sweep(ana)
    assert held(ana).status == "authorized"
    ana.advance(seconds=wait)
    sweep(ana)
    assert (held(ana).status, ana.provider.made) == ("active", ["customer", "account", "consent"])


def test_a_provider_that_stays_away_is_asked_less_and_less_often(ana: Talk) -> None:
    waits = []
    for _ in range(9):
        ana.provider.errors = [TransientError()]
        sweep(ana)
        waits.append((held(ana).due_at - ana.services.clock.now()).total_seconds() / 60)
        ana.advance(minutes=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


class Killed(BaseException):
    """As `kill -9`: nothing of ours runs any more."""


@pytest.mark.parametrize("point", ["mandate_step", "mandate_submitted"])
def test_killed_anywhere_it_goes_on_from_there(
    ana: Talk, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def passing(at: str) -> None:
        if at == point:
            raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(drill, "passing", passing)
        with pytest.raises(Killed):
            sweep(ana)
    assert held(ana).claimed_at is not None
    sweep(ana)
    assert held(ana).status == "authorized", "the claim stands until it is old"
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Mandate).values(claimed_at=system_now() - CLAIM - timedelta(seconds=1)))
    sweep(ana)
    assert held(ana).status == "active"
    assert ana.kinds("mandate").count("mandate.active") == 1
    assert set(held(ana).provider_refs) == {"customer", "account", "consent"}
    assert sound(ana)


def test_two_workers_submit_once(ana: Talk) -> None:
    mandates.issue_documents(ana.services)
    threads = [threading.Thread(target=mandates.submit_mandates, args=(ana.services,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ana.provider.made == ["customer", "account", "consent"]
    assert held(ana).status == "active"


def test_cancelled_while_the_provider_is_called(ana: Talk) -> None:
    ana.provider.during = lambda: ana.say("cancelen la domiciliación") and None
    mandates.submit_mandates(ana.services)
    assert (held(ana).status, held(ana).due_at) == ("cancelled", ana.services.clock.now())
    sweep(ana)
    assert [set(refs) for refs in ana.provider.cancelled] == [{"customer", "account", "consent"}]
    assert held(ana).due_at is None
    assert "mandate.active" not in ana.kinds()


def test_the_provider_is_told_until_it_has_taken_it(ana: Talk) -> None:
    sweep(ana)
    ana.say("cancelen la domiciliación")
    ana.provider.errors = [TransientError()]
    sweep(ana)
    assert ana.provider.cancelled == []
    ana.advance(minutes=1)
    sweep(ana)
    sweep(ana)
    assert len(ana.provider.cancelled) == 1


def test_one_that_cannot_be_cancelled_there_is_tried_for_a_day_and_then_a_persons(ana: Talk) -> None:
    sweep(ana)
    ana.say("cancelen la domiciliación")
    ana.provider.errors = [NotCancellable("busy")] * 25
    for hour in range(25):
        sweep(ana)
        assert tasks(ana) == (["mandate_not_cancelled"] if hour == 24 else [])
        ana.advance(hours=1)
    sweep(ana)
    assert (len(ana.provider.cancelled), held(ana).due_at) == (1, None)


def test_a_new_account_takes_the_old_ones_place_only_when_active(ana: Talk) -> None:
    sweep(ana)
    old = held(ana)
    charge(ana, old.id, "planned", 1)
    ana.advance(minutes=1)
    ana.provider.status = "submitted"
    for text in ("cambiar de cuenta", "014180001234567800", "sí", "acepto"):
        ana.say(text)
    sweep(ana)
    assert [row.status for row in ana.rows(Mandate)] == ["active", "submitted"]
    assert [row.status for row in ana.rows(Charge)] == ["planned"]
    ana.provider.status = "active"
    ana.advance(minutes=16)
    sweep(ana)
    assert [row.status for row in ana.rows(Mandate)] == ["cancelled", "active"]
    assert [row.status for row in ana.rows(Charge)] == ["cancelled"]
    assert ana.ledger("mandate.cancelled")[0].data["reason"] == "replaced"
    sweep(ana)
    assert len(ana.provider.cancelled) == 1
    assert [row.kind for row in ana.rows(Event)] == ["mandate.active", "mandate.active"], (
        "they are not notified of the one they replaced themselves"
    )
    assert sound(ana)


def test_a_bank_that_cancels_is_heard_within_a_day(ana: Talk) -> None:
    sweep(ana)
    ana.provider.status, ana.provider.reason = "cancelled", "payer"
    ana.advance(hours=25)
    ana.say("hola")
    sweep(ana)
    assert (held(ana).status, ana.ledger("mandate")[-1].data["reason"]) == ("cancelled", "payer")
    assert "canceló" in ana.wire.sent[-1].text


def test_a_disputed_one_stops_its_charges_and_is_a_persons(ana: Talk) -> None:
    sweep(ana)
    charge(ana, held(ana).id, "notified", 1)
    ana.provider.status = "disputed"
    assert mandate_has_news(ana.services, ["fake"], held(ana).provider_refs["account"])
    assert not mandate_has_news(ana.services, ["fake"], "someone-elses")
    sweep(ana)
    assert (held(ana).status, held(ana).due_at) == ("disputed", None)
    assert [row.status for row in ana.rows(Charge)] == ["cancelled"]
    assert tasks(ana) == ["mandate_disputed"]


def test_it_waits_for_what_only_the_borrower_can_say(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.provider.needs(needs_document=True)
    one.to_authorized()
    sweep(one)
    assert (held(one).status, one.provider.mandate_orders) == ("authorized", [])
    assert held(one).document is not None
    one.say("LORA900315AB1")
    sweep(one)
    assert held(one).status == "active"
    assert (one.provider.mandate_orders[0].document_kind, one.provider.mandate_orders[0].document) == (
        "rfc",
        "LORA900315AB1",
    )


def test_terms_that_nobody_accepts_expire(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.to_terms()
    sweep(one)
    assert held(one).status == "requested"
    one.advance(hours=72, seconds=1)
    sweep(one)
    assert (held(one).status, one.ledger("mandate")[-1].data["reason"]) == ("expired", "unanswered")


def test_it_ends_with_its_last_day_and_with_the_loan(ana: Talk) -> None:
    sweep(ana)
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Mandate).values(valid_until=date(2026, 11, 24)))
    sweep(ana)
    assert held(ana).status == "active"
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Loan).values(status="settled"))
    sweep(ana)
    assert (held(ana).status, ana.ledger("mandate")[-1].data["reason"]) == ("expired", "loan_settled")
    assert len(ana.provider.cancelled) == 1


def test_without_a_provider_nobody_is_called(ana: Talk) -> None:
    set_provider(ana.services)
    sweep(ana)
    assert held(ana).status == "authorized"


def test_the_lenders_api_shows_the_one_that_stands(ana: Talk) -> None:
    from bot.api.keys import make_key
    from bot.app import create_app

    client, key = create_app(ana.services).test_client(), make_key(ana.services, "tests", "readonly")

    def shown() -> Any:
        answer = client.get("/api/v1/loans/L1", headers={"Authorization": f"Bearer {key}"})
        return answer.json["mandate"]

    assert (shown()["status"], shown()["clabe_masked"], shown()["bank"], shown()["max_amount"]) == (
        "authorized",
        "••••7899",
        "BBVA",
        60_000,
    )
    sweep(ana)
    ana.advance(minutes=1)
    for text in ("cambiar de cuenta", "014180001234567800", "sí"):
        ana.say(text)
    assert (shown()["status"], shown()["clabe_masked"]) == ("active", "••••7899")
    ana.say("cancelen la domiciliación")
    assert shown()["status"] == "cancelled"


@pytest.mark.parametrize("of", [0, 1])
def test_an_account_that_is_not_the_one_consented_to_goes_to_no_provider(ana: Talk, of: int) -> None:
    """Two rows' ciphertexts were exchanged: of the same borrower, or of two."""
    owner = select(BankAccount.borrower_id)
    with write_tx(ana.services.engine) as connection:
        other = ana.services.vault.encrypt("014180000000000013", connection.scalar(owner) + of)
        connection.execute(update(BankAccount).values(encrypted=other))
    sweep(ana)
    assert (held(ana).status, ana.provider.mandate_orders) == ("authorized", [])
    assert "mandate_error" in [task.kind for task in ana.rows(Task)]
