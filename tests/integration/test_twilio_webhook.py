"""What the webhook answers when it cannot, or will not, take a message; next to `test_webhook.py`, which
tries what it takes.
"""

from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.channels.twilio import webhook
from bot.channels.twilio.signature import sign
from tests.services import ACCOUNT, OLD_TOKEN, TOKEN, make_test_services

PATHS = ["/webhooks/twilio/messages", "/webhooks/twilio/status"]
FORM = {
    "MessageSid": "SM1",
    "AccountSid": ACCOUNT,
    "From": "whatsapp:+525500000001",
    "To": "whatsapp:+525550000000",
    "Body": "hola",
    "NumMedia": "0",
}


@pytest.fixture
def client(sqlite_engine: Engine, now: datetime) -> FlaskClient:
    return create_app(make_test_services(sqlite_engine, now)).test_client()


def post(client: FlaskClient, form: dict[str, str], path: str = PATHS[0], token: str = TOKEN) -> TestResponse:
    signature = sign(token, f"https://acuerdo.example{path}", {name: [value] for name, value in form.items()})
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("INSERT", {}, Exception("database is locked")),
        NoConnectionFree("no connection is free"),
    ],
)
def test_what_cannot_be_stored_is_asked_for_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(webhook, "receive", broken)
    monkeypatch.setattr("bot.app.keep_receipt", broken)
    client = create_app(client.application.extensions["acuerdo"]).test_client()
    for path in PATHS:
        answer = post(client, FORM | {"MessageStatus": "sent"}, path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "SM1" not in answer.text


def test_empty_twiml_is_all_it_says(client: FlaskClient) -> None:
    answer = post(client, FORM)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    assert post(client, FORM, token=OLD_TOKEN).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_forged(client: FlaskClient, path: str) -> None:
    assert client.post(path, data=FORM).status_code == 403
    assert client.post(path, data=FORM, headers={"X-Twilio-Signature": "ñ"}).status_code == 403
    assert post(client, FORM, path, token="guess").status_code == 403
    assert post(client, FORM | {"AccountSid": "AC" + "2" * 32}, path).status_code == 403
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("missing", ["MessageSid", "AccountSid", "From", "To"])
def test_signed_and_not_a_message(client: FlaskClient, missing: str) -> None:
    assert post(client, {name: value for name, value in FORM.items() if name != missing}).status_code == 400


def test_signed_and_not_a_receipt(client: FlaskClient) -> None:
    assert post(client, {"AccountSid": ACCOUNT, "MessageSid": "SM1"}, PATHS[1]).status_code == 400
    assert (
        post(
            client, {"AccountSid": ACCOUNT, "MessageSid": "SM1", "MessageStatus": "levitating"}, PATHS[1]
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"MessageSid": "SM1"}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"&".join(b"a=1" for _ in range(1_001)), "application/x-www-form-urlencoded"),
    ],
)
def test_no_form_at_all(client: FlaskClient, body: bytes, content_type: str) -> None:
    assert (
        client.post(
            PATHS[0], data=body, content_type=content_type, headers={"X-Twilio-Signature": "x"}
        ).status_code
        == 400
    )


def test_too_long_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert post(client, FORM | {"Body": "a" * 300_000}).status_code == 413
    endless = BytesIO(b"Body=" + b"a" * 300_000)
    without_length = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.post(
        PATHS[0],
        input_stream=endless,
        content_type="application/x-www-form-urlencoded",
        environ_overrides=without_length,
    )
    assert answer.status_code == 413
