"""What was not understood is listed without anybody's name or number, and an agent's word on it is kept."""

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from bot.app import create_app
from bot.console.access.accounts import add_agent
from bot.conversation.review import NoSuchIntent, anonymous, correct, labelled, unread
from bot.services import Services
from models import Message, write_tx
from tests.loans import add_borrower
from tests.services import make_test_services

TEXT = "soy ANA lopez y Beto dice que pague, mi cel 55 1234 5678"


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    doubtful: dict[str, Any] = {
        "intent": "third_party",
        "confidence": 0.31,
        "certain": False,
        "also": [],
        "expecting": "yes_no",
        "entities": {},
    }
    with write_tx(engine) as connection:
        borrower, conversation = add_borrower(connection, 1)
        for body, understood in ((TEXT, doubtful), ("ya pagué", doubtful | {"certain": True})):
            row = {
                "conversation_id": conversation,
                "borrower_id": borrower,
                "direction": "in",
                "author": "borrower",
                "channel": "whatsapp",
                "attempts": 0,
                "address": "whatsapp:+525500000001",
                "status": "received",
                "body": body,
                "understood": understood,
                "extra": {"ProfileName": "Beto 🤠"},
                "created_at": now,
            }
            connection.execute(insert(Message).values(**row))
    return make_test_services(engine, now)


def test_only_the_doubtful_are_listed_and_without_names_or_numbers(services: Services) -> None:
    (line,) = labelled(unread(services))
    assert line == {
        "text": "soy Fulano Fulano y Fulano dice que pague, mi cel 00 0000 0000",
        "today": "2026-11-24",
        "expecting": "yes_no",
        "intent": "third_party",
        "confidence": 0.31,
        "corrected": False,
    }


def test_what_an_agent_says_is_kept(services: Services) -> None:
    (row,) = unread(services)
    correct(services, row.id, "report_payment")
    assert [(line["intent"], line["corrected"]) for line in labelled(unread(services))] == [
        ("report_payment", True)
    ]
    with pytest.raises(NoSuchIntent):
        correct(services, row.id, "nonsense")


def test_the_console_lists_and_takes_it(services: Services) -> None:
    client = create_app(services).test_client()
    assert client.get("/console/review").status_code == 302
    add_agent(services, "a@b.mx", "agent", "suficientemente largo")
    page = client.get("/console/login", base_url="https://localhost").text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    client.post(
        "/console/login",
        base_url="https://localhost",
        data={"csrf": token, "email": "a@b.mx", "password": "suficientemente largo"},
    )
    page = client.get("/console/review", base_url="https://localhost").text
    assert "Fulano dice que pague" in page
    assert "ANA" not in page
    token, action = (
        re.findall(r'name="csrf" value="([^"]+)"', page)[0],
        re.findall(r'action="(/console/review/\d+)"', page)[0],
    )
    assert (
        client.post(
            action, base_url="https://localhost", data={"csrf": token, "intent": "report_payment"}
        ).status_code
        == 302
    )
    assert unread(services)[0].corrected == "report_payment"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi clabe 002180700123456788", "mi clabe 000000000000000000"),
        ("••••6788", "••••0000"),
        ("ana@correo.mx", "alguien@example.com"),
        ("CURP LOAA900315MDFPZN03", "CURP XXXX000000"),
        ("pago 1500 el 15", "pago 1500 el 15"),
        ("analicen mi caso", "analicen mi caso"),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert anonymous(text, {"Ana López"}) == masked
