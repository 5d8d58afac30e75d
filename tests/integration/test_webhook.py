"""The webhook: what it takes, what it refuses, and that a message is stepped once whatever comes."""

import threading
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator

import flows
from bot.app import create_app
from bot.channels.twilio.signature import genuine, sign
from bot.outreach import apply_receipts
from bot.services import Services
from models import ContactPoint, Conversation, LedgerEntry, Message, Task, message_table, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.outbox import add_attempt
from tests.services import ACCOUNT, OLD_TOKEN, TOKEN, make_test_services

URL = "https://acuerdo.example/webhooks/twilio/messages"
PHONE = "+525500000001"


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection, 1, birth_date=datetime(1990, 3, 15).date())
        add_loan(connection, borrower)
    return make_test_services(engine, now)


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def form(text: str = "hola", sid: str = "SM1", **more: str) -> dict[str, str]:
    return {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": f"whatsapp:{PHONE}",
        "To": "whatsapp:+525550000000",
        "Body": text,
        "NumMedia": "0",
        **more,
    }


def post(
    client: FlaskClient,
    data: dict[str, str],
    token: str = TOKEN,
    url: str = URL,
    path: str = "/webhooks/twilio/messages",
) -> int:
    signature = sign(token, url, {name: [value] for name, value in data.items()})
    return client.post(path, data=data, headers={"X-Twilio-Signature": signature}).status_code


def count(engine: Engine, record: type, *where: object) -> int:
    with read_tx(engine) as connection:
        return connection.scalar(select(func.count()).select_from(record).where(*where)) or 0


def test_the_published_vector_and_the_providers_own_validator_agree() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, {k: [v] for k, v in params.items()}) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    for odd in ({"Body": "á é\r\n  "}, {"Body": "", "x": "1"}, {"Body": "💸"}):
        assert RequestValidator(TOKEN).validate(url, odd, sign(TOKEN, url, {k: [v] for k, v in odd.items()}))


@pytest.mark.parametrize(
    ("token", "url", "status"),
    [
        (TOKEN, URL, 200),
        (OLD_TOKEN, URL, 200),
        (TOKEN, URL.replace("example/", "example:443/"), 200),
        ("wrong", URL, 403),
        (TOKEN, URL.replace("https", "http"), 403),
        (TOKEN, URL + "?x=1", 403),
        (TOKEN, URL.replace("acuerdo", "other"), 403),
    ],
)
def test_signatures(client: FlaskClient, token: str, url: str, status: int) -> None:
    assert post(client, form(), token, url) == status


def test_a_query_is_part_of_what_is_signed(client: FlaskClient) -> None:
    assert post(client, form(), url=URL + "?region=mx", path="/webhooks/twilio/messages?region=mx") == 200


def test_no_signature_another_account_a_changed_parameter(client: FlaskClient) -> None:
    assert client.post("/webhooks/twilio/messages", data=form()).status_code == 403
    assert post(client, form() | {"AccountSid": "AC" + "2" * 32}) == 403
    signed = sign(TOKEN, URL, {name: [value] for name, value in form().items()})
    assert (
        client.post(
            "/webhooks/twilio/messages", data=form("otra cosa"), headers={"X-Twilio-Signature": signed}
        ).status_code
        == 403
    )
    assert not genuine("ñ", URL, {}, [TOKEN])


def test_a_form_that_is_not_theirs(client: FlaskClient) -> None:
    assert (
        client.post("/webhooks/twilio/messages", data="{}", content_type="application/json").status_code
        == 400
    )
    assert post(client, {"AccountSid": ACCOUNT, "From": "whatsapp:+1", "To": "x"}) == 400


def test_a_megabyte_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert post(client, form("a" * 1_000_000)) == 413


@pytest.mark.parametrize(
    "text",
    [
        "\x00hola\x00",
        "🙂🙂🙂",
        "",
        "a" * 9_000,
        "‮abc",
        "' OR 1=1 --",
        "{name} %s {0}",
        "\ud800".encode("utf-8", "replace").decode(),
    ],
)
def test_hostile_texts_are_kept_and_answered(client: FlaskClient, services: Services, text: str) -> None:
    assert post(client, form(text)) == 200
    assert count(services.engine, Message, Message.direction == "in", Message.status == "received") == 1
    assert count(services.engine, Message, Message.direction == "out") == 1


