"""Walks chains and balances, and names the first entry of each loan that is wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, select

from models.balance import balance_table
from models.base import AnyRow
from models.instalment import COMPONENTS, instalment_table
from models.ledger.derived import Fault, derived_fault
from models.ledger.entry import chain_hash
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table

BATCH = 1000


def verify(
    connection: Connection,
    loan: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
    today: date | None = None,
) -> Iterator[Fault]:
    """Checks one loan (by external id) or all, in batches; yields at most one fault for each loan. `progress`
    receives how many more are done. With `today` also the statuses that follow from the day.
    """
    last = 0
    while True:
        query = select(loan_table).where(loan_table.c.id > last).order_by(loan_table.c.id).limit(BATCH)
        if loan is not None:
            query = query.where(loan_table.c.external_id == loan)
        loans = connection.execute(query).all()
        if not loans:
            return
        yield from _batch(connection, {row.id: row for row in loans}, today)
        progress(len(loans))
        last = loans[-1].id


def _batch(connection: Connection, loans: dict[int, AnyRow], today: date | None) -> Iterator[Fault]:
    first, last = min(loans), max(loans)
    entries = connection.execute(
        select(ledger_entry_table)
        .where(ledger_entry_table.c.loan_id.between(first, last))
        .order_by(ledger_entry_table.c.loan_id, ledger_entry_table.c.seq)
    ).all()
    legs: dict[int, list[tuple[str, int]]] = defaultdict(list)
    joined = select(posting_table.c.entry_id, posting_table.c.account, posting_table.c.amount).join(
        ledger_entry_table, ledger_entry_table.c.id == posting_table.c.entry_id
    )
    for entry_id, account, amount in connection.execute(
        joined.where(ledger_entry_table.c.loan_id.between(first, last)).order_by(posting_table.c.id)
    ):
        legs[entry_id].append((account, amount))
    by_loan = {loan_id: list(found) for loan_id, found in groupby(entries, key=lambda row: row.loan_id)}
    balances, instalments = _kept(connection, first, last)
    for loan_id, head in loans.items():
        chain = by_loan.get(loan_id, [])
        own = instalments[loan_id]
        if fault := (
            _chain_fault(head, chain, legs)
            or _reversal_fault(head, chain, legs)
            or _balance_fault(head, chain, legs, balances[loan_id], _columns(own))
            or derived_fault(head, chain, balances[loan_id], own, today)
        ):
            yield fault


def _kept(
    connection: Connection, first: int, last: int
) -> tuple[dict[int, dict[str, int]], dict[int, list[AnyRow]]]:
    """Balances as kept, and the instalments, by loan."""
    balances: dict[int, dict[str, int]] = defaultdict(dict)
    for loan_id, account, amount in connection.execute(
        select(balance_table.c.loan_id, balance_table.c.account, balance_table.c.amount).where(
            balance_table.c.loan_id.between(first, last)
        )
    ):
        balances[loan_id][account] = amount
    instalments: dict[int, list[AnyRow]] = defaultdict(list)
    query = (
        select(instalment_table)
        .where(instalment_table.c.loan_id.between(first, last))
        .order_by(instalment_table.c.due_date, instalment_table.c.number)
    )
    for row in connection.execute(query):
        instalments[row.loan_id].append(row)
    return balances, instalments


def _columns(instalments: list[AnyRow]) -> dict[str, int]:
    """What the instalments keep, as accounts."""
    return {
        f"receivable:{row.number}:{part}": getattr(row, f"unpaid_{part}")
        for row in instalments
        for part in COMPONENTS
    }


def _reversal_fault(
    head: AnyRow, chain: list[AnyRow], legs: dict[int, list[tuple[str, int]]]
) -> Fault | None:
    """What undoes an entry undoes one of the same loan, that came before, and all of it."""
    seen: dict[int, int] = {}
    for row in chain:
        if row.reverses_id is not None:
            if row.reverses_id not in seen:
                return Fault(head.external_id, row.seq, "it reverses an entry that is not before it")
            if seen[row.reverses_id] != _moved(legs[row.id]):
                return Fault(head.external_id, row.seq, "it does not undo all of the entry that it reverses")
        seen[row.id] = _moved(legs[row.id])
    return None


def _moved(legs: list[tuple[str, int]]) -> int:
    return sum(amount for _, amount in legs if amount > 0)


def _chain_fault(head: AnyRow, chain: list[AnyRow], legs: dict[int, list[tuple[str, int]]]) -> Fault | None:
    previous = ""
    for position, row in enumerate(chain, start=1):
        if row.seq != position:
            return Fault(
                head.external_id, position, f"entry {position} is missing: the next one is {row.seq}"
            )
        if row.previous_hash != previous:
            return Fault(head.external_id, row.seq, "it is not chained to the entry before it")
        if row.hash != chain_hash(
            previous,
            head.external_id,
            row.seq,
            row.kind,
            row.at,
            row.actor,
            row.data,
            legs[row.id],
            row.key,
            row.reverses_id,
        ):
            return Fault(head.external_id, row.seq, "its content does not match its hash")
        if sum(amount for _, amount in legs[row.id]):
            return Fault(head.external_id, row.seq, "its postings do not sum to zero")
        previous = row.hash
    if (head.ledger_seq, head.ledger_hash) != (len(chain), previous):
        return Fault(
            head.external_id,
            len(chain) + 1,
            f"the head says {head.ledger_seq} entries, the chain holds {len(chain)}",
        )
    return None


def _balance_fault(
    head: AnyRow,
    chain: list[AnyRow],
    legs: dict[int, list[tuple[str, int]]],
    balances: dict[str, int],
    columns: dict[str, int],
) -> Fault | None:
    replayed: dict[str, int] = defaultdict(int)
    for row in chain:
        for account, amount in legs[row.id]:
            replayed[account] += amount
    for account in sorted({*replayed, *balances}):
        if replayed.get(account, 0) != balances.get(account, 0):
            return Fault(
                head.external_id,
                None,
                f"the balance of {account} is kept as {balances.get(account, 0)}, its postings give "
                f"{replayed.get(account, 0)}",
            )
    for account, kept in columns.items():
        if kept != replayed.get(account, 0):
            return Fault(
                head.external_id,
                None,
                f"the instalment keeps {account} as {kept}, its postings give {replayed.get(account, 0)}",
            )
    return None
