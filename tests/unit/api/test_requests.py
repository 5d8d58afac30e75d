"""What a body may say: whole numbers in either of JSON's forms, days and times by ISO 8601 alone."""

import json

import pytest
from pydantic import BaseModel, ValidationError

from bot.api.requests import Day, Moment, whole_numbers


class Given(BaseModel):
    amount: int = 1
    day: Day | None = None
    at: Moment | None = None


def read(**values: object) -> Given:
    return Given.model_validate_json(whole_numbers(json.dumps(values).encode()), strict=True)


def test_a_whole_number_is_one_in_either_form() -> None:
    assert [read(amount=amount).amount for amount in (100, 100.0, 1e2)] == [100, 100, 100]
    for amount in (100.5, True, "100", 1e300):
        with pytest.raises(ValidationError):
            read(amount=amount)
    for content in (b"1.0.0", b'{"amount": NaN.0}', b"[" * 100_000 + b"1.0"):
        assert whole_numbers(content) == content


def test_days_and_times_are_iso_and_no_count_of_seconds() -> None:
    given = read(day="2026-11-24", at="2026-11-24T10:30:00Z")
    assert (str(given.day), str(given.at)) == ("2026-11-24", "2026-11-24 10:30:00+00:00")
    for day in ("1764288000", 1764288000, "0", "2026-11-24T00:00:00", "2026-02-30", "20261124", ""):
        with pytest.raises(ValidationError):
            read(day=day)
    for at in ("1764345600", 1764345600, "2026-11-24T10:30:00", "2026-11-24", "2026-W48-2T10:30:00Z"):
        with pytest.raises(ValidationError):
            read(at=at)
