"""The ledger's charges against the provider's book: what was collected and not taken back, per charge, to the
centavo.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.debit.port import ChargeReport
from models import charge_table
from models.ledger import standing_money


@dataclass(frozen=True, slots=True)
class Difference:
    """Centavos in the ledger and at the provider, of the charge with this key."""

    key: str
    ledger: int
    provider: int


def reconcile(connection: Connection, book: Iterable[ChargeReport]) -> list[Difference]:
    """None, once every report was applied. A key that the provider holds twice, or that is not ours, is a
    difference too.
    """
    theirs: dict[str, int] = {}
    for report in book:
        theirs[report.key] = theirs.get(report.key, 0) + (
            report.amount.centavos if report.status == "collected" else 0
        )
    standing = standing_money(connection)
    ours = {
        key: standing.get(entry, 0)
        for key, entry in connection.execute(
            select(charge_table.c.key, charge_table.c.entry_id).where(charge_table.c.entry_id.is_not(None))
        )
    }
    return [
        Difference(key, ours.get(key, 0), theirs.get(key, 0))
        for key in sorted({*ours, *theirs})
        if ours.get(key, 0) != theirs.get(key, 0)
    ]
