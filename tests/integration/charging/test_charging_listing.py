"""Results by list: fewer calls, and nothing lost where the list fails in the middle, or lacks a charge."""

from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.debit.charging.listing import APART, listed_reports
from bot.debit.port import AuthError, DebitError, RateLimited, TransientError
from models import Charge
from tests.charging import CHARGES, House
from tests.fake_provider import FakeProvider


def calls(house: House) -> Counter[str]:
    made: Counter[str] = Counter()
    house.provider.around = lambda point: made.update([point])
    return made


def test_what_the_list_holds_is_asked_for_no_more(many: House) -> None:
    many.provider.needs(lists_charges=True)
    many.provider.turn_all("collected")
    many.provider.broken["P7"] = TransientError("down")
    made = calls(many)
    many.look()
    assert made == {"before listed": CHARGES, "before charge": 1}, "P7 is not in the list"
    assert Counter(many.statuses()) == {"collected": CHARGES - 1, "submitted": 1}
    many.provider.broken.clear()
    many.set(Charge, checked_at=None)
    many.look()
    assert set(many.statuses()) == {"collected"}
    many.sound()


@pytest.mark.parametrize("error", [TransientError("down"), RateLimited(30), AuthError("no")])
def test_a_list_that_ends_in_the_middle_loses_nothing(many: House, error: DebitError) -> None:
    many.provider.needs(lists_charges=True)
    many.provider.turn_all("collected")
    read: list[str] = []

    def around(point: str) -> None:
        if point == "before listed":
            read.append(point)
            if len(read) == CHARGES // 2:
                many.provider.failures.append(error)

    many.provider.around = around
    many.look()
    if isinstance(error, TransientError) and not isinstance(error, RateLimited):
        assert set(many.statuses()) == {"collected"}, "the second half one by one"
    else:
        assert set(many.statuses()) == {"submitted"}, "nothing else is asked now"
        many.look()
    assert set(many.statuses()) == {"collected"}
    many.sound()


def test_only_those_made_close_together_are_listed_and_not_without_end() -> None:
    """Two are too few for a list; a list that holds others is given up."""
    provider, asked = FakeProvider(), []
    provider.needs(lists_charges=True)
    noon = datetime.fromisoformat("2026-11-27T12:00+00:00")

    def made(since: datetime, until: datetime):  # type: ignore[no-untyped-def]
        asked.append((since, until))
        yield from (SimpleNamespace(provider_id=f"other-{number}") for number in range(100_000))
        pytest.fail("read to its end")

    provider.charges_made = made  # type: ignore[method-assign]
    times = [noon, noon + APART, noon + 2 * APART, noon + timedelta(days=1), noon + timedelta(days=1), None]
    rows = [SimpleNamespace(provider_id=f"P{n}", submitted_at=at) for n, at in enumerate(times)]
    assert listed_reports(provider, rows) == {}  # type: ignore[arg-type]
    assert [until - since for since, until in asked] == [2 * APART + timedelta(minutes=4)]
