"""The only way into the ledger. Balances, instalments and the loan's sums move in the same transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from models.balance import balance_table
from models.instalment import COMPONENTS, instalment_table
from models.ledger.entry import Leg, NewEntry, chained
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from models.upsert import add, insert_plain
from values import roll_forward

_LOCKED = (
    select(loan_table.c.id, loan_table.c.external_id, loan_table.c.ledger_seq, loan_table.c.ledger_hash)
    .order_by(loan_table.c.id)
    .with_for_update()
)
_HEAD, _HEADS = (
    _LOCKED.where(loan_table.c.id == bindparam("loan")),
    _LOCKED.where(loan_table.c.id.in_(bindparam("loans", expanding=True))),
)
_MOVE_HEAD = (
    update(loan_table)
    .where(loan_table.c.id == bindparam("loan"))
    .values(ledger_seq=bindparam("seq"), ledger_hash=bindparam("hash"))
)
_ONE = insert(ledger_entry_table)
_INSERT = _ONE.returning(ledger_entry_table.c.id, sort_by_parameter_order=True)
_ADD = "ON CONFLICT (loan_id, account) DO UPDATE SET amount = balance.amount + excluded.amount"
_KNOWN = select(ledger_entry_table.c.key, ledger_entry_table.c.id).where(
    ledger_entry_table.c.key.in_(bindparam("keys", expanding=True))
)


def append(connection: Connection, loan_id: int, at: datetime, *entries: NewEntry) -> list[int]:
    """Appends to one loan; the entries' ids. One whose key was written before is skipped, and the first one's
    id answered.
    """
    return append_many(connection, {loan_id: entries}, at)[loan_id]


def append_many(
    connection: Connection,
    entries: Mapping[int, Sequence[NewEntry]],
    at: datetime,
    *,
    opening: bool = False,
) -> dict[int, list[int]]:
    """Appends to several loans in a handful of statements; ids by loan, in order. Loans are locked in the
    order of their ids. `opening`: their instalments and sums are written by the caller.
    """
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    one = len(entries) == 1  # most often; a list is expanded at every execution
    heads = (
        connection.execute(_HEAD, {"loan": next(iter(entries))}).all()
        if one
        else connection.execute(_HEADS, {"loans": list(entries)}).all()
    )
    keys = [entry.key for new in entries.values() for entry in new if entry.key]
    known = dict(connection.execute(_KNOWN, {"keys": keys}).all()) if keys else {}
    rows: list[dict[str, Any]] = []
    legs: list[Sequence[Leg]] = []
    moved: list[dict[str, Any]] = []
    for loan_id, external_id, seq, head in heads:
        for entry in entries[loan_id]:
            if entry.key and entry.key in known:
                continue
            seq += 1  # noqa: PLW2901 - the head moves as entries are chained to it
            previous, head = head, chained(head, external_id, seq, entry, at)  # noqa: PLW2901
            rows.append(
                {
                    "loan_id": loan_id,
                    "seq": seq,
                    "kind": entry.kind,
                    "at": at,
                    "actor": entry.actor,
                    "data": dict(entry.data),
                    "key": entry.key,
                    "reverses_id": entry.reverses,
                    "previous_hash": previous,
                    "hash": head,
                    "trace": entry.trace,
                }
            )
            legs.append(entry.legs)
        moved.append({"loan": loan_id, "seq": seq, "hash": head})
    if rows:
        ids = list(connection.scalars(_INSERT, rows)) if len(rows) > 1 else [add(connection, _ONE, rows[0])]
        connection.execute(_MOVE_HEAD, moved)
        _post(connection, ids, rows, legs, opening=opening)
        known |= {row["key"]: entry_id for row, entry_id in zip(rows, ids, strict=True) if row["key"]}
        fresh = _by_loan(rows, ids)
    else:
        fresh = {}
    return {
        loan_id: [known[e.key] if e.key else fresh[loan_id].pop(0) for e in new]
        for loan_id, new in entries.items()
    }


def _by_loan(rows: Sequence[Mapping[str, Any]], ids: Sequence[int]) -> dict[int, list[int]]:
    """The ids of the entries without a key, in order."""
    fresh: dict[int, list[int]] = defaultdict(list)
    for row, entry_id in zip(rows, ids, strict=True):
        if not row["key"]:
            fresh[row["loan_id"]].append(entry_id)
    return fresh


def _post(
    connection: Connection,
    ids: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    legs: Sequence[Sequence[Leg]],
    *,
    opening: bool,
) -> None:
    postings: list[tuple[int, str, int]] = []
    moves: dict[tuple[int, str], int] = defaultdict(int)
    for entry_id, row, entry_legs in zip(ids, rows, legs, strict=True):
        loan = row["loan_id"]
        for leg in entry_legs:
            postings.append((entry_id, leg.account, leg.centavos))
            moves[loan, leg.account] += leg.centavos
    if not postings:
        return
    insert_plain(connection, posting_table, ("entry_id", "account", "amount"), postings)
    balances = sorted((loan, account, amount) for (loan, account), amount in moves.items())
    insert_plain(connection, balance_table, ("loan_id", "account", "amount"), balances, _ADD)
    if not opening:
        _move_instalments(connection, moves)
        summarise(connection, sorted({loan for loan, _ in moves}))


def _move_instalments(connection: Connection, moves: Mapping[tuple[int, str], int]) -> None:
    """The receivable accounts of an instalment are its `unpaid_*` columns."""
    deltas: dict[tuple[int, int], dict[str, int]] = {}
    for (loan_id, account), amount in moves.items():
        if account.startswith("receivable:"):
            _, number, component = account.split(":")
            deltas.setdefault((loan_id, int(number)), dict.fromkeys(COMPONENTS, 0))[component] += amount
    if not deltas:
        return
    columns = {
        f"unpaid_{part}": instalment_table.c[f"unpaid_{part}"] + bindparam(f"d_{part}") for part in COMPONENTS
    }
    statement = (
        update(instalment_table)
        .where(
            instalment_table.c.loan_id == bindparam("loan"),
            instalment_table.c.number == bindparam("instalment"),
        )
        .values(**columns)
    )
    connection.execute(
        statement,
        [
            {"loan": loan, "instalment": number, **{f"d_{part}": amounts[part] for part in COMPONENTS}}
            for (loan, number), amounts in sorted(deltas.items())
        ],
    )


_UNPAID = (
    instalment_table.c.unpaid_principal
    + instalment_table.c.unpaid_interest
    + instalment_table.c.unpaid_late_fees
    + instalment_table.c.unpaid_tax
)
_OPEN = (
    select(instalment_table.c.loan_id, instalment_table.c.due_date, _UNPAID.label("unpaid"))
    .where(instalment_table.c.loan_id.in_(bindparam("loans", expanding=True)), _UNPAID > 0)
    .order_by(instalment_table.c.loan_id, instalment_table.c.due_date, instalment_table.c.number)
)
_SUMS = (
    update(loan_table)
    .where(loan_table.c.id == bindparam("loan"))
    .values(
        outstanding_centavos=bindparam("outstanding"),
        overdue_since=bindparam("since"),
        next_due_centavos=bindparam("due"),
    )
)


def summarise(connection: Connection, loans: Sequence[int]) -> None:
    """Writes the loan's own sums, which planning asks for, from its instalments."""
    open_ones: dict[int, list[tuple[date, int]]] = {loan: [] for loan in loans}
    for loan_id, due, unpaid in connection.execute(_OPEN, {"loans": list(loans)}):
        open_ones[loan_id].append((due, unpaid))
    write_sums(connection, open_ones)


def write_sums(connection: Connection, open_ones: Mapping[int, Sequence[tuple[date, int]]]) -> None:
    """By loan: the day and the centavos of each instalment that is owed, in the order in which they fall
    due. Two who load one loan at once may leave nothing to write for one of them.
    """
    if not open_ones:
        return
    connection.execute(
        _SUMS,
        [
            {
                "loan": loan,
                "outstanding": sum(unpaid for _, unpaid in found),
                "since": roll_forward(found[0][0]) if found else None,
                "due": found[0][1] if found else 0,
            }
            for loan, found in open_ones.items()
        ],
    )
