"""A case that somebody answers: its folio, and the day by which the answer comes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.context import Context
from flows.types.wording import Line, key, line
from values import add_banking_days

FOLIO = key("case.folio")

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    folio: str
    due: date

    @property
    def data(self) -> dict[str, str]:
        return {"folio": self.folio, "due": self.due.isoformat()}

    @property
    def words(self) -> Line:
        return line(FOLIO, folio=self.folio, due_date=self.due)


def case(context: Context, letter: str, banking_days: int) -> Case:
    """`letter` says of what kind it is: Q a complaint, A a dispute, P personal data."""
    moment = (context.facts.now - _SINCE) // timedelta(milliseconds=1)
    return Case(f"{letter}-{moment:X}", add_banking_days(context.facts.today, banking_days))
