"""What tapes counted as paid beyond what was reported: money too, of a day that lies between two of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.base import AnyRow
from models.ledger_entry import ledger_entry_table
from values import city_day


@dataclass(frozen=True, slots=True)
class CountedByTape:
    """What was paid after one tape's day, until the next one's."""

    since: date
    as_of: date
    paid: int
    """Negative where it counts less than the one before."""
    at: datetime
    """When it was loaded."""

    def may_count(self, promise: AnyRow, next_made_at: datetime | None) -> bool:
        """Whether it may have been paid in time. Money that may be of two promises is the later one's."""
        first, last = city_day(promise.made_at), promise.expires_on
        if self.as_of <= last:
            return self.as_of >= first
        return self.since < last and (next_made_at is None or self.as_of < city_day(next_made_at))


def read_by_tape(connection: Connection, loans: Collection[int]) -> dict[int, list[CountedByTape]]:
    """By loan: what tapes counted as paid beyond what was reported."""
    query = (
        select(ledger_entry_table.c.loan_id, ledger_entry_table.c.data, ledger_entry_table.c.at)
        .where(ledger_entry_table.c.loan_id.in_(sorted(loans)), ledger_entry_table.c.kind == "loan.adjusted")
        .order_by(ledger_entry_table.c.loan_id, ledger_entry_table.c.seq)
    )
    found: dict[int, list[CountedByTape]] = defaultdict(list)
    since: dict[tuple[int, str], date] = {}
    for loan, data, at in connection.execute(query):
        if "paid" not in data:
            continue
        as_of = date.fromisoformat(data["as_of"])
        if "since" in data:
            since.setdefault((loan, data["as_of"]), date.fromisoformat(data["since"]))
        known = since.get((loan, data["as_of"]), as_of - timedelta(days=1))
        found[loan].append(CountedByTape(known, as_of, data["paid"], at))
    return found
