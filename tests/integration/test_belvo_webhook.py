"""Belvo's webhook: what it takes and refuses, what the stand-in posts to it, and the page's hand on the
stand-in's books.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.debit.belvo import webhook
from bot.debit.port import ChargeOrder, DebitProvider
from bot.simulator.belvo import charges_of, choose_outcome, deliver, mandates_of
from bot.simulator.database import hook, simulator_engine
from models import BankAccount, Borrower, Charge, Instalment, Mandate, Task, charge_table, read_tx, write_tx
from tests.belvo_orders import at, clabe, found, mandate
from tests.integration.served import World
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services
from values import Money

PATH = "/webhooks/belvo/w"
ASKED = datetime(2026, 11, 23, tzinfo=UTC)


def add_charge(
    engine: Engine,
    key: str = "K-1",
    provider_id: str | None = None,
    refs: dict[str, str] | None = None,
    number: int = 1,
    **more: object,
) -> None:
    """A submitted charge, asked about before, of a loan of its own."""
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection, number)
        loan = add_loan(connection, borrower, number)
        bank = {
            "borrower_id": borrower,
            "fingerprint": "f",
            "encrypted": b"x",
            "key_id": "k",
            "bank_code": "014",
            "last4": "0000",
            "created_at": ASKED,
        }
        owner = connection.execute(insert(BankAccount).values(**bank).returning(BankAccount.id)).scalar_one()
        terms = {
            "folio": f"D-{number:04d}",
            "loan_id": loan,
            "bank_account_id": owner,
            "status": "active",
            "max_amount": 100_000,
            "frequency": "monthly",
            "terms_version": "1",
            "terms_text": "x",
            "terms_hash": "h",
            "provider": "belvo",
            "provider_refs": refs or {},
            "created_at": ASKED,
        }
        agreed = connection.execute(insert(Mandate).values(**terms).returning(Mandate.id)).scalar_one()
        part = connection.scalar(select(Instalment.id).where(Instalment.loan_id == loan))
        row = {
            "mandate_id": agreed,
            "loan_id": loan,
            "instalment_id": part,
            "attempt": 1,
            "amount": 60_000,
            "status": "submitted",
            "charge_on": date(2026, 11, 24),
            "key": key,
            "provider": "belvo",
            "provider_id": provider_id,
            "checked_at": ASKED,
            "created_at": ASKED,
        }
        connection.execute(insert(Charge).values(**(row | more)))


def asked_at(engine: Engine) -> dict[str, datetime | None]:
    with read_tx(engine) as connection:
        return {
            row.key: row.checked_at
            for row in connection.execute(select(charge_table.c.key, charge_table.c.checked_at))
        }


def event(**details: object) -> dict[str, object]:
    given = {"id": "p-1", "reference": "K-1", "status": "successful", "amount": 600.00} | details
    return {
        "eventType": "payment_request_update",
        "eventCode": "payment_request_successful",
        "datetime": "2026-11-25T18:00:00Z",
        "details": given,
    }


@pytest.fixture
def client(engine: Engine, now: datetime) -> FlaskClient:
    return create_app(make_test_services(engine, now)).test_client()


def post(client: FlaskClient, given: object, path: str = PATH) -> TestResponse:
    return client.post(
        path,
        data=given if isinstance(given, bytes) else json.dumps(given).encode(),
        content_type="application/json",
    )


@pytest.mark.parametrize("changed", [{}, {"id": "another"}, {"reference": None}, {"reference": "another"}])
def test_a_hint_makes_the_charge_due_to_be_asked_about_and_posts_nothing(
    engine: Engine, client: FlaskClient, changed: dict[str, object]
) -> None:
    add_charge(engine, "K-1", "p-1")
    add_charge(engine, "K-2", "p-2", number=2)
    assert post(client, event(**changed)).status_code == 200
    assert asked_at(engine) == {"K-1": None, "K-2": ASKED}
    with read_tx(engine) as connection:
        assert set(connection.scalars(select(charge_table.c.status))) == {"submitted"}


def test_one_whose_id_we_never_learnt_is_known_by_its_key(engine: Engine, client: FlaskClient) -> None:
    add_charge(engine, status="unknown")
    assert post(client, event()).status_code == 200
    assert asked_at(engine) == {"K-1": None}


def test_what_is_none_of_ours_is_logged_by_its_id_alone(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (
        event(),
        event()
        | {"eventType": "customer_update", "details": {"id": "c-1", "documentNumber": "PEGA900315AB1"}},
    ):
        assert post(client, given).status_code == 200
    logged = capsys.readouterr().err
    assert '"id": "p-1"' in logged and '"known": false' in logged and '"id": "c-1"' in logged
    assert "PEGA" not in logged and PATH not in logged


BLOCKED = {
    "eventType": "customer_update",
    "eventCode": "customer_blocked",
    "datetime": "2026-11-24T10:00:00Z",
    "details": {"documentNumber": "PEGA900315MDFRMN00"},
}


@pytest.mark.parametrize("column", ["curp", "rfc"])
def test_a_blocked_customer_is_named_by_their_document_alone(
    engine: Engine, client: FlaskClient, column: str
) -> None:
    add_charge(engine)
    document = {"curp": "PEGA900315MDFRMN00", "rfc": "PEGA900315AB1"}[column]
    with write_tx(engine) as connection:
        connection.execute(update(Borrower).values({column: document}))
        connection.execute(update(Mandate).values(status="active", due_at=None))
    assert post(client, BLOCKED | {"details": {"documentNumber": document}}).status_code == 200
    with read_tx(engine) as connection:
        assert None not in set(connection.scalars(select(Mandate.due_at)))
        assert list(connection.scalars(select(Task.kind))) == ["mandate_refused"]


def test_a_blocked_customer_of_somebody_elses(client: FlaskClient) -> None:
    assert post(client, BLOCKED).status_code == 200
    assert post(client, BLOCKED | {"details": {}}).status_code == 400


@pytest.mark.parametrize("secret", ["x", "W", "w%20", "ñ", "w/w"])
def test_a_wrong_secret(client: FlaskClient, secret: str) -> None:
    assert post(client, event(), f"/webhooks/belvo/{secret}").status_code in {403, 404}
    assert post(client, b"no json", "/webhooks/belvo/x").status_code == 403


def test_without_a_secret_nobody_is_let_in(sqlite_engine: Engine, now: datetime) -> None:
    services = make_test_services(sqlite_engine, now)
    services.settings.belvo_webhook_secret = ""
    client = create_app(services).test_client()
    assert [post(client, event(), f"/webhooks/belvo/{secret}").status_code for secret in ("w", "%00")] == [
        403,
        403,
    ]
    assert post(client, event(), "/webhooks/belvo/").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        [],
        {},
        {"details": {}},
        event(id=None),
        event(id=["p-1"]),
        event(id="a b"),
        event(id="\x00"),
        event() | {"eventType": None},
        event() | {"details": [1]},
    ],
)
def test_what_is_no_event(client: FlaskClient, given: object) -> None:
    assert post(client, given).status_code == 400


@pytest.mark.parametrize("reference", ["\x00", "\ud800", "ñ", "x" * 200, 7, {"a": 1}])
def test_a_reference_that_is_no_key_of_ours(engine: Engine, client: FlaskClient, reference: object) -> None:
    add_charge(engine, "K-1", "p-1")
    assert post(client, event(reference=reference)).status_code == 200
    assert asked_at(engine) == {"K-1": None}


def test_too_long(client: FlaskClient) -> None:
    assert post(client, event(padding="x" * 300_000)).status_code == 413


def test_what_cannot_be_stored_is_asked_for_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(webhook, "charge_has_news", broken)
    answer = post(client, event())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


# what the stand-in posts by itself, and what the page does with its books


def charged(world: World, belvo: DebitProvider, digits: str = clabe("00")) -> dict[str, str]:
    """Our books and Belvo's with the same charge."""
    refs = mandate(world, belvo, digits)
    report = belvo.create_charge(ChargeOrder("K-1", Money(60_000), refs, "L1", 1, date(2026, 11, 24)))
    add_charge(world.services.engine, "K-1", report.provider_id, refs)
    deliver(world.services)
    return refs


