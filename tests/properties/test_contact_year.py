"""The small form of `make drill-year`: a week around the change of clocks at the border."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from tests.properties.contact_year import world


def test_a_week_with_delays_kills_and_late_silence_have_no_violation(sqlite_engine: Engine) -> None:
    with world(sqlite_engine, datetime(2027, 3, 10, 14, 0, tzinfo=UTC), 39, 7, 3) as found:
        found.live(7)
        report = found.audit(date(2027, 3, 1))
    assert report.violations == ()
    assert report.messages > 20
    assert min(found.wire.done[each] for each in ("taken", "killed after the call", "paid", "called")) > 0
