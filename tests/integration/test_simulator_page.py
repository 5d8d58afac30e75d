"""The simulator page's own addresses: what it shows, when it says that nothing is new, how it moves the
clock.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from bot.app import create_app
from bot.clock import system_now
from bot.jobs import ticks
from bot.jobs.sweeps import SWEEPS
from bot.services import Services
from bot.simulator import database as simulator_database
from bot.simulator.page import idle
from bot.simulator.twilio import write
from models import Tick, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.services import StandingClock, make_test_services

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=ZONE)
PHONE = "whatsapp:+525500000001"


class MovingClock(StandingClock):
    def move(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


@pytest.fixture
def services(sqlite_engine: Engine, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setattr(simulator_database, "FOLDER", tmp_path)
    made = make_test_services(sqlite_engine, TUESDAY, env="demo")
    object.__setattr__(made, "clock", MovingClock(TUESDAY))
    with write_tx(sqlite_engine) as connection:
        borrower, _ = add_borrower(connection, 1, birth_date=date(1990, 3, 15))
        add_loan(connection, borrower, 1, [(date(2026, 11, 27), {"principal": 50_000})])
    return made


@pytest.fixture
def client(services: Services) -> Iterator[FlaskClient]:
    with create_app(services).test_client() as client:
        yield client


def state(client: FlaskClient, tag: str = "") -> object:
    loan = client.get("/simulator/people").get_json()["people"][0]["loan"]
    return client.get(
        "/simulator/state", query_string={"loan": loan, "address": PHONE}, headers={"If-None-Match": tag}
    )


def step(client: FlaskClient, to: str, progress: object = None) -> dict:
    loan = client.get("/simulator/people").get_json()["people"][0]["loan"]
    return client.post("/simulator/clock", json={"to": to, "loan": loan, "progress": progress}).get_json()


def swept(services: Services) -> None:
    """A worker that has done everything, after the clock was read anew."""
    at = system_now() + timedelta(seconds=5)
    ticks.record_now(services.engine, SWEEPS, at)
    jobs = ticks.claim(services.engine, at)
    for job in jobs:
        ticks.done(services.engine, job, at)


def test_the_worker_is_asked_once_for_each_sweep_however_often_the_page_asks(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = system_now()
    for seconds in range(1, 6):
        monkeypatch.setattr(idle, "system_now", lambda later=seconds: moved + timedelta(seconds=later))
        assert not idle.is_idle(services, moved)
    with read_tx(services.engine) as connection:
        assert sorted(connection.scalars(select(Tick.job))) == sorted(SWEEPS)
    swept(services)
    assert idle.is_idle(services, moved)


def test_nothing_new_is_said_without_a_body_and_with_the_time(
    client: FlaskClient, services: Services
) -> None:
    first = state(client)
    again = state(client, first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Demo-Now"] == "2026-11-24T10:00:00.000-06:00"
    write(services, PHONE, "hola")
    assert state(client, first.headers["ETag"]).status_code == 200


def test_all_of_a_loan_in_one_answer(client: FlaskClient, services: Services) -> None:
    write(services, PHONE, media="image/jpeg")
    shown = state(client).get_json()
    assert shown["day"] | {"from": "", "until": ""} == {
        "date": "2026-11-24",
        "kind": "open",
        "payday": False,
        "may_write": True,
        "from": "",
        "until": "",
    }
    assert shown["messages"][0]["media"] == "image/jpeg"
    assert shown["loan"]["birth"] == "15/03/1990"
    assert [entry["kind"] for entry in shown["ledger"]] == ["loan.opened"]
    assert sum(leg["amount"] for leg in shown["ledger"][0]["postings"]) == 0
    assert shown["debit"]["mandates"] == shown["debit"]["charges"] == []
    assert client.get("/simulator/verify", query_string={"loan": shown["loan"]["id"]}).get_json() == {
        "fault": None
    }


@pytest.mark.parametrize(
    ("now", "why"), [("2026-11-24T10:00", None), ("2026-11-24T23:00", "hours"), ("2026-11-28T10:00", "day")]
)
def test_a_reminder_says_when_it_leaves_and_why_not_now(
    client: FlaskClient, services: Services, now: str, why: str | None
) -> None:
    services.clock.at = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    borrower = client.get("/simulator/people").get_json()["people"][0]["borrower"]
    assert client.post("/simulator/remind", json={"borrower": borrower}).get_json()["why"] == why


def test_the_day_after_at_ten(client: FlaskClient, services: Services) -> None:
    waits = step(client, "day")
    assert waits["waits"] == "worker"
    swept(services)
    moved = step(client, "day", waits["progress"])
    assert moved["moved"]
    assert services.clock.at == datetime(2026, 11, 25, 10, tzinfo=ZONE)
    assert step(client, "day", moved["progress"])["waits"] == "worker"
    swept(services)


def test_the_sweeps_are_due_at_once(client: FlaskClient, services: Services) -> None:
    step(client, "day")
    with read_tx(services.engine) as connection:
        assert set(connection.scalars(select(Tick.job))) == set(SWEEPS)


def test_a_day_at_a_time_to_the_due_date(client: FlaskClient, services: Services) -> None:
    progress, days = None, []
    for _ in range(20):
        swept(services)
        answer = step(client, "due", progress)
        if answer.get("reached"):
            break
        progress = answer["progress"] | {"since": (system_now() - timedelta(seconds=2)).isoformat()}
        days += [services.clock.at.day] if answer.get("moved") else []
    assert days == [25, 26, 27]


def test_without_a_mandate_no_charge_comes(client: FlaskClient, services: Services) -> None:
    waits = step(client, "result")
    swept(services)
    assert step(client, "result", waits["progress"])["stuck"] == "no_mandate"
    assert services.clock.at == TUESDAY


def test_no_outcome_can_be_chosen_without_an_account(client: FlaskClient) -> None:
    loan = client.get("/simulator/people").get_json()["people"][0]["loan"]
    assert client.post("/simulator/outcome", json={"loan": loan, "outcome": "04"}).get_json() == {
        "chosen": None
    }


def test_documents_are_demanded_and_no_more(client: FlaskClient) -> None:
    for demanded in (True, False):
        client.post("/simulator/documents", json={"demanded": demanded})
        assert state(client).get_json()["debit"]["documents"] is demanded


def test_a_payment_of_what_is_due(client: FlaskClient) -> None:
    loan = client.get("/simulator/people").get_json()["people"][0]["loan"]
    paid = client.post("/simulator/payment", json={"loan": loan}).get_json()["amount"]
    assert paid > 0
    assert "payment.posted" in [entry["kind"] for entry in state(client).get_json()["ledger"]]


@pytest.mark.parametrize(
    ("lang", "word"),
    [("es", "Libro del crédito"), ("en", "The loan&#39;s ledger"), ("xx", "Libro del crédito")],
)
def test_the_page_in_both_languages(client: FlaskClient, lang: str, word: str) -> None:
    assert word in client.get(f"/simulator?lang={lang}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("env", "page", "stand_in"), [("demo", 200, 401), ("test", 404, 401), ("production", 404, 404)]
)
def test_the_page_is_the_demos_alone_and_the_stand_ins_are_of_demo_and_test(
    sqlite_engine: Engine, env: str, page: int, stand_in: int
) -> None:
    client = create_app(make_test_services(sqlite_engine, TUESDAY, env=env)).test_client()
    for path in ("/simulator", "/simulator/", "/simulator/people", "/simulator/state"):
        assert client.get(path).status_code == page
    for path in ("/simulator/clock", "/simulator/write", "/simulator/payment"):
        assert (client.post(path, json={}).status_code == 404) is (page == 404)
    assert client.get("/simulator/belvo/consents").status_code == stand_in
    assert client.get("/").headers["Location"] == ("/simulator" if env == "demo" else "/console")
