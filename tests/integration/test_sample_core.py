"""The sample core system, against the real API and the real deliveries: a night, a day, a breakdown."""

import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.app import create_app
from bot.webhooks import add_endpoint, deliver
from examples.core import Core, make_server, sample
from tests.services import make_test_services

SECRET = "whsec_" + "c2VjcmV0" * 5


@pytest.fixture
def core(tmp_path: Path) -> Core:
    core = Core(tmp_path / "core.db")
    core.add(*sample(date(2026, 11, 24)))
    return core


def test_a_night_and_a_day(sqlite_engine: Engine, now: datetime, core: Core) -> None:
    services = make_test_services(sqlite_engine, now)
    client, key = create_app(services).test_client(), make_key(services, "core", "lender")

    def call(method: str, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.json
        return answer.json

    def pay(amount: int, reference: str) -> None:
        paid = {"loan": "CORE-1", "amount": amount, "currency": "MXN", "paid_at": "2026-11-24T10:00:00-06:00"}
        call("POST", "/payments", paid | {"rail": "spei", "reference": reference})

    assert core.nightly(call, date(2026, 11, 23)) == {"created": 3}
    assert core.nightly(call, date(2026, 11, 23)) == {"unchanged": 3}
    server = make_server(core, SECRET, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    add_endpoint(services, url, "test", after=0, secret=SECRET)
    pay(20_000, "R1")
    assert deliver(services) == 4
    assert core.loan("CORE-1") == {"paid": 20_000, "promised": None, "status": "current"}
    server.shutdown()
    server.server_close()
    thread.join()
    pay(105_000, "R2")  # while the core is down: all is paid, with 50 pesos beyond
    deliver(services)
    assert core.loan("CORE-1")["paid"] == 20_000
    assert core.catch_up(call) >= 2
    assert core.loan("CORE-1") == {"paid": 125_000, "promised": None, "status": "settled"}
    assert core.catch_up(call) == 0, "each is applied once"
