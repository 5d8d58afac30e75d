"""Topics take seconds to fit: no borrower waits for it."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import Engine, insert

from bot.app import create_app
from bot.understanding import Understanding
from models import Revision, write_tx
from tests.services import make_test_services

TOPICS = '[[topics]]\nname = "office"\nexamples = ["donde esta su oficina", "a que hora abren la sucursal"]\n'
TOPICS += 'answer = "Estamos en Reforma 1."\n'


def test_topics_are_fitted_before_the_first_message_and_next_to_those_that_come(
    sqlite_engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[str] = []
    go_on = threading.Event()

    def fit(_: Understanding) -> None:
        fitted.append(threading.current_thread().name)
        if len(fitted) > 1:
            assert go_on.wait(30)

    monkeypatch.setattr(Understanding, "fit_topics", fit)
    services = make_test_services(sqlite_engine, now)
    create_app(services)
    assert fitted == [threading.current_thread().name]
    before = services.understanding
    row = {
        "kind": "topics",
        "name": "topics",
        "version": 1,
        "body": TOPICS,
        "base": 0,
        "why": "para probar",
        "status": "approved",
        "proposed_by": "uno",
        "proposed_at": now,
        "decided_by": "dos",
        "decided_at": now,
    }
    with write_tx(sqlite_engine) as connection:
        connection.execute(insert(Revision).values(row))
    assert services.keep_current(fit_later=True)
    assert list(services.lender.topic_examples) == ["office"]
    assert services.understanding is before
    others = [thread for thread in threading.enumerate() if "_fit_topics" in thread.name]
    go_on.set()
    for thread in others:
        thread.join(30)
    assert services.understanding is not before
    assert len(fitted) == 2
