"""Whatever dialect a file is in, whole or cut anywhere: what `suggest` alone makes of it gives the same sums,
or it is refused or asked about. It never gives another sum.
"""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.portfolio import InvalidMapping, NotATable, TapeRow, parse_row
from bot.portfolio.loading import tape_rows
from tests.dialects import DIALECTS, Sums, make_tape


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DIALECTS, st.integers(0, 2**32))
def test_a_dialect_gives_the_same_sums_or_is_refused(tmp_path: Path, how: dict[str, Any], seed: int) -> None:
    try:
        path, mapping, owed, asked = make_tape(tmp_path, how, seed)
        rows = list(tape_rows(path, mapping, None))
    except (NotATable, InvalidMapping):
        assert how["cut"] is not None or how["unquoted"] or how["off"]
        return
    read = [parse_row(row.line, row.cells) for row in rows if not row.errors]
    if len(read) < len(rows) or not all(isinstance(row, TapeRow) for row in read):
        assert asked or how["cut"] is not None or how["unquoted"]
        return
    sums = Sums()
    for row in read:
        assert isinstance(row, TapeRow)
        sums[row.loan_id, row.number] = sum(row.unpaid.values())
    if how["cut"] is None:
        assert {key: owing for key, owing in sums.items() if owing} == {k: o for k, o in owed.items() if o}
    else:  # rows that were cut off whole are found by the next check of the loans known
        assert {key: owing for key, owing in sums.items() if owing}.items() <= owed.items()
        assert not any(owed.get(key) for key, owing in sums.items() if not owing and key[1] != 2)
