"""The API described, as OpenAPI 3.1, from the models that check it; and a page to browse it."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_swagger_ui import get_swaggerui_blueprint
from pydantic.json_schema import models_json_schema

from bot.api.loans import LoanIn
from bot.api.outreach import OutreachIn
from bot.api.payments import PaymentIn

_ID = {"name": "external_id", "in": "path", "required": True, "schema": {"type": "string"}}
_PAGE = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 1000}},
    {"name": "cursor", "in": "query", "schema": {"type": "string"}},
]
_KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}


docs = get_swaggerui_blueprint("/api/v1/docs", "/api/v1/openapi.json", config={"app_name": "Acuerdo"}, blueprint_name="docs")
"""Its page names its own files by their full address, so it stands beside the API's blueprint, not on it."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/openapi.json", view_func=get_openapi)


def get_openapi() -> Response:
    return jsonify(document())


def document() -> dict[str, Any]:
    _, schemas = models_json_schema([(model, "validation") for model in (LoanIn, PaymentIn, OutreachIn)], ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Acuerdo", "version": "1", "description": "Money is an integer in centavos. Times are ISO 8601 with zone."},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"] | {"Problem": _PROBLEM},
        },
    }


_PROBLEM = {"type": "object", "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}}}


def _operation(
    summary: str, model: str | None = None, parameters: list[dict[str, Any]] | None = None, answers: tuple[str, ...] = ("200",)
) -> dict[str, Any]:
    problem = {
        "description": "what is wrong and what to do",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {code: {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}} for code in answers}
        | {"default": problem},
    }
    if model:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}}
    return operation


def _paths() -> dict[str, Any]:
    return {
        "/loans/{external_id}": {
            "put": _operation("Creates or updates a loan with its borrower and instalments", "LoanIn", [_ID, _KEY], ("200", "201")),
            "get": _operation("The loan with all that stands", None, [_ID]),
        },
        "/loans/{external_id}/ledger": {"get": _operation("The loan's ledger, oldest first", None, [_ID, *_PAGE])},
        "/payments": {"post": _operation("A payment that the lender received", "PaymentIn", [_KEY], ("200", "201"))},
        "/borrowers/{external_id}/conversation": {"get": _operation("The borrower's conversation", None, [_ID, _PAGE[0]])},
        "/borrowers/{external_id}/outreach": {"post": _operation("Starts a flow now, within the contact rules", "OutreachIn", [_ID, _KEY], ("202",))},
    }
