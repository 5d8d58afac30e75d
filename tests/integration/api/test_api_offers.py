"""Offers, papers and page links by the API and the command, each answer held against the description."""

import hashlib
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bot.api.keys import make_key
from bot.app import create_app
from bot.cli import cli
from bot.documents import issue_papers
from bot.offers import judge_plans
from bot.services import Services
from tests.api_caller import Caller
from tests.integration.test_plans import AT, agreed, old, sound
from tests.talk import DUE, talk


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


def pay(call: Caller, amount: int, reference: str) -> Any:
    paid_at = AT.isoformat()
    return call(
        "POST",
        "/payments",
        {"loan": "L1", "amount": amount, "paid_at": paid_at, "rail": "spei", "reference": reference},
    )


def test_who_reports_money_sees_at_once_what_it_did_to_a_plan(engine: Engine) -> None:
    """By the same call, whatever sweeps run meanwhile: paid, taken back, paid anew."""
    borrower = agreed(engine)
    call = caller(borrower.services)

    def shown() -> tuple[str, list[str]]:
        plan = call("GET", "/loans/L1").json["plan"]
        return plan["status"], [part["status"] for part in plan["instalments"]]

    first = pay(call, 30_000, "one").json
    assert shown() == ("active", ["kept", "open"])
    pay(call, 30_000, "two")
    assert shown() == ("kept", ["kept", "kept"])
    call("POST", f"/payments/{first['id']}/reversal", {"reason": "returned"})
    assert shown() == ("active", ["kept", "open"])
    pay(call, 30_000, "three")
    assert shown() == ("kept", ["kept", "kept"])
    assert borrower.kinds("plan").count("plan.kept") == 2


def parts(call: Caller) -> tuple[str, list[tuple[int, str]]]:
    plan = call("GET", "/loans/L1").json["plan"]
    return plan["status"], [(part["amount"] - part["paid"], part["status"]) for part in plan["instalments"]]


def test_what_a_tape_counts_as_paid_counts_for_the_plan_once(engine: Engine) -> None:
    """Also where the payment itself is reported later, and where the next tape counts less."""
    borrower = agreed(engine)
    call = caller(borrower.services)

    def load(paid: int) -> None:
        borrower.advance(days=1)
        loan = {
            "borrower": {"external_id": "B1", "name": "Ana López Ruiz", "phone": borrower.phone},
            "as_of": borrower.services.day(borrower.services.clock.now()).isoformat(),
            "instalments": [
                {
                    "number": number,
                    "due_date": due.isoformat(),
                    "amount": sum(amounts.values()),
                    "paid": paid if number == 1 else 0,
                    **amounts,
                }
                for number, (due, amounts) in enumerate(DUE, 1)
            ],
        }
        assert call("PUT", "/loans/L1", loan).json["applied"] == "updated"
        judge_plans(borrower.services)

    load(30_000)
    assert parts(call) == ("active", [(0, "kept"), (30_000, "open")])
    pay(call, 30_000, "one")
    assert parts(call) == ("active", [(0, "kept"), (30_000, "open")])
    load(60_000)
    assert parts(call) == ("kept", [(0, "kept"), (0, "kept")])
    load(40_000)
    assert parts(call) == ("active", [(0, "kept"), (20_000, "open")])
    sound(borrower)


def test_a_plan_asks_for_no_more_than_the_loan_owes(engine: Engine) -> None:
    """What the lender waives is taken off the last parts; with nothing owed the plan is kept, and a loan that
    is written off ends it.
    """
    borrower = agreed(engine)
    call = caller(borrower.services)
    act = {"kind": "waiver", "amount": 70_000, "reason": "goodwill"}
    assert call("POST", "/loans/L1/adjustments", act).json["loan"]["outstanding"]["total"] == 45_000
    assert parts(call) == ("active", [(30_000, "open"), (15_000, "open")])
    first = pay(call, 45_000, "all").json
    assert (first["settled"], parts(call)) == (True, ("kept", [(0, "kept"), (0, "kept")]))
    call("POST", f"/payments/{first['id']}/reversal", {"reason": "returned"})
    assert parts(call) == ("active", [(30_000, "open"), (15_000, "open")])
    act = {"kind": "write_off", "amount": 45_000, "reason": "sold"}
    assert call("POST", "/loans/L1/adjustments", act).json["loan"]["plan"]["status"] == "cancelled"
    assert borrower.ledger("plan.cancelled")[-1].data["reason"] == "written_off"
    sound(borrower)


def test_the_payment_that_ends_a_settlement_says_that_nothing_is_owed(engine: Engine) -> None:
    borrower = old(engine)
    borrower.say("si pago todo me hacen un descuento?")
    borrower.say("sí")
    call = caller(borrower.services)
    total = call("GET", "/loans/L1").json["plan"]["total"]
    posted = pay(call, total, "all").json
    assert posted["settled"]
    loan = call("GET", "/loans/L1").json
    assert (loan["status"], loan["outstanding"]["total"], loan["plan"]["status"]) == ("settled", 0, "kept")
    call("POST", f"/payments/{posted['id']}/reversal", {"reason": "returned"})
    loan = call("GET", "/loans/L1").json
    assert (loan["status"], loan["outstanding"]["total"], loan["plan"]["status"]) == (
        "overdue",
        total + loan["plan"]["discount"],
        "active",
    )


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
