"""Twilio's own OpenAPI description, and a judge that holds every call against it: the request and the
stand-in's answer alike.
"""

import json
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("ACUERDO_TWILIO_OAI", REPOSITORY.parent / "shared" / "twilio-oai"))
NAMES = ("twilio_api_v2010.json", "twilio_content_v1.json")
HOSTS = {
    "twilio_api_v2010.json": "https://api.twilio.com",
    "twilio_content_v1.json": "https://content.twilio.com",
}


def missing() -> list[str]:
    return [name for name in NAMES if not (FOLDER / name).exists()]


@lru_cache(maxsize=1)
def _descriptions() -> dict[str, tuple[dict[str, Any], OpenAPI]]:
    read = {name: json.loads((FOLDER / name).read_text(encoding="utf-8")) for name in NAMES}
    return {
        name: (spec, OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None)))
        for name, spec in read.items()
    }


@dataclass
class Judge:
    """Takes the place of a session's `send`: passes each call on, and keeps what is wrong with it."""

    session: requests.Session
    base: str
    seen: set[str] = field(default_factory=set)
    """`METHOD path` as the description writes it."""
    undescribed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._send = self.session.send
        self.session.send = self.send  # type: ignore[method-assign]

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        response = self._send(request, **kwargs)
        path = urlsplit(request.url or "").path.removeprefix(urlsplit(self.base).path)
        name = next((name for name in NAMES if _template(_descriptions()[name][0], path)), None)
        if name is None:
            self.undescribed.add(f"{request.method} {path}")
            return response
        spec, openapi = _descriptions()[name]
        template = _template(spec, path)
        assert template is not None
        real = request.copy()
        real.url = (
            HOSTS[name]
            + path
            + (f"?{urlsplit(request.url or '').query}" if urlsplit(request.url or "").query else "")
        )
        described = RequestsOpenAPIRequest(real)
        openapi.validate_request(described)
        _no_unknown_names(spec, template, real)
        if response.status_code < 400:
            openapi.validate_response(described, RequestsOpenAPIResponse(response))
        self.seen.add(f"{request.method} {template}")
        return response


def _template(spec: dict[str, Any], path: str) -> str | None:
    """The description's own path that `path` is an instance of; the one with the fewest variables."""
    parts = path.strip("/").split("/")
    found = [template for template in spec["paths"] if _fits(template.strip("/").split("/"), parts)]
    return min(found, key=lambda template: template.count("{"), default=None)


def _fits(template: list[str], parts: list[str]) -> bool:
    return len(template) == len(parts) and all(_part_fits(a, b) for a, b in zip(template, parts, strict=True))


def _part_fits(template: str, part: str) -> bool:
    if "{" not in template:
        return template == part
    suffix = template.rsplit("}", 1)[1]
    return part.endswith(suffix) and (suffix != "" or not part.endswith(".json"))


def _no_unknown_names(spec: dict[str, Any], template: str, request: requests.PreparedRequest) -> None:
    """A misspelt parameter is valid OpenAPI and ignored by Twilio: here it is a fault."""
    operation = spec["paths"][template][str(request.method).lower()]
    query = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"}
    given = {name for name, _ in parse_qsl(urlsplit(request.url or "").query, keep_blank_values=True)}
    assert given <= query, f"{template} knows no query {given - query}"
    form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded")
    if form:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        names = {name for name, _ in parse_qsl(body, keep_blank_values=True)}
        assert names <= set(form["schema"]["properties"]), (
            f"{template} knows no {names - set(form['schema']['properties'])}"
        )
