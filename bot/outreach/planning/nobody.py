"""Why a step reaches nobody: what everybody who was left did not pass."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, case, func, select, true

from bot.compliance import ContactRules
from bot.faults import Fault
from bot.outreach.planning.arms import Arm
from bot.outreach.planning.candidates import PEOPLE, leaving_day, stages
from bot.outreach.planning.starts import start_of
from bot.outreach.planning.strategy import Strategy
from models import loan_table

AFTER_ALL = "by_person"
"""Nothing keeps the last ones from being written to but that a person has their conversation."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """`stage` of `stages`, and how many borrowers came to it; `not_running` where the strategy does not run
    on the day.
    """

    step: str
    variant: str
    stage: str
    left: int

    @property
    def fault(self) -> Fault:
        named = "." in self.stage
        code = f"nobody_{'filter' if named else self.stage}"
        return Fault.worded(code, where=self.stage if named else "", left=self.left)


def why_nobody(
    connection: Connection, arm: Arm, strategy: Strategy, now: datetime, today: date, rules: ContactRules
) -> Nobody:
    """Of an arm without candidates. One statement over all loans, as theirs."""
    start = start_of(arm.step, now, today, leaving_day(now, today, rules))
    asked = stages(arm, strategy, start, now, today, rules)
    people = PEOPLE if start.at is None else PEOPLE.outerjoin(start.at, start.matches)
    passed = case(
        *((condition.is_not(true()), place) for place, condition in enumerate(asked.values())),
        else_=len(asked),
    )
    each = (
        select(func.max(passed).label("passed"))
        .select_from(people)
        .group_by(loan_table.c.borrower_id)
        .subquery("each")
    )
    furthest = select(each.c.passed, func.count()).group_by(each.c.passed).order_by(each.c.passed.desc())
    place, left = connection.execute(furthest.limit(1)).first() or (0, 0)
    return Nobody(arm.step.name, arm.variant, [*asked, AFTER_ALL][place], left)