def received(world: World) -> list[tuple[str, str]]:
    with read_tx(simulator_engine(world.services.settings)) as connection:
        rows = connection.execute(
            select(hook.c.kind, hook.c.status).where(hook.c.done == 1).order_by(hook.c.due_at, hook.c.seq)
        )
        return [(row.kind, row.status) for row in rows]


def test_the_result_is_told_when_it_is_there_and_once(world: World, belvo: DebitProvider) -> None:
    charged(world, belvo)
    assert received(world) == [
        ("consent", "submitted"),
        ("payment_method", "active"),
        ("consent", "confirmed"),
    ]
    assert (deliver(world.services), asked_at(world.services.engine)) == (0, {"K-1": ASKED})
    world.clock.at = at("2026-11-25T12:00")
    assert (deliver(world.services), deliver(world.services)) == (1, 0)
    assert asked_at(world.services.engine) == {"K-1": None}
    assert received(world)[-1] == ("payment_request", "successful")


def test_no_webhook_and_only_asking_finds_it(world: World, belvo: DebitProvider) -> None:
    charged(world, belvo, clabe("95"))
    world.clock.at = at("2026-11-30T12:00")
    assert (deliver(world.services), asked_at(world.services.engine)) == (0, {"K-1": ASKED})
    assert found(belvo).status == "collected"


