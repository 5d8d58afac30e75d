"""Every kind of request that we send conforms to the provider's published description, which stands beside the project in CI."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft4Validator
from sqlalchemy import Engine

from bot.channels import Choice, Outgoing
from bot.channels.twilio.client import TwilioTransport
from bot.channels.twilio.contents import ContentStore
from bot.outreach.approval import types_of
from bot.wording import Wording, templates
from tests.services import ACCOUNT, make_test_services

FOLDER = Path(os.environ.get("ACUERDO_TWILIO_OAI", Path(__file__).parents[3] / "shared" / "twilio-oai"))
ANSWERS = {
    "Messages.json": {"sid": "SM" + "0" * 32, "account_sid": ACCOUNT, "status": "queued"},
    "Content": {"sid": "HX" + "0" * 32},
    "whatsapp": {"status": "received"},
    "ApprovalRequests": {"sid": "HX" + "0" * 32, "whatsapp": {"status": "approved"}},
}
LISTED: dict[str, Any] = {"messages": [], "page": 0, "page_size": 50, "next_page_uri": None}


@pytest.fixture(scope="module")
def descriptions() -> dict[str, Any]:
    if not FOLDER.exists():
        message = f"Twilio's description is not at {FOLDER}: put it there, or name its folder in ACUERDO_TWILIO_OAI"
        assert not os.environ.get("CI"), message
        pytest.skip(message)
    return {name: json.loads((FOLDER / f"twilio_{name}.json").read_text(encoding="utf-8")) for name in ("api_v2010", "content_v1")}


@pytest.fixture
def seen(sqlite_engine: Engine, now: datetime) -> Iterator[tuple[TwilioTransport, list[tuple[str, str, dict[str, str], str]]]]:
    """A transport against a listener that keeps what came: `(method, path, query, body)`."""
    kept: list[tuple[str, str, dict[str, str], str]] = []

    class Listener(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            kept.append((self.command, parts.path, dict(parse_qsl(parts.query)), body))
            name = parts.path.rsplit("/", 1)[-1]
            data = json.dumps(LISTED if (self.command, name) == ("GET", "Messages.json") else ANSWERS[name]).encode()
            self.send_response(201 if self.command == "POST" else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    services = make_test_services(sqlite_engine, now)
    settings = services.settings.model_copy(
        update={"twilio_api_url": f"http://127.0.0.1:{server.server_port}", "whatsapp_from": "+525550000000", "sms_from": "26262"}
    )
    transport = TwilioTransport(settings, ContentStore(sqlite_engine, services.clock))
    yield transport, kept
    transport.client.http_client.session.close()
    server.shutdown()
    server.server_close()


def _operation(description: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The operation whose path template fits."""
    wanted = path.split("/")
    for template, operations in description["paths"].items():
        parts = template.split("/")
        if len(parts) == len(wanted) and all(a == b or "{" in a for a, b in zip(parts, wanted, strict=True)) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    raise AssertionError(f"{method} {path} is not in the published description")


def _resolved(schema: Any, root: dict[str, Any]) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            target: Any = root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            return _resolved(target, root)
        return {key: _resolved(value, root) for key, value in schema.items()}
    return [_resolved(item, root) for item in schema] if isinstance(schema, list) else schema


def _typed(value: str, schema: dict[str, Any]) -> Any:
    return int(value) if schema.get("type") == "integer" else value


def _conforms(descriptions: dict[str, Any], method: str, path: str, query: dict[str, str], body: str) -> None:
    description = descriptions["content_v1" if path.startswith("/v1/Content") else "api_v2010"]
    operation = _operation(description, method, path)
    known = {p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "query"}
    assert set(query) <= set(known) | {"PageSize"}, f"{path}: {set(query) - set(known)} is not in the description"
    if method != "POST":
        return
    (kind, media), *_ = operation["requestBody"]["content"].items()
    schema = _resolved(media["schema"], description)
    if kind == "application/json":
        data = json.loads(body)
    else:
        data = {name: _typed(value, schema["properties"].get(name, {})) for name, value in parse_qsl(body, keep_blank_values=True)}
    unknown = set(data) - set(schema["properties"])
    assert not unknown, f"{path}: {unknown} is not in the description"
    Draft4Validator(schema).validate(data)


def test_every_request_conforms(descriptions: dict[str, Any], seen: Any) -> None:
    transport, kept = seen
    to = {"message_id": 1, "channel": "whatsapp", "address": "whatsapp:+525512345678", "text": "Hola", "language": "es_MX"}
    buttons = [Choice(payload=f"p{i}", title=f"Opción {i}") for i in range(1, 12)]
    transport.send(Outgoing(**to))
    transport.send(Outgoing(**to, valid_seconds=120))
    transport.send(Outgoing(**to, choices=buttons[:2]))
    transport.send(Outgoing(**to, choices=buttons[:8]))
    transport.send(Outgoing(**to, choices=buttons))
    transport.send(Outgoing(**to, template="HX" + "1" * 32, variables=("Ana", "$850.00")))
    transport.send(Outgoing(**(to | {"channel": "sms", "address": "+525512345678"}), choices=buttons[:2]))
    for template in templates(Wording.load()):
        samples = {str(i): sample for i, sample in enumerate(template.samples, 1)}
        sid = transport.create_content(template.name, template.language, types_of(template), samples)
        transport.submit(sid, template.name, "UTILITY")
    transport.approval("HX" + "0" * 32)
    transport.sent_to("whatsapp:+525512345678", datetime(2026, 11, 24, tzinfo=UTC))
    transport.received_since(datetime(2026, 11, 24, tzinfo=UTC))
    assert len(kept) > 20
    for method, path, query, body in kept:
        _conforms(descriptions, method, path, query, body)
    forms = [dict(parse_qsl(body)) for method, path, _, body in kept if path.endswith("Messages.json") and method == "POST"]
    assert all(("Body" in form) != ("ContentSid" in form) for form in forms)
    assert forms[4]["Body"].endswith("11. Opción 11")
    assert forms[6]["From"] == "26262"


def test_templates_keep_the_rules_for_approval() -> None:
    for template in templates(Wording.load()):
        assert len(template.body) <= 1024
        assert not template.body.startswith("{{")
        assert not template.body.endswith("}}")
        assert "}}{{" not in template.body and "}} {{" not in template.body
        assert len(template.samples) == len(template.params)
        assert template.name.replace("_", "").isalnum()
        assert template.name.islower()
        assert all(len(title) <= 20 for _, title in template.buttons)
