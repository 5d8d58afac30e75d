"""Forty conversations with the robot borrower; `make drill-talk` holds 20,000."""

from tests.robot.judge import Judge
from tests.robot.town import Town


def test_nothing_happens_that_never_must() -> None:
    judge = Judge()
    Town(11, judge).run(40)
    assert judge.counts["in"] > 100
    assert not judge.faults, "\n\n".join(judge.faults[:5])