def test_invalid_utf8_is_kept(client: FlaskClient, services: Services) -> None:
    raw = f"MessageSid=SM9&AccountSid={ACCOUNT}&From=whatsapp%3A%2B525500000001&To=x&Body=%ff%fe&NumMedia=0"
    signature = sign(
        TOKEN,
        URL,
        {
            "MessageSid": ["SM9"],
            "AccountSid": [ACCOUNT],
            "From": ["whatsapp:+525500000001"],
            "To": ["x"],
            "Body": [b"\xff\xfe".decode("utf-8", "surrogateescape")],
            "NumMedia": ["0"],
        },
    )
    answer = client.post(
        "/webhooks/twilio/messages",
        data=raw,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 200
    assert count(services.engine, Message, Message.direction == "in") == 1


def test_a_replayed_message_is_stepped_once(client: FlaskClient, services: Services) -> None:
    assert [post(client, form()) for _ in range(3)] == [200, 200, 200]
    assert count(services.engine, Message, Message.direction == "in") == 1
    assert count(services.engine, Message, Message.direction == "out") == 1


def test_two_messages_at_once_are_both_handled(services: Services) -> None:
    app = create_app(services)
    results: list[int] = []

    def send(sid: str) -> None:
        results.append(post(app.test_client(), form("hola", sid)))

    threads = [threading.Thread(target=send, args=(f"SM{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 4
    assert count(services.engine, Message, Message.direction == "in", Message.status == "received") == 4
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Conversation.version)) == 4


def test_both_forms_of_a_number_are_one_conversation_and_the_answer_goes_to_the_address_as_received(
    client: FlaskClient, services: Services
) -> None:
    post(client, form() | {"From": "whatsapp:+5215500000001"})
    with read_tx(services.engine) as connection:
        rows = connection.execute(select(Message.address).where(Message.direction == "out")).all()
        assert [row.address for row in rows] == ["whatsapp:+5215500000001"]
        assert connection.scalar(select(func.count()).select_from(Conversation)) == 1


def test_an_unknown_number_has_a_conversation_and_no_ledger(client: FlaskClient, services: Services) -> None:
    before = count(services.engine, LedgerEntry)
    assert post(client, form("cuánto debo") | {"From": "whatsapp:+525599999999"}) == 200
    assert count(services.engine, Conversation) == 2
    assert count(services.engine, LedgerEntry) == before


def test_a_user_without_a_phone_finds_the_borrower_once_known(
    client: FlaskClient, services: Services
) -> None:
    known = {"ExternalUserId": "whatsapp:MX.20269"}
    for sid, text in (("SM1", "hola"), ("SM2", "sí"), ("SM3", "15 de marzo")):
        post(client, form(text, sid, **known))
    assert count(services.engine, ContactPoint, ContactPoint.key == "MX.20269") == 1
    post(client, form("cuánto debo", "SM4") | {"From": "whatsapp:MX.20269"})
    with read_tx(services.engine) as connection:
        last = connection.execute(
            select(Message).where(Message.direction == "out").order_by(Message.id.desc()).limit(1)
        ).scalar_one()
        assert connection.scalar(select(func.count()).select_from(Conversation)) == 1
    assert last is not None


def test_a_turn_that_raises_loses_nothing(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*_: object, **__: object) -> None:
        message = "a flow that always raises"
        raise RuntimeError(message)

    monkeypatch.setattr(flows, "step", raising)
    assert post(client, form()) == 200
    assert count(services.engine, Message, Message.status == "unprocessed") == 1
    assert count(services.engine, Task, Task.kind == "unprocessed") == 1
    assert post(client, form()) == 200
    assert count(services.engine, Message) == 1


def test_a_failed_turn_is_tried_once_more(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.conversation import retry_unprocessed

    with monkeypatch.context() as broken:
        broken.setattr(flows, "step", lambda *_, **__: 1 / 0)
        post(client, form())
    services.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert retry_unprocessed(services) == 1
    assert count(services.engine, Message, Message.status == "received") == 1
    assert count(services.engine, Message, Message.direction == "out") == 1


def test_with_a_person_the_bot_stays_silent(client: FlaskClient, services: Services) -> None:
    post(client, form("quiero hablar con un asesor", "SM1"))
    sent = count(services.engine, Message, Message.direction == "out")
    assert sent == 1
    post(client, form("hola?", "SM2"))
    assert count(services.engine, Message, Message.direction == "out") == sent
    assert count(services.engine, Message, Message.direction == "in") == 2


def test_an_account_number_is_nowhere_in_clear(client: FlaskClient, services: Services) -> None:
    for sid, text in (
        ("SM1", "hola"),
        ("SM2", "sí"),
        ("SM3", "15 de marzo"),
        ("SM4", "quiero domiciliar mi pago"),
        ("SM5", "012180001234567899"),
    ):
        post(client, form(text, sid))
    with services.engine.connect() as connection:
        for table in ("message", "conversation", "ledger_entry", "event", "task"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                assert "012180001234567899" not in repr(row)
        kept = connection.exec_driver_sql("SELECT last4, encrypted, borrower_id FROM bank_account").fetchall()
        connection.commit()
    assert [row[0] for row in kept] == ["7899"]
    assert services.vault.decrypt(bytes(kept[0][1]), kept[0][2]) == "012180001234567899"


def test_receipts_in_any_order(client: FlaskClient, services: Services) -> None:
    post(client, form())
    with read_tx(services.engine) as connection:
        message = connection.scalar(select(Message.id).where(Message.direction == "out"))
    path, url = (
        f"/webhooks/twilio/status?message={message}",
        f"https://acuerdo.example/webhooks/twilio/status?message={message}",
    )
    for status in ("read", "sent", "delivered", "failed", "read"):
        data = {"MessageSid": "SMout", "MessageStatus": status, "AccountSid": ACCOUNT}
        signature = sign(TOKEN, url, {name: [value] for name, value in data.items()})
        assert client.post(path, data=data, headers={"X-Twilio-Signature": signature}).status_code == 200
    assert apply_receipts(services) == 5
    with read_tx(services.engine) as connection:
        row = connection.execute(select(message_table).where(Message.id == message)).one()
    assert row.status == "read"


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json == {"status": "ready"}
    answer = client.get("/metrics").text
    assert "python_info" in answer
    assert "acuerdo_database_up 1.0" in answer
    assert 'acuerdo_due{what="messages"} 0.0' in answer


def test_operations_see_what_waits_and_for_how_long(client: FlaskClient, services: Services) -> None:
    post(client, form("hola"))
    answer = client.get("/metrics").text
    assert 'acuerdo_due{what="messages"} 1.0' in answer
    assert 'acuerdo_due_oldest_seconds{what="messages"} 0.0' in answer
    services.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert 'acuerdo_due_oldest_seconds{what="messages"} 120.0' in client.get("/metrics").text


def test_a_database_that_is_away_is_told_and_not_raised(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr("bot.web.metrics.read_tx", away)
    answer = client.get("/metrics")
    assert (answer.status_code, "acuerdo_database_up 0.0" in answer.text) == (200, True)


def test_no_logs_hold_what_a_borrower_wrote(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(flows, "step", lambda *_, **__: {}["Ana López"])
    post(client, form("mi secreto es 5512345678"))
    printed = capfd.readouterr()
    assert "unprocessed" in printed.err or "turn raised" in printed.err
    assert not [word for word in ("Ana", "secreto", "5512345678", PHONE) if word in printed.err + printed.out]


def _shown(services: Services, sid: str) -> None:
    """The newest question was dispatched, with its buttons."""
    from sqlalchemy import update

    newest = select(func.max(Message.id)).where(Message.direction == "out")
    buttons = [{"payload": "yes", "title": "Sí"}, {"payload": "no", "title": "No"}]
    with write_tx(services.engine) as connection:
        shown = connection.scalar(newest)
        connection.execute(update(Message).where(Message.id == shown).values(choices=buttons, status="read"))
        add_attempt(connection, shown, provider_sid=sid, account_sid=ACCOUNT)


def test_a_number_is_no_yes_where_buttons_have_none(client: FlaskClient, services: Services) -> None:
    post(client, form("hola", "SM1"))
    _shown(services, "SMq1")
    post(client, form("1", "SM2"))
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Conversation.expecting)) == "yes_no"


def test_a_button_under_an_older_message_binds_nobody(client: FlaskClient, services: Services) -> None:
    for sid, text in (("SM1", "hola"), ("SM2", "sí"), ("SM3", "15 de marzo"), ("SM4", "el viernes pago 300")):
        post(client, form(text, sid))
    _shown(services, "SMq2")
    post(client, form("Sí", "SM5", ButtonPayload="yes", OriginalRepliedMessageSid="SMq1"))
    with read_tx(services.engine) as connection:
        assert "promise.made" not in set(connection.scalars(select(LedgerEntry.kind)))
    post(client, form("Sí", "SM6", ButtonPayload="yes", OriginalRepliedMessageSid="SMq2"))
    with read_tx(services.engine) as connection:
        assert "promise.made" in set(connection.scalars(select(LedgerEntry.kind)))
