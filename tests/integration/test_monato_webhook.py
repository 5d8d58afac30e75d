"""Monato's webhook: nothing of it is kept by this version, and no answer says otherwise."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from bot.app import create_app
from tests.services import make_test_services

PATH, WORD = "/webhooks/monato", "Bearer 0f-monato"


@pytest.mark.parametrize(
    ("expected", "given", "status", "says"),
    [
        (WORD, WORD, 501, "set ACUERDO_DEBIT_PROVIDER to belvo"),
        (WORD, "Bearer other", 403, "check MONATO_WEBHOOK_AUTHORIZATION"),
        (WORD, "ñ", 403, "check MONATO_WEBHOOK_AUTHORIZATION"),
        (WORD, None, 403, "check MONATO_WEBHOOK_AUTHORIZATION"),
        ("", "", 403, "check MONATO_WEBHOOK_AUTHORIZATION"),
    ],
)
def test_what_is_sent_to_monatos_webhook_is_refused_with_its_reason(
    sqlite_engine: Engine, now: datetime, expected: str, given: str | None, status: int, says: str
) -> None:
    services = make_test_services(sqlite_engine, now, monato_webhook_authorization=expected)
    headers = {} if given is None else {"Authorization": given}
    answer = create_app(services).test_client().post(PATH, json={"id": "c1"}, headers=headers)
    assert (answer.status_code, says in answer.get_data(as_text=True)) == (status, True)


def test_a_body_that_is_too_long_is_not_read(sqlite_engine: Engine, now: datetime) -> None:
    client = create_app(make_test_services(sqlite_engine, now)).test_client()
    assert client.post(PATH, data=b"x" * (256 * 1024 + 1)).status_code == 413
