"""Charts stay within their frame, whatever the numbers; what has nothing to show is none."""

from hypothesis import given
from hypothesis import strategies as st

from bot.console.managers.charts import HEIGHT, WIDE_HEIGHT, WIDE_WIDTH, WIDTH, columns, line, lines

VALUES = st.floats(0, 1e12)


@given(st.lists(st.none() | VALUES, max_size=20))
def test_a_line_lies_within_its_frame(values: list[float | None]) -> None:
    found = line(values)
    assert (found is None) == (sum(value is not None for value in values) < 2)
    if found is not None:
        for place in found.path[1:].split(" L"):
            across, down = map(float, place.split())
            assert 0 <= across <= WIDTH
            assert 0 <= down <= HEIGHT


@given(st.lists(st.none() | VALUES, max_size=31))
def test_columns_stand_on_their_axis(values: list[float | None]) -> None:
    for column in columns([(str(number), "", value) for number, value in enumerate(values)]):
        assert column.left >= 0
        assert column.left + column.width <= WIDE_WIDTH
        assert column.top >= 0
        assert abs(column.top + column.height - (WIDE_HEIGHT - 18)) < 0.2


def test_the_highest_of_several_lines_ends_at_the_top() -> None:
    found = lines({"2026-01": {0: 0.1, 1: 0.4}, "2026-02": {0: 0.2}})
    assert [each.name for each in found] == ["2026-01", "2026-02"]
    assert found[0].end[1] < found[1].end[1]
    assert lines({"2026-01": {0: 0.1}}) == []
