"""Many loans in one call: each taken or refused by itself, in a number of statements that does not grow."""

from typing import Any

from sqlalchemy import event

from bot.api.bulk_loans import MOST
from bot.services import Services
from tests.api_caller import LOAN, Caller


def loan(number: int, **change: Any) -> dict[str, Any]:
    borrower = LOAN["borrower"] | {"external_id": f"B{number}", "phone": f"55{10_000_000 + number}"}
    return {"external_id": f"L-{number}", **LOAN, "borrower": borrower, **change}


def applied(answer: Any) -> list[str]:
    return [row["applied"] for row in answer.json["loans"]]


def test_each_loan_is_answered_for_itself(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN | {"borrower": loan(1)["borrower"]})
    rows = [
        loan(1),
        loan(2),
        loan(3, as_of="2031-01-01"),
        loan(4, instalments=[]),
        loan(5, pay_clabe="123"),
        loan(2),
        {"external_id": 7},
        loan(8, borrower=loan(8)["borrower"] | {"phone": "1"}),
        None,
        "L-9",
    ]
    answer = call("PUT", "/loans", {"loans": rows}, Idempotency_Key="bulk-1")
    assert answer.status_code == 200
    assert applied(answer) == ["unchanged", "created", *["refused"] * 8]
    faults = [[fault["field"] for fault in row["errors"]] for row in answer.json["loans"]]
    assert faults[2:6] == [["as_of"], ["instalments"], ["pay_clabe"], ["external_id"]]
    assert faults[7:] == [["borrower.phone"], ["body"], ["body"]]
    assert answer.json["loans"][6]["external_id"] is None
    assert call("PUT", "/loans", {"loans": rows}, Idempotency_Key="bulk-1").data == answer.data
    fixed = [loan(1, as_of="2026-11-23"), loan(2, product="auto", as_of="2026-11-24"), loan(4)]
    assert applied(call("PUT", "/loans", {"loans": fixed})) == ["older", "updated", "created"]
    assert call("GET", "/loans/L-4").json["outstanding"]["total"] == 110_000


def test_hundreds_of_loans_take_as_many_statements_as_ten(call: Caller, services: Services) -> None:
    counts = []
    for first, count in ((1, 10), (1_000, 200)):
        statements: list[str] = []
        listen = lambda *args, into=statements: into.append(args[2])  # noqa: E731
        event.listen(services.engine, "before_cursor_execute", listen)
        answer = call("PUT", "/loans", {"loans": [loan(first + i) for i in range(count)]})
        event.remove(services.engine, "before_cursor_execute", listen)
        assert set(applied(answer)) == {"created"}
        counts.append(sum("INTO ledger_entry" not in statement for statement in statements))
    assert counts[1] <= counts[0] + 5, "but for the entries, which SQLite inserts one by one"


def test_more_than_a_thousand_are_refused(call: Caller) -> None:
    assert call("PUT", "/loans", {"loans": [{}] * (MOST + 1)}).status_code == 422
    assert call("PUT", "/loans", {"loans": []}).status_code == 422
