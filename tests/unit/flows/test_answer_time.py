"""When a person answers: within the lender's hours, on no holiday, with an hour left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.care.answer_time import answer_time
from tests.facts import facts

WEEK = "lunes a viernes de 9 a 18 h"
BOTH = "lunes a viernes de 9:30 a 18:00 h y sábados de 10 a 14 h"


@pytest.mark.parametrize(
    ("hours", "utc", "wanted"),
    [
        (WEEK, datetime(2026, 11, 24, 18), ("answer_time.today", {"until": "18:00"})),
        (WEEK, datetime(2026, 11, 24, 13), ("answer_time.today", {"until": "18:00"})),
        (WEEK, datetime(2026, 11, 24, 23, 30), ("answer_time.tomorrow", {"start": "9:00"})),
        (WEEK, datetime(2026, 11, 28, 18), ("answer_time.later", {"start": "9:00", "day": "2026-11-30"})),
        (WEEK, datetime(2026, 12, 25, 2), ("answer_time.later", {"start": "9:00", "day": "2026-12-28"})),
        (BOTH, datetime(2026, 11, 28, 18), ("answer_time.today", {"until": "14:00"})),
        (BOTH, datetime(2026, 11, 24, 2), ("answer_time.tomorrow", {"start": "9:30"})),
        ("todos los días de 8 a 20 h", datetime(2026, 11, 29, 18), ("answer_time.today", {"until": "20:00"})),
        ("siempre que se pueda", datetime(2026, 11, 24, 18), None),
        ("", datetime(2026, 11, 24, 18), None),
    ],
)
def test_next_answer(hours: str, utc: datetime, wanted: tuple[str, dict[str, str]] | None) -> None:
    known = facts(confirmed="yes")
    known = replace(known, now=utc.replace(tzinfo=UTC), lender=replace(known.lender, hours=hours))
    found = [
        (key, {name: str(value) for name, value in params.items()}) for key, params in answer_time(known)
    ]
    assert found == ([wanted] if wanted else [])
