"""Sixty conversations with the robot borrower; `make drill-talk` holds 20,000."""

import pytest

from tests.robot.town import run


@pytest.mark.no_cover
def test_nothing_happens_that_never_must() -> None:
    judge = run(seed=11, conversations=60)
    assert judge.counts["in"] > 150
    assert not judge.faults, "\n\n".join(judge.faults[:5])
