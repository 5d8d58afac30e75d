"""A judge that holds the API's every answer against its own published description."""

import re
from typing import Any

from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from bot.api.openapi import document

DESCRIBED = document()


def hold(method: str, path: str, answer: TestResponse) -> None:
    """Asserts that the answer's status, kind and body are described. Paths and methods that nobody routes
    have no description.
    """
    operation = _operation(method, path.partition("?")[0])
    if operation is None:
        return
    response = operation["responses"].get(str(answer.status_code))
    assert response, f"{method} {path}: {answer.status_code} is not described"
    schema = response["content"].get(answer.content_type, {}).get("schema")
    assert schema, f"{method} {path}: {answer.status_code} is not described as {answer.content_type}"
    OAS31Validator(
        schema | {"components": DESCRIBED["components"]}, format_checker=OAS31Validator.FORMAT_CHECKER
    ).validate(answer.json)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in DESCRIBED["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None
