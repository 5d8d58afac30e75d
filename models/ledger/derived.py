"""What is kept next to a ledger and follows from it: sums, days, statuses, the schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.base import AnyRow
from models.instalment import COMPONENTS
from values import roll_forward


@dataclass(frozen=True, slots=True)
class Fault:
    loan: str
    seq: int | None
    """The first wrong entry; null when the chain holds and what follows from it does not."""
    what: str


def derived_fault(
    loan: AnyRow,
    chain: Sequence[AnyRow],
    balances: Mapping[str, int],
    instalments: Sequence[AnyRow],
    today: date | None,
) -> Fault | None:
    """`instalments` in the order in which they fall due. The first thing that does not follow."""
    wrong = _schedule(chain, instalments) or _sums(loan, instalments) or _status(loan, balances, today)
    return Fault(loan.external_id, None, wrong) if wrong else None


def _unpaid(row: AnyRow) -> int:
    return sum(getattr(row, f"unpaid_{part}") for part in COMPONENTS)


def _schedule(chain: Sequence[AnyRow], instalments: Sequence[AnyRow]) -> str | None:
    """Each instalment's day and sum are those of the last tape."""
    recorded: dict[int, tuple[str, int]] = {}
    for row in chain:
        for number, due_date, amount in row.data.get("schedule", ()):
            recorded[number] = (due_date, amount)
    for row in instalments:
        kept = (row.due_date.isoformat(), row.amount_centavos)
        if recorded.pop(row.number, None) != kept:
            return f"instalment {row.number} is kept as {kept[1]} due on {kept[0]}; no entry has it so"
    return f"instalment {min(recorded)} is missing" if recorded else None


def _sums(loan: AnyRow, instalments: Sequence[AnyRow]) -> str | None:
    owing = [row for row in instalments if _unpaid(row)]
    oldest = owing[0] if owing else None
    wanted = {
        "outstanding_centavos": sum(map(_unpaid, owing)),
        "overdue_since": roll_forward(oldest.due_date) if oldest else None,
        "next_due_centavos": _unpaid(oldest) if oldest else 0,
    }
    for name, value in wanted.items():
        if getattr(loan, name) != value:
            return f"{name} is kept as {getattr(loan, name)}, the instalments give {value}"
    return None


def _status(loan: AnyRow, balances: Mapping[str, int], today: date | None) -> str | None:
    """A status that follows from the day may be a day behind: a sweep updates it."""
    if balances.get("written_off", 0) > 0:
        wanted = {"written_off"}
    elif loan.outstanding_centavos == 0:
        wanted = {"settled"}
    elif today is None or loan.status == "disputed":
        wanted = {"current", "overdue", "disputed"}
    else:
        days = (today, today - timedelta(days=1))
        wanted = {"overdue" if loan.overdue_since < day else "current" for day in days}
    if loan.status not in wanted:
        return f"its status is kept as {loan.status}, its books give {' or '.join(sorted(wanted))}"
    return None
