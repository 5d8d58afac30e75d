"""The page that shows the API: made from its description, by resource, with fields and an example of each
call.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup, escape

from bot.api.keys import demo_key
from bot.api.openapi import TAGS, document
from bot.web import services

docs = Blueprint(
    "docs",
    __name__,
    url_prefix="/api/v1/docs",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
"""Apart from the API's own blueprint: a page for people, which needs no key."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
DEEPEST = 3
LOCALES = {"es": "es_MX", "en": "en"}
EXAMPLES: dict[str, Any] = {
    "external_id": "JAC-1001",
    "loan": "JAC-1001",
    "flow": "reminder",
    "amount": 50_000,
    "currency": "MXN",
    "paid_at": "2026-11-24T10:00:00-06:00",
    "rail": "spei",
    "reference": "SPEI-20261124-001",
    "name": "Ana López Ruiz",
    "phone": "5512345678",
    "due_date": "2026-12-01",
    "number": 1,
    "as_of": "2026-11-24",
    "reason": "bank returned it",
    "component": "late_fees",
}
"""By a field's name; what has none is shown by its kind."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    about: str
    required: bool
    depth: int = 0
    nullable: bool = False
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    codes: list[tuple[str, str]]
    example: str


@dataclass(slots=True)
class Resource:
    name: str
    about: str
    operations: list[Operation] = field(default_factory=list)


@docs.after_request
def protect(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


@docs.get("/")
def page() -> str:
    """In Spanish, or with `?lang=en` in English."""
    settings, wording = services().settings, services().wording
    lang = request.args.get("lang", "es")
    lang = lang if lang in LOCALES else "es"
    return render_template(
        "api/reference.html",
        resources=resources(document(), settings.public_url),
        key=demo_key() if settings.simulated else None,
        lang=lang,
        other="en" if lang == "es" else "es",
        t=lambda text: _marked(str(wording.raw(f"api.{text}", LOCALES[lang]))),
    )


def _marked(text: str) -> Markup:
    """What stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped here


def resources(described: Mapping[str, Any], base: str) -> list[Resource]:
    """In the order of the description."""
    found = {name: Resource(name, about) for name, about in TAGS.items()}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            (tag,) = operation["tags"]
            found[tag].operations.append(_operation(described, base, method, path, operation))
    return [resource for resource in found.values() if resource.operations]


def _operation(
    described: Mapping[str, Any], base: str, method: str, path: str, operation: Mapping[str, Any]
) -> Operation:
    body = _schema(operation.get("requestBody", {}))
    succeeded = next(code for code in operation["responses"] if code.startswith("2"))
    return Operation(
        re.sub(r"\W+", "-", f"{method}{path}").strip("-"),
        method.upper(),
        path,
        operation["summary"],
        [_parameter(parameter) for parameter in operation["parameters"]],
        list(_fields(described, body)),
        list(_fields(described, _schema(operation["responses"][succeeded]))),
        [(code, response["description"]) for code, response in operation["responses"].items()],
        _curl(described, base, method, path, body),
    )


def _schema(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Of JSON; empty for what is none."""
    found: dict[str, Any] = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _parameter(parameter: Mapping[str, Any]) -> Field:
    about, schema = parameter.get("description", ""), parameter["schema"]
    required = parameter.get("required", False)
    return Field(parameter["name"], _kind(schema), about, required, longest=schema.get("maxLength"))


def _resolved(described: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reference followed, and of what may be null the other."""
    if "$ref" in schema:
        found = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _resolved(described, found)
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    return _resolved(described, choices[0]) if len(choices) == 1 else schema


def _fields(described: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Iterator[Field]:
    schema = _resolved(described, schema)
    if schema.get("type") == "array":
        yield from _fields(described, schema.get("items", {}), depth)
        return
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        resolved = _resolved(described, inner)
        nullable, longest = "anyOf" in inner, resolved.get("maxLength")
        about = inner.get("description") or resolved.get("description", "")
        about = about if depth < 1 else ""
        yield Field(name, _kind(resolved), about, name in required, depth, nullable, longest)
        if depth < DEEPEST - 1 and (
            resolved.get("type") == "array" or resolved.get("properties") is not None
        ):
            yield from _fields(described, resolved, depth + 1)


def _kind(schema: Mapping[str, Any]) -> str:
    if listed := schema.get("enum"):
        return " | ".join(map(str, listed))
    if "const" in schema:
        return str(schema["const"])
    kind = str(schema.get("format") or schema.get("type", "value"))
    if kind == "array":
        return "list"
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    bounds = f" {low}–{high}" if low is not None and high is not None else ""
    return kind + bounds


def _curl(described: Mapping[str, Any], base: str, method: str, path: str, body: Mapping[str, Any]) -> str:
    address = base + "/api/v1" + re.sub(r"\{(\w+)\}", lambda part: str(_example_of(part[1], path)), path)
    lines = [f"curl {shlex.quote(address)}", '-H "Authorization: Bearer $KEY"']
    if method != "get":
        lines[0] = f"curl -X {method.upper()} {shlex.quote(address)}"
    if body:
        example = json.dumps(_example(described, body), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(example)}"]
    return " \\\n  ".join(lines)


def _example_of(name: str, path: str) -> object:
    if name == "external_id" and path.startswith("/borrowers"):
        return "B-1001"
    return EXAMPLES.get(name, "1")


def _example(described: Mapping[str, Any], schema: Mapping[str, Any], name: str = "") -> Any:
    """What is required, and nothing else."""
    schema = _resolved(described, schema)
    if name in EXAMPLES and "properties" not in schema:
        return EXAMPLES[name]
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            shown = schema.get("required", ())
            return {inner: _example(described, properties[inner], inner) for inner in shown}
        case "array":
            return [_example(described, schema.get("items", {}))]
        case "integer":
            return 1
        case _:
            return "…"
