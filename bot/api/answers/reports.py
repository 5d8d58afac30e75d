"""Metrics, and what is answered when something is wrong."""

from typing import Literal

from bot.api.answers.base import Answer


class MetricRowOut(Answer):
    """What the row is about stands next to the sums; `value` is null where there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None


class MetricOut(Answer):
    name: str
    title: str
    definition: str
    unit: Literal["ratio", "days", "per_10000"]
    rows: list[MetricRowOut]


class FaultOut(Answer):
    field: str
    reason: str


class ProblemOut(Answer):
    """RFC 9457. `rule` names the contact rule that forbids an outreach."""

    type: str
    title: str
    status: int
    errors: list[FaultOut] | None = None
    rule: str | None = None
