"""A tape is the lender's truth at its day: what the ledger's own payments do not explain becomes
`loan.adjusted`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from models.base import AnyRow
from models.instalment import COMPONENTS, instalment_table
from models.ledger.append import append_many, summarise
from models.ledger.entry import Leg, NewEntry


@dataclass(frozen=True, slots=True)
class AdjustedInstalment:
    """What the tape says of an instalment; amounts in centavos, `unpaid` by component."""

    number: int
    due_date: date
    amount: int
    unpaid: dict[str, int]


@dataclass(frozen=True, slots=True)
class AdjustedLoan:
    """Where the tape is `whole`, an instalment that it does not name owes nothing any more."""

    instalments: Sequence[AdjustedInstalment]
    as_of: date
    whole: bool = True


def adjust_loans(
    connection: Connection, wanted: Mapping[int, AdjustedLoan], at: datetime, actor: str
) -> dict[int, int]:
    """Brings the receivables of loans to what the tape says, in a handful of statements.

    Answers, by loan, the sum of what moved, in centavos, both ways counted; one where nothing moved is left
    out, and nothing is written to its ledger.
    """
    held: dict[int, dict[int, AnyRow]] = {loan: {} for loan in wanted}
    for row in connection.execute(
        select(instalment_table).where(instalment_table.c.loan_id.in_(list(wanted)))
    ):
        held[row.loan_id][row.number] = row
    rescheduled = _reschedule(connection, wanted, held)
    legs = {loan: found for loan, said in wanted.items() if (found := _legs(said, held[loan]))}
    append_many(
        connection, {loan: [_adjusted(wanted[loan].as_of, found, actor)] for loan, found in legs.items()}, at
    )
    if only_days := sorted(rescheduled - legs.keys()):
        summarise(connection, only_days)
    return {loan: sum(abs(leg.centavos) for leg in found) for loan, found in legs.items()}


def _reschedule(
    connection: Connection, wanted: Mapping[int, AdjustedLoan], held: Mapping[int, Mapping[int, AnyRow]]
) -> set[int]:
    """Writes new instalments, and days and sums that changed; the loans where there were any."""
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for loan, said in wanted.items():
        for part in said.instalments:
            row = held[loan].get(part.number)
            values = {"due_date": part.due_date, "amount_centavos": part.amount}
            if row is None:
                fresh.append(
                    {
                        "loan_id": loan,
                        "number": part.number,
                        **values,
                        **{f"unpaid_{name}": 0 for name in COMPONENTS},
                    }
                )
            elif (row.due_date, row.amount_centavos) != (part.due_date, part.amount):
                changed.append({"of": row.id, "loan": loan, **values})
    if fresh:
        connection.execute(insert(instalment_table), fresh)
    if changed:
        statement = (
            update(instalment_table)
            .where(instalment_table.c.id == bindparam("of"))
            .values(due_date=bindparam("due_date"), amount_centavos=bindparam("amount_centavos"))
        )
        connection.execute(
            statement,
            [{name: row[name] for name in ("of", "due_date", "amount_centavos")} for row in changed],
        )
    return {int(str(row["loan_id"])) for row in fresh} | {int(str(row["loan"])) for row in changed}


def _legs(said: AdjustedLoan, held: Mapping[int, AnyRow]) -> list[Leg]:
    owed = {part.number: part.unpaid for part in said.instalments}
    if said.whole:
        owed |= {number: {} for number in held.keys() - owed.keys()}
    return [
        Leg(f"receivable:{number}:{part}", difference)
        for number, unpaid in owed.items()
        for part in COMPONENTS
        if (
            difference := unpaid.get(part, 0)
            - (getattr(held[number], f"unpaid_{part}") if number in held else 0)
        )
    ]


def _adjusted(as_of: date, legs: Sequence[Leg], actor: str) -> NewEntry:
    total = sum(leg.centavos for leg in legs)
    return NewEntry(
        "loan.adjusted",
        {"as_of": as_of.isoformat(), "amount": total},
        actor,
        [*legs, Leg("adjustments", -total)] if total else legs,
    )
