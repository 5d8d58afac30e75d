"""The API against machine-made calls: nothing raises, and every answer is described."""

import json
import os
import re
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.api.openapi import document
from bot.app import create_app
from tests.api_caller import LOAN
from tests.services import make_test_services

EXAMPLES = int(os.environ.get("ACUERDO_SCHEMA_EXAMPLES", "100" if os.environ.get("CI") else "15"))
"""For each operation, the same ones every time; CI and `make drill-api` take 100."""
OPERATIONS = [
    (method.upper(), path) for path, operations in document()["paths"].items() for method in operations
]
RULES_BEYOND_THE_SCHEMA = {
    ("PUT", "/loans/{external_id}"),
    ("POST", "/loans/{external_id}/adjustments"),
    ("POST", "/loans/{external_id}/holds"),
    ("POST", "/payments"),
    ("POST", "/borrowers/{external_id}/contacts"),
    ("GET", "/metrics/{name}"),
}
"""What no schema can express: a phone that exists, a day that is not over, a sum that adds up. There 400 and
422 are right answers to what the schema takes; everywhere else they are a fault.
"""


def config_for(operation: tuple[str, str]) -> SchemathesisConfig:
    """All the default checks."""
    accepted = ["2xx", "401", "403", "404", "409"]
    accepted += ["400", "422"] if operation in RULES_BEYOND_THE_SCHEMA else []
    return SchemathesisConfig.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": accepted}}}
    )


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_machine_made_calls(sqlite_engine: Engine, now: datetime, method: str, path: str) -> None:
    services = make_test_services(sqlite_engine, now)
    app = create_app(services)
    headers = {"Authorization": f"Bearer {make_key(services, 'tests', 'lender')}"}
    made = app.test_client().put("/api/v1/loans/0", json=LOAN, headers=headers)
    assert made.status_code == 201
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config_for((method, path)))
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
        case.call_and_validate(headers=headers)

    call()


def test_every_shape_that_is_named_is_described() -> None:
    described = document()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert named <= set(described["components"]["schemas"])
