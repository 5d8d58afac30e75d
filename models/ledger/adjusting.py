"""A tape is the lender's truth at its day: what the ledger's own payments do not explain becomes `loan.adjusted`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from models.instalment import COMPONENTS, Instalment
from models.ledger.append import append, summarise
from models.ledger.entry import Leg, NewEntry

_I = Instalment.__table__


@dataclass(frozen=True, slots=True)
class AdjustedInstalment:
    """What the tape says of an instalment; amounts in centavos, `unpaid` by component."""

    number: int
    due_date: date
    amount: int
    unpaid: dict[str, int]


def adjust_loan(
    connection: Connection, loan_id: int, instalments: Sequence[AdjustedInstalment], as_of: date, at: datetime, actor: str, *, whole: bool = True
) -> int:
    """Brings the receivables to what the tape says; the sum of what moved, in centavos, both ways counted. 0 writes nothing.

    Where the tape is `whole`, an instalment that it does not name owes nothing any more.
    """
    held = {row.number: row for row in connection.execute(select(_I).where(_I.c.loan_id == loan_id))}
    legs: list[Leg] = []
    for wanted in instalments:
        row = held.get(wanted.number)
        if row is None:
            fresh = {"loan_id": loan_id, "number": wanted.number, "due_date": wanted.due_date, "amount_centavos": wanted.amount}
            connection.execute(insert(_I), fresh | {f"unpaid_{part}": 0 for part in COMPONENTS})
        elif (row.due_date, row.amount_centavos) != (wanted.due_date, wanted.amount):
            values = {"due_date": wanted.due_date, "amount_centavos": wanted.amount}
            connection.execute(update(_I).where(_I.c.id == row.id).values(**values))
        for part in COMPONENTS:
            now = getattr(row, f"unpaid_{part}") if row is not None else 0
            if difference := wanted.unpaid.get(part, 0) - now:
                legs.append(Leg(f"receivable:{wanted.number}:{part}", difference))
    if whole:
        named = {wanted.number for wanted in instalments}
        gone = [row for number, row in held.items() if number not in named]
        legs += [Leg(f"receivable:{row.number}:{part}", -unpaid) for row in gone for part in COMPONENTS if (unpaid := getattr(row, f"unpaid_{part}"))]
    if not legs:
        summarise(connection, [loan_id])
        return 0
    total = sum(leg.centavos for leg in legs)
    data = {"as_of": as_of.isoformat(), "amount": total}
    balanced = [*legs, Leg("adjustments", -total)] if total else legs
    append(connection, loan_id, at, NewEntry("loan.adjusted", data, actor, balanced))
    return sum(abs(leg.centavos) for leg in legs)
