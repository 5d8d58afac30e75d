"""Every kind of request that we send to Twilio, and every answer of the stand-in, against Twilio's published
description.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openapi_core.exceptions import OpenAPIError
from sqlalchemy import Engine

from bot.channels import Choice, Outgoing, PermanentFailure
from bot.channels.twilio import posting
from bot.channels.twilio.approval import push, statuses, sync
from tests.integration.served import World, served
from tests.integration.twilio_description import FOLDER, Judge, missing

SERVICE = "MG" + "5" * 32
PHONE = "whatsapp:+525500000001"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
NUMBERS = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], Judge]:
    """Of all calls by one session: messages and Contents, which are posted without it, take it too."""

    def made(world: World) -> Judge:
        session = world.transport.client.http_client.session

        async def by_session(
            url: str,
            authorization: str,
            body: str | bytes,
            seconds: tuple[float, float],
            kind: str = posting.FORM,
        ) -> Mapping[str, Any]:
            headers = {"Authorization": authorization, "Content-Type": kind}
            answer = await asyncio.to_thread(session.post, url, data=body, headers=headers, timeout=seconds)
            return posting.content_of(answer.status_code, answer.content)

        monkeypatch.setattr(posting, "post", by_session)
        return Judge(session, world.services.settings.twilio_api_url)

    return made


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(payload=f"choice:{i}", title=f"Opción número {i}") for i in range(count))


def send_every_kind(world: World) -> None:
    send, soon = world.transport.send, {"language": "es_MX", "channel": "whatsapp", "address": PHONE}
    send(Outgoing(1, text="Hola, ñandú 💸", valid_seconds=600, **soon))
    send(Outgoing(2, text="¿Qué prefieres?", choices=choices(3), **soon))
    send(Outgoing(3, text="¿Cuál?", choices=choices(9), list_label="Ver opciones", **soon))
    send(Outgoing(4, text="¿Cuál de todas?", choices=choices(11), **soon))
    send(
        Outgoing(
            5,
            channel="sms",
            address="+525500000001",
            text="Hola",
            language="es_MX",
            choices=choices(2),
            sender="26262",
        )
    )
    template = world.transport.create_content(
        "acuerdo_test", "es_MX", {"twilio/text": {"body": "Hola, {{1}}."}}, {"1": "Ana"}
    )
    send(Outgoing(6, text="", template=template, variables=("Ana",), **soon))
    send(Outgoing(7, text="", template=template, **soon))
    with pytest.raises(PermanentFailure):
        send(Outgoing(8, text="Hola", channel="whatsapp", address="whatsapp:+529990021211", language="es_MX"))


def ask_every_question(world: World, since: datetime) -> None:
    assert push(world.services, world.transport) > 10
    assert len(list(statuses(world.services, world.transport))) > 10
    assert sync(world.services, world.transport) == 0
    world.transport.delete_content(
        world.transport.create_content("x", "es_MX", {"twilio/text": {"body": "x"}})
    )
    assert world.transport.sent_to("whatsapp", PHONE, since)
    world.write(PHONE, "", media="image/jpeg")
    (held,) = world.transport.received_since(since)
    assert world.transport.incoming(held, since).media


@pytest.mark.no_cover
@pytest.mark.parametrize("service", ["", SERVICE])
def test_every_kind_of_request_is_as_twilio_describes_it(
    sqlite_engine: Engine, now: datetime, tmp_path: Path, service: str, judge: Callable[[World], Judge]
) -> None:
    if missing():
        assert os.environ.get("CI") != "true", (
            f"Twilio's description is required in CI: {missing()} not found in {FOLDER}"
        )
        return  # reported at the end of the run
    form = {"whatsapp_promise_form_es": "1197715005513101", "whatsapp_promise_form_en": "22"}
    with served(sqlite_engine, now, tmp_path, twilio_messaging_service_sid=service, **form) as world:
        judged = judge(world)
        send_every_kind(world)
        ask_every_question(world, datetime.fromtimestamp(0, now.tzinfo) + timedelta(days=1))
        world.transport.configure("https://acuerdo.example/in", "#rc=3", "https://acuerdo.example/status")
    assert judged.seen == {
        f"POST {MESSAGES}.json",
        f"GET {MESSAGES}.json",
        "POST /v1/Content",
        "POST /v1/Content/{ContentSid}/ApprovalRequests/whatsapp",
        "GET /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media.json",
        "GET /v1/Content/{Sid}/ApprovalRequests",
        "GET /v1/ContentAndApprovals",
        "DELETE /v1/Content/{Sid}",
        f"GET {NUMBERS}.json",
        f"POST {NUMBERS}/{{Sid}}.json",
    }
    assert judged.undescribed == ({f"POST /v1/Services/{SERVICE}"} if service else set())


def test_the_judge_finds_what_is_wrong(
    sqlite_engine: Engine, now: datetime, tmp_path: Path, judge: Callable[[World], Judge]
) -> None:
    if missing():
        return
    with served(sqlite_engine, now, tmp_path) as world:
        judge(world)
        with pytest.raises((OpenAPIError, AssertionError)):
            world.transport.send(
                Outgoing(
                    1, channel="whatsapp", address=PHONE, text="", language="es_MX", template="not-a-sid"
                )
            )
