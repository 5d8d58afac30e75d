"""Which reports speak of the same money."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.money.matching import DebitWindow, Doubt, Held, New, Reported, Same, match, shared_references
from values import CITY

DEBIT = DebitWindow("AC-1-1", date(2026, 11, 27), date(2026, 12, 2))


def report(
    text: str, reference: str = "R1", source: str = "api", rail: str = "spei", **more: Any
) -> Reported:
    at = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CITY)
    return Reported(source, rail, reference, more.pop("amount", 60_000), at, "test", **more)


FIRST = report("11-24T10:00")


def verdict(
    new: Reported,
    *known: Reported,
    shared: tuple[str, ...] = (),
    debit: DebitWindow | None = None,
    reversed_at: datetime | None = None,
) -> str:
    held = [
        Held(number, each.amount, (each,), debit, reversed_at)
        for number, each in enumerate(known or (FIRST,), 1)
    ]
    found = match(new, held, shared_references(shared, held))
    return {Same: "same", Doubt: "doubt", New: "new"}[type(found)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (report("11-24T10:00"), "same"),
        (report("11-25T00:00"), "same"),
        (report("11-24T10:00", source="file"), "same"),
        (report("11-24T10:00", " r1 "), "same"),
        (report("11-24T10:00", repeated=1, source="file"), "doubt"),
        (report("11-24T10:00", amount=59_000), "doubt"),
        (report("11-30T10:00"), "doubt"),
        (report("12-24T10:00"), "new"),
        (report("12-24T10:00", amount=59_000), "new"),
        (report("11-24T10:00", "R2"), "new"),
        (report("11-24T10:00", "F1", source="file"), "doubt"),
        (report("11-24T10:00", "F1", source="file", rail="transfer"), "doubt"),
        (report("11-24T10:00", "F1", source="file", rail="cash"), "new"),
        (report("11-29T10:00", "F1", source="file"), "new"),
        (report("11-24T10:00", "F1", source="file", amount=59_999), "new"),
        (report("12-15T10:00", rail="cash"), "new"),
    ],
)
def test_a_reference_of_one_payment(new: Reported, expected: str) -> None:
    assert verdict(new) == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("11-24T10:00", "api", "same"),
        ("11-24T00:00", "file", "same"),
        ("11-24T16:00", "api", "doubt"),
        ("11-25T10:00", "api", "doubt"),
        ("11-25T00:00", "file", "doubt"),
        ("12-25T10:00", "api", "new"),
    ],
)
def test_with_the_reference_of_cash_its_borrower_may_come_again(
    text: str, source: str, expected: str
) -> None:
    first = report("11-24T10:00", rail="cash")
    assert verdict(report(text, source=source, rail="cash"), first) == expected


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (report("11-24T10:00"), "doubt"),
        (report("11-24T00:00", source="file"), "doubt"),
        (report("11-25T00:00"), "doubt"),
        (report("11-25T00:00", "F1", source="file"), "doubt"),
        (report("11-26T00:00"), "new"),
        (report("11-24T10:00", amount=6_000), "new"),
        (report("11-24T10:00", "R2"), "new"),
    ],
)
def test_what_was_taken_back_and_comes_again_is_a_persons_to_decide(new: Reported, expected: str) -> None:
    back = datetime(2026, 11, 25, 12, tzinfo=CITY)
    assert verdict(new, reversed_at=back) == expected


def test_what_was_posted_anew_after_a_reversal_is_that_payment() -> None:
    first = Held(1, 60_000, (FIRST,), reversed_at=FIRST.paid_at)
    held = [first, Held(2, 60_000, (FIRST,))]
    later = report("11-25T00:00", source="file")
    assert [match(new, held, shared_references((), held)) for new in (FIRST, later)] == [Same(2), Same(2)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (report("11-24T10:00", "OXXO", rail="cash"), "same"),
        (report("11-25T10:00", "OXXO", rail="cash"), "new"),
        (report("11-24T16:00", "OXXO", rail="cash"), "new"),
        (report("11-24T00:00", "OXXO", rail="cash"), "doubt"),
        (report("11-24T00:00", "OXXO", rail="cash", source="file"), "doubt"),
        (report("11-24T16:00", "OXXO", rail="spei"), "new"),
        (report("12-15T10:00", "OXXO", rail="spei"), "new"),
        (report("11-24T16:00", "OXXO", rail="cash", amount=10_000), "new"),
    ],
)
def test_a_reference_of_the_loan_identifies_nothing_by_itself(new: Reported, expected: str) -> None:
    assert verdict(new, report("11-24T10:00", "oxxo", rail="cash"), shared=("OXXO",)) == expected


def test_a_reference_under_which_two_payments_came_is_the_loans() -> None:
    known = (report("10-24T10:00"), report("11-24T10:00"))
    assert verdict(report("11-25T10:00"), *known) == "new"


COLLECTED = report("11-30T12:00", DEBIT.key, "debit", "debit")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (report("12-01T00:00", "LOTE", rail="debit"), "same"),
        (report("11-27T00:00", "LOTE", rail="debit"), "same"),
        (report("12-02T23:00", "LOTE", rail="debit", source="file"), "same"),
        (report("12-05T00:00", "ac-1-1", rail="transfer"), "same"),
        (report("12-04T00:00", "LOTE", rail="debit"), "new"),
        (report("12-01T00:00", "LOTE", rail="spei"), "doubt"),
        (report("12-01T00:00", "LOTE", rail="other"), "doubt"),
        (report("12-01T00:00", "LOTE", rail="cash"), "new"),
        (report("11-26T00:00", "LOTE", rail="spei"), "new"),
        (report("12-01T00:00", "LOTE", rail="debit", amount=1), "new"),
    ],
)
def test_a_debit_that_the_lender_reports_too(new: Reported, expected: str) -> None:
    assert verdict(new, COLLECTED, debit=DEBIT) == expected


def test_a_debit_is_explained_by_one_report() -> None:
    held = Held(1, 60_000, (COLLECTED, report("12-01T00:00", "LOTE", rail="debit")), DEBIT)
    assert match(report("12-01T00:00", "SPEI-9"), [held], ()) == New()
    assert match(report("12-01T00:00", "LOTE-2", rail="debit"), [held], ()) == Doubt((1,))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (report("11-28T00:00", "LOTE", rail="debit"), "same"),
        (report("11-28T00:00", "AC-1-1", rail="transfer"), "same"),
        (report("11-28T00:00", "LOTE", rail="transfer"), "doubt"),
        (report("11-28T00:00", "LOTE", rail="cash"), "new"),
        (report("11-26T00:00", "LOTE", rail="debit"), "new"),
    ],
)
def test_a_debit_that_the_lender_reported_first(known: Reported, expected: str) -> None:
    collected = report("11-30T12:00", DEBIT.key, "debit", "debit", debit=DEBIT)
    assert verdict(collected, known) == expected
