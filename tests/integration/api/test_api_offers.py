"""Offers, papers and page links by the API and the command, each answer held against the description."""

import hashlib

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.app import create_app
from bot.cli import cli
from bot.documents import issue_papers
from bot.services import Services
from tests.api_caller import Caller
from tests.integration.test_plans import AT, agreed
from tests.talk import talk


def caller(services: Services) -> Caller:
    return Caller(create_app(services).test_client(), make_key(services, "tests", "lender"))


def test_what_is_allowed_and_was_offered(engine: Engine) -> None:
    borrower = talk(engine, AT)
    call = caller(borrower.services)
    answer = call("GET", "/loans/L1/offers").json
    assert answer["policy"] == borrower.services.lender.terms.offers.version
    plans = {each["frequency"]: each for each in answer["allowed"] if each["kind"] == "plan"}
    assert set(plans) == {"weekly", "semimonthly", "monthly"}
    assert plans["semimonthly"]["smallest"] == 15_000
    assert {each["kind"] for each in answer["refused"]} >= {"settlement"}
    assert answer["made"] == []
    borrower.say("quiero pagar en partes")
    made = call("GET", "/loans/L1/offers").json["made"]
    assert all(sum(part["amount"] for part in offer["instalments"]) == offer["total"] for offer in made)
    assert call("GET", "/loans/NONE/offers").status_code == 404


def test_a_plan_and_its_paper(engine: Engine) -> None:
    borrower = agreed(engine)
    call = caller(borrower.services)
    shown = call("GET", "/loans/L1").json["plan"]
    assert (shown["kind"], shown["status"], shown["total"], shown["discount"]) == (
        "plan",
        "active",
        60_000,
        0,
    )
    assert len(shown["instalments"]) == 2
    issue_papers(borrower.services)
    (paper,) = call("GET", "/loans/L1/documents").json["documents"]
    answer = call.client.get(
        f"/api/v1/documents/{paper['id']}", headers={"Authorization": f"Bearer {call.key}"}
    )
    assert answer.mimetype == "application/pdf"
    assert hashlib.sha256(answer.data).hexdigest() == paper["sha256"]
    assert call.client.get(f"/api/v1/documents/{paper['id']}").status_code == 401
    missing = call.client.get("/api/v1/documents/999", headers={"Authorization": f"Bearer {call.key}"})
    assert missing.status_code == 404


def test_a_link_to_the_page(engine: Engine) -> None:
    borrower = talk(engine, AT)
    call = caller(borrower.services)
    answer = call("POST", "/borrowers/B1/page", {})
    assert answer.status_code == 201
    assert answer.json["url"].startswith(f"{borrower.services.settings.public_url}/m/")
    assert (
        call.client.get(answer.json["url"].removeprefix(borrower.services.settings.public_url)).status_code
        == 303
    )
    assert call("POST", "/borrowers/NONE/page", {}).status_code == 404


def test_explained_by_the_command(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    borrower = talk(sqlite_engine, AT)
    monkeypatch.setattr("bot.cli.offers.start_services", lambda: borrower.services)
    answer = CliRunner().invoke(cli, ["offers", "explain", "L1"])
    assert answer.exit_code == 0, answer.output
    assert "[policy.plan]" in answer.output
    assert "settlement  not allowed" in answer.output
    assert CliRunner().invoke(cli, ["offers", "explain", "NONE"]).exit_code == 1