def test_twice_and_out_of_order(world: World, belvo: DebitProvider) -> None:
    charged(world, belvo, clabe("96"))
    world.clock.at = at("2026-11-25T12:00")
    assert deliver(world.services) == 3
    assert received(world)[-3:] == [
        ("payment_request", status) for status in ("successful", "processing", "successful")
    ]


def test_taken_back_is_told_too(world: World, belvo: DebitProvider) -> None:
    charged(world, belvo, clabe("92"))
    world.clock.at = at("2026-12-02T12:00")
    assert deliver(world.services) == 2
    assert received(world)[-2:] == [("payment_request", "successful"), ("payment_request", "chargeback")]


def test_a_webhook_that_is_not_taken_is_posted_again_some_times(
    world: World, belvo: DebitProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    charged(world, belvo)
    world.clock.at = at("2026-11-25T12:00")
    with monkeypatch.context() as patch:
        patch.setattr(webhook, "charge_has_news", broken)
        assert (deliver(world.services), deliver(world.services)) == (0, 0)
    with write_tx(simulator_engine(world.services.settings)) as connection:
        connection.execute(update(hook).values(next_at=0.0))
    assert deliver(world.services) == 1
    assert asked_at(world.services.engine) == {"K-1": None}


def test_the_page_sees_the_books_and_chooses_how_an_open_charge_ends(
    world: World, belvo: DebitProvider
) -> None:
    refs = charged(world, belvo)
    (owner,) = mandates_of(world.services, "L1")
    assert owner == {
        "id": refs["account"],
        "last4": "0000",
        "bank": "mx_santander",
        "status": "active",
        "consent": "confirmed",
        "next_outcome": None,
        "decided_at": "2026-11-23T23:00:00+00:00",
    }
    assert choose_outcome(world.services, "L1", "04") == "charge"
    (row,) = charges_of(world.services, "L1")
    assert (row["reference"], row["amount"], row["status"], row["code"]) == ("K-1", 60_000, "initial", None)
    assert row["result_at"] == "2026-11-25T18:00:00+00:00"
    world.clock.at = at("2026-11-25T12:00")
    (row,) = charges_of(world.services, "L1")
    assert (row["status"], row["code"], found(belvo).return_code) == ("failed", "04", "04")
    deliver(world.services)
    assert received(world)[-1] == ("payment_request", "failed")


@pytest.mark.parametrize(
    ("outcome", "code", "status"),
    [("15", "15", "returned"), ("chargeback", "", "reversed"), ("successful", "", "collected")],
)
def test_the_page_chooses_for_the_next_charge_and_only_for_that(
    world: World, belvo: DebitProvider, outcome: str, code: str, status: str
) -> None:
    refs = charged(world, belvo)
    world.clock.at = at("2026-11-26T09:00")
    assert choose_outcome(world.services, "L1", outcome) == "next"
    for key in ("K-2", "K-3"):
        belvo.create_charge(ChargeOrder(key, Money(60_000), refs, "L1", 1, date(2026, 11, 26)))
    world.clock.at += timedelta(days=15)
    assert (found(belvo, "K-2").return_code, found(belvo, "K-2").status) == (code, status)
    assert found(belvo, "K-3").status == "collected"
    assert choose_outcome(world.services, "L9", outcome) is None
