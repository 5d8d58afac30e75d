"""One message, followed by one identity: webhook, turn, outbox, receipts, webhook out."""

import json
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, select

from bot.conversation import take_events
from bot.reach import News, notify_borrower
from bot.webhooks import add_endpoint, deliver
from models import LedgerEntry, Message, read_tx, write_tx
from models.trace import traced
from tests.charging import make_house
from tests.integration.served import served
from tests.loans import add_borrower, add_loan
from tests.receiver import receiving

PHONE, TEXT = "+525500000001", "ya no me escriban por favor"
STEPS = ["turn taken", "message received", "message sent", "receipt", "webhook sent"]


def test_all_that_a_message_causes_bears_one_identity_and_no_personal_data(
    engine: Engine, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        add_loan(connection, borrower)
    with receiving() as receiver, served(engine, now, tmp_path, reply_wait_seconds=0) as world:
        receiver.secret = add_endpoint(world.services, receiver.url, "test")
        world.write(f"whatsapp:{PHONE}", "hola")
        world.deliver()
        capsys.readouterr()
        world.write(f"whatsapp:{PHONE}", TEXT)
        world.deliver()
        while world.dispatch():
            pass
        world.deliver()
        deliver(world.services)
        answer = requests.get(f"{world.services.settings.public_url}/readyz", timeout=5)
    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    trace = next(line["trace"] for line in lines if line["event"] == "turn taken")
    mine = [line for line in lines if line.get("trace") == trace]
    assert [step for step in STEPS if step in {line["event"] for line in mine}] == STEPS
    turn = next(line for line in mine if line["event"] == "turn taken")
    assert turn["effects"] and turn["queued"]
    assert {line["message"] for line in mine if line["event"] in ("message sent", "receipt")} == set(
        turn["queued"]
    )
    assert {"sent", "delivered"} <= {line["status"] for line in mine if line["event"] == "receipt"}
    assert "optout.recorded" in {line["kind"] for line in mine if line["event"] == "webhook sent"}
    assert answer.headers["X-Request-Id"] not in ("", trace)
    with read_tx(engine) as connection:
        for record in (Message, LedgerEntry):
            assert connection.scalar(select(record.id).where(record.trace == trace).limit(1)), record
        name = connection.exec_driver_sql("SELECT name FROM borrower").scalar()
    assert not [word for word in (PHONE, PHONE[3:], TEXT, str(name)) if word in logged]


def test_an_event_goes_on_under_the_identity_of_what_caused_it(sqlite_engine: Engine) -> None:
    house, cause = make_house(sqlite_engine), "a" * 32
    now = house.services.clock.now()
    with write_tx(sqlite_engine) as connection:
        for kind, trace in (("charge.collected", cause), ("charge.settled", None)):
            news = News(house.loan, kind, kind, {"amount": 50_000, "loan": "L1"})
            with traced(trace) if trace else nullcontext():
                notify_borrower(connection, news, now)
    take_events(house.services)
    with read_tx(sqlite_engine) as connection:
        traces = list(connection.scalars(select(Message.trace).order_by(Message.id)))
    assert traces[0] == cause
    assert len(traces) == 2 and traces[1] not in (None, cause), "what nothing traced begins a trace"
