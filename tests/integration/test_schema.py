"""The API against machine-made calls: nothing raises, and every answer is described."""

import json
import os
import re
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.api.openapi import document
from bot.app import create_app
from tests.api_caller import LOAN
from tests.services import make_test_services

EXAMPLES = int(os.environ.get("ACUERDO_SCHEMA_EXAMPLES", "100" if os.environ.get("CI") else "15"))
"""For each operation."""
OPERATIONS = [
    (method.upper(), path) for path, operations in document()["paths"].items() for method in operations
]
CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_machine_made_calls(sqlite_engine: Engine, now: datetime, method: str, path: str) -> None:
    services = make_test_services(sqlite_engine, now)
    app = create_app(services)
    headers = {"Authorization": f"Bearer {make_key(services, 'tests', 'lender')}"}
    made = app.test_client().put("/api/v1/loans/0", json=LOAN, headers=headers)
    assert made.status_code == 201
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()


def test_every_shape_that_is_named_is_described() -> None:
    described = document()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert named <= set(described["components"]["schemas"])
