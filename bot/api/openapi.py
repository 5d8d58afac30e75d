"""The API described, as OpenAPI 3.1, from the models that check it; and a page to browse it."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_swagger_ui import get_swaggerui_blueprint
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.answers import ConversationOut, LedgerOut, LoanOut, OutreachOut, PaymentOut, ProblemOut
from bot.api.loans import LoanIn
from bot.api.outreach import OutreachIn
from bot.api.payments import PaymentIn

_ID = {"name": "external_id", "in": "path", "required": True, "schema": {"type": "string"}}


def _page(default: int) -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": default},
        },
        {
            "name": "cursor",
            "in": "query",
            "schema": {"type": "string"},
            "description": "the last page's `next_cursor`",
        },
    ]


_KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}


docs = get_swaggerui_blueprint(
    "/api/v1/docs", "/api/v1/openapi.json", config={"app_name": "Acuerdo"}, blueprint_name="docs"
)
"""Its page names its own files by their full address, so it stands beside the API's blueprint, not on it."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/openapi.json", view_func=get_openapi)


def get_openapi() -> Response:
    return jsonify(document())


_TAKEN = (LoanIn, PaymentIn, OutreachIn)
_GIVEN = (LoanOut, LedgerOut, PaymentOut, ConversationOut, OutreachOut, ProblemOut)


def document() -> dict[str, Any]:
    models: list[Any] = [(model, "validation") for model in _TAKEN] + [
        (model, "serialization") for model in _GIVEN
    ]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Acuerdo",
            "version": "1",
            "description": "Money is an integer in centavos. Times are ISO 8601 with zone.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"],
        },
    }


def _content(model: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


_PROBLEMS = {
    "400": "this is no request: its JSON, its limit, its cursor",
    "401": "a key is needed",
    "403": "this key may only read",
    "404": "there is nothing of this name",
    "409": "it clashes with what is here, or a rule forbids it",
    "413": "the body is too large",
    "415": "the body is not JSON",
    "422": "a field does not fit: it is named",
    "default": "what is wrong and what to do",
}
_UNSAFE = ("409", "413", "415", "422")


def _operation(
    summary: str,
    answer: type[BaseModel],
    parameters: list[dict[str, Any]],
    taken: type[BaseModel] | None = None,
    codes: tuple[str, ...] = ("200",),
) -> dict[str, Any]:
    problems = {code: text for code, text in _PROBLEMS.items() if taken or code not in _UNSAFE}
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": parameters,
        "responses": {code: {"description": "done", "content": _content(answer)} for code in codes}
        | {
            code: {"description": text, "content": _content(ProblemOut, "application/problem+json")}
            for code, text in problems.items()
        },
    }
    return operation | ({"requestBody": {"required": True, "content": _content(taken)}} if taken else {})


def _paths() -> dict[str, Any]:
    return {
        "/loans/{external_id}": {
            "put": _operation(
                "Creates or updates a loan with its borrower and instalments",
                LoanOut,
                [_ID, _KEY],
                LoanIn,
                ("200", "201"),
            ),
            "get": _operation("The loan with its current state", LoanOut, [_ID]),
        },
        "/loans/{external_id}/ledger": {
            "get": _operation("The loan's ledger, oldest first", LedgerOut, [_ID, *_page(1000)])
        },
        "/payments": {
            "post": _operation(
                "A payment that the lender received", PaymentOut, [_KEY], PaymentIn, ("200", "201")
            )
        },
        "/borrowers/{external_id}/conversation": {
            "get": _operation("The borrower's conversation", ConversationOut, [_ID, _page(100)[0]])
        },
        "/borrowers/{external_id}/outreach": {
            "post": _operation(
                "Starts a flow now, within the contact rules", OutreachOut, [_ID, _KEY], OutreachIn, ("202",)
            )
        },
    }
