"""An agent's browser at the console, in a test."""

import re
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.console.access import accounts
from models import Conversation
from tests.talk import Talk, talk

PASSWORD = "suficientemente largo"
BASE = "https://localhost"


def waiting_for_a_person(engine: Engine, now: datetime) -> Talk:
    """Ana, and those who may answer her."""
    ana = talk(engine, now)
    for role in ("agent", "supervisor", "auditor"):
        accounts.add_agent(ana.services, f"{role}@b.mx", role, PASSWORD, f"{role.title()} Uno")
    accounts.add_agent(ana.services, "otra@b.mx", "agent", PASSWORD, "Otra Dos")
    ana.say("quiero hablar con un asesor")
    return ana


def owner(ana: Talk) -> Any:
    (row,) = ana.rows(Conversation, Conversation.id == ana.conversation)
    return row


class Desk:
    """A browser with a session of its own."""

    def __init__(self, at: Talk | SimpleNamespace, email: str = "") -> None:
        self.client: FlaskClient = create_app(at.services).test_client()
        self.thread = f"/console/conversations/{at.conversation}"
        if email:
            assert self.log_in(email).status_code == 302

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=BASE, headers=headers)

    def post(self, path: str, token: str | None = None, **form: str) -> TestResponse:
        token = token if token is not None else self.token("/console/")
        return self.client.post(path, base_url=BASE, data={"csrf": token, **form})

    def token(self, path: str) -> str:
        found = re.search(
            r'name="csrf" value="([^"]+)"', self.client.get(path, base_url=BASE, follow_redirects=True).text
        )
        assert found is not None
        return found[1]

    def log_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/console/login", self.token("/console/login"), email=email, password=password)

    def act(self, name: str, **form: str) -> TestResponse:
        return self.post(f"{self.thread}/{name}", **form)
