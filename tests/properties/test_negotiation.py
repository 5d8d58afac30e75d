"""The small form of `make drill-offers`."""

from tests.negotiation import Drill, negotiate


def test_robots_negotiate_inside_policy() -> None:
    drill = negotiate(Drill(), policies=40, talks=20, seed=7)
    assert drill.faults == []
    assert drill.talks == 800
    assert drill.agreed > 50
