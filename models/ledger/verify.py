"""Walks chains and balances, and names the first entry of each loan that is wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, select

from models.balance import balance_table
from models.base import AnyRow
from models.instalment import COMPONENTS, instalment_table
from models.ledger.entry import chain_hash
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    loan: str
    seq: int | None
    """The first wrong entry; null when the chain holds and a balance does not."""
    what: str


def verify(
    connection: Connection, loan: str | None = None, progress: Callable[[int], None] = lambda _: None
) -> Iterator[Fault]:
    """Checks one loan (by external id) or all, in batches; yields at most one fault for each loan. `progress`
    is told how many more are done.
    """
    last = 0
    while True:
        query = (
            select(
                loan_table.c.id, loan_table.c.external_id, loan_table.c.ledger_seq, loan_table.c.ledger_hash
            )
            .where(loan_table.c.id > last)
            .order_by(loan_table.c.id)
            .limit(BATCH)
        )
        if loan is not None:
            query = query.where(loan_table.c.external_id == loan)
        loans = connection.execute(query).all()
        if not loans:
            return
        yield from _batch(connection, {row.id: row for row in loans})
        progress(len(loans))
        last = loans[-1].id


def _batch(connection: Connection, loans: dict[int, AnyRow]) -> Iterator[Fault]:
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
    kept = _kept(connection, first, last)
    for loan_id, head in loans.items():
        chain = by_loan.get(loan_id, [])
        if fault := _chain_fault(head, chain, legs) or _balance_fault(
            head, chain, legs, kept[0][loan_id], kept[1][loan_id]
        ):
            yield fault


def _kept(
    connection: Connection, first: int, last: int
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """Balances as kept, and the instalments' own columns as accounts."""
    balances: dict[int, dict[str, int]] = defaultdict(dict)
    for loan_id, account, amount in connection.execute(
        select(balance_table.c.loan_id, balance_table.c.account, balance_table.c.amount).where(
            balance_table.c.loan_id.between(first, last)
        )
    ):
        balances[loan_id][account] = amount
    columns: dict[int, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(
        select(instalment_table).where(instalment_table.c.loan_id.between(first, last))
    ):
        columns[row.loan_id] |= {
            f"receivable:{row.number}:{part}": getattr(row, f"unpaid_{part}") for part in COMPONENTS
        }
    return balances, columns


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
            previous, head.external_id, row.seq, row.kind, row.at, row.actor, row.data, legs[row.id]
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
