"""WhatsApp's form for the day and the sum of a promise: sent where it is approved, read as the chat's answer,
and the chat where it does not go.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.channels import Outgoing, PermanentFailure, Sent
from bot.channels.twilio.approval import push, statuses
from bot.simulator.database import content, simulator_engine
from models import Template, read_tx, write_tx
from models.base import AnyRow
from tests.integration.served import World, served
from tests.loans import add_borrower, add_loan

PHONE = "whatsapp:+525500000001"
ANSWER = {"flow_token": "promise", "language": "es_MX", "date": "2026-12-04", "amount": "400"}


def say(world: World, text: str = "", **more: str) -> AnyRow:
    """Writes, and what the phone then shows of ours."""
    world.write(PHONE, text, **more)
    world.deliver()
    world.clock.advance(seconds=60)
    while world.dispatch():
        pass
    world.deliver()
    return world.phone(PHONE)[-1]


def types_of(world: World, sid: str | None) -> Mapping[str, Any]:
    with read_tx(simulator_engine(world.services.settings)) as connection:
        return connection.scalar(select(content.c.types).where(content.c.sid == sid)) or {}


def test_the_form_is_sent_where_it_is_approved_and_answers_like_the_chat(
    sqlite_engine: Engine, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_tx(sqlite_engine) as connection:
        borrower, _ = add_borrower(connection, 1, birth_date=datetime(1990, 3, 15).date())
        add_loan(connection, borrower)
    with served(sqlite_engine, now, tmp_path, whatsapp_promise_form_es="1197715005513101") as world:
        calls: list[Mapping[str, str]] = []
        create = world.transport._create

        async def created(outgoing: Outgoing, form: Mapping[str, str]) -> Sent:
            calls.append(form)
            if refused and "whatsapp/flows" in types_of(world, form.get("ContentSid")):
                raise PermanentFailure("63013", "template_bug")
            return await create(outgoing, form)

        refused = False
        monkeypatch.setattr(world.transport, "_create", created)
        push(world.services, world.transport)
        for text in ("hola", "sí", "15 de marzo de 1990"):
            say(world, text)
        asked = say(world, "Después", payload="later")
        assert [choice["payload"] for choice in asked.choices]  # not approved yet: the chat, with its buttons

        list(statuses(world.services, world.transport))
        say(world, "mejor no")
        asked = say(world, "Después", payload="later")
        types = types_of(world, calls[-1]["ContentSid"])["whatsapp/flows"]
        assert (types["flow_id"], types["button_text"]) == ("1197715005513101", "Elegir día y monto")
        assert "¿Qué día" in asked.body
        assert not asked.choices
        read_back = say(world, "", InteractiveData=json.dumps(ANSWER), MessageType="interactive")
        assert world.messages("in")[-1].body == "Pagaré $400.00 el 04/12/2026"
        assert "$400.00" in read_back.body
        assert "viernes 4 de diciembre" in read_back.body
        say(world, "no")
        assert say(world, "el 4 de diciembre 400 pesos").body == read_back.body

        refused = True
        say(world, "olvídalo")
        assert say(world, "Después", payload="later").choices  # the Content is refused: buttons
        refused = False
        with write_tx(sqlite_engine) as connection:
            connection.execute(update(Template).where(Template.name.is_not(None)).values(status="paused"))
        say(world, "olvídalo")
        assert say(world, "Después", payload="later").choices  # approval is withdrawn: the chat
