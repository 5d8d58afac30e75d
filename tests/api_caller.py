"""Who calls the lender's API in a test, with a loan and a payment to send."""

from typing import Any

from flask.testing import FlaskClient

from tests.integration.api_description import hold

LOAN: dict[str, Any] = {
    "borrower": {
        "external_id": "B1",
        "name": "Ana López",
        "phone": "5512345678",
        "birth_date": "1990-03-15",
        "state": "CDMX",
    },
    "as_of": "2026-11-24",
    "pay_reference": "123",
    "instalments": [
        {
            "number": 1,
            "due_date": "2026-11-17",
            "amount": 60_000,
            "paid": 10_000,
            "principal": 50_000,
            "interest": 8_000,
            "tax": 2_000,
        },
        {"number": 2, "due_date": "2026-12-01", "amount": 60_000},
    ],
}
PAYMENT = {
    "loan": "L-1",
    "amount": 50_000,
    "currency": "MXN",
    "paid_at": "2026-11-24T10:00:00-06:00",
    "rail": "spei",
    "reference": "R1",
}


class Caller:
    """Every answer is held against the published description."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client, self.key = client, key

    def __call__(self, method: str, path: str, json: object = None, **headers: str) -> Any:
        sent = {
            "Authorization": f"Bearer {self.key}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        answer = self.client.open(f"/api/v1{path}", method=method, json=json, headers=sent)
        hold(method, path, answer)
        return answer
