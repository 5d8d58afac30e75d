"""Histories of what binds people or money: each is chained from its first step to the state that is kept."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from models.ledger.derived import Fault
from models.loan import loan_table
from models.transition import transition_table
from models.transitions import history_hash, subject_tables

BATCH = 5_000


def history_faults(connection: Connection) -> Iterator[Fault]:
    """The first wrong history of each kind of subject, and the first subject without one."""
    for subject, table in subject_tables().items():
        steps = (
            select(transition_table, table.c.id.label("kept"), table.c.status, loan_table.c.external_id)
            .outerjoin(table, table.c.id == transition_table.c.subject_id)
            .outerjoin(loan_table, loan_table.c.id == table.c.loan_id)
            .where(transition_table.c.subject == subject)
            .order_by(transition_table.c.subject_id, transition_table.c.seq)
            .execution_options(yield_per=BATCH)
        )
        for _, group in groupby(connection.execute(steps), key=lambda row: row.subject_id):
            history = list(group)
            if wrong := _history_fault(history):
                owner = history[0].external_id or "-"
                yield Fault(owner, None, f"{subject} {history[0].subject_id}: {wrong}")
                break
        yield from _without(connection, subject)
    known = transition_table.c.subject.in_(list(subject_tables()))
    if (other := connection.execute(select(transition_table).where(~known).limit(1)).first()) is not None:
        yield Fault("-", None, f"{other.subject} {other.subject_id}: there is a history of no such thing")


def _history_fault(steps: list[Row[Any]]) -> str | None:
    previous, status = "", None
    for position, row in enumerate(steps, start=1):
        if row.seq != position or row.from_status != status:
            return f"step {position} of its history is missing"
        previous = history_hash(
            previous, row.subject, row.subject_id, row.seq, row.to_status, row.at, row.actor, row.data
        )
        if row.hash not in ("", previous):
            return f"step {position} of its history was changed"
        status = row.to_status
    if steps[-1].kept is None:
        return "it is gone, its history stands"
    if steps[-1].status != status:
        return f"it is kept as {steps[-1].status}, its history ends with {status}"
    return None


def _without(connection: Connection, subject: str) -> Iterator[Fault]:
    table = subject_tables()[subject]
    history = select(transition_table.c.id).where(
        transition_table.c.subject == subject, transition_table.c.subject_id == table.c.id
    )
    missing = (
        select(table.c.id, loan_table.c.external_id)
        .outerjoin(loan_table, loan_table.c.id == table.c.loan_id)
        .where(~history.exists())
        .limit(1)
    )
    if (row := connection.execute(missing).first()) is not None:
        yield Fault(row.external_id or "-", None, f"{subject} {row.id}: its history is missing")
