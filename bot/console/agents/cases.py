"""The queries of cases: what is open, by its deadline, whose it is, and what stands behind it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, func, select

from models import borrower_table, charge_table, inflow_table, loan_table, task_table
from models.base import AnyRow, words

QUEUES = ("open", "mine", "payments", "deadline", "done")
PAYMENT_KINDS = ("payment_reported", "same_money")
PAGE = 50
ROWS = select(
    task_table, loan_table.c.external_id.label("loan"), borrower_table.c.name.label("person")
).select_from(
    task_table.outerjoin(loan_table, loan_table.c.id == task_table.c.loan_id).outerjoin(
        borrower_table, borrower_table.c.id == loan_table.c.borrower_id
    )
)


def where(queue: str, agent_id: int) -> tuple[ColumnElement[bool], ...]:
    row = task_table.c
    still = row.done_at.is_(None)
    return {
        "open": (still,),
        "mine": (still, row.agent_id == agent_id),
        "payments": (still, row.kind.in_(words(*PAYMENT_KINDS))),
        "deadline": (still, row.due_at.is_not(None)),
        "done": (row.done_at.is_not(None), row.kind != "note"),
    }[queue]


def page(queue: str, agent_id: int, after: int = 0) -> Select[tuple[object, ...]]:
    """Oldest first, the done ones newest first; one row more than a page where there is another."""
    row, found = task_table.c, ROWS.where(*where(queue, agent_id))
    if queue == "done":
        return found.where(*([row.id < after] if after else [])).order_by(row.id.desc()).limit(PAGE + 1)
    return found.where(row.id > after).order_by(row.id).limit(PAGE + 1)


def by_deadline(agent_id: int, offset: int = 0) -> Select[tuple[object, ...]]:
    """The soonest first."""
    found = ROWS.where(*where("deadline", agent_id)).order_by(task_table.c.due_at, task_table.c.id)
    return found.offset(offset).limit(PAGE + 1)


def counts(connection: Connection, agent_id: int) -> dict[str, int]:
    """Of the queues that are open, by the index of what is open."""
    asked = [func.count().filter(*where(queue, agent_id)).label(queue) for queue in QUEUES if queue != "done"]
    row = connection.execute(select(*asked).where(task_table.c.done_at.is_(None))).one()
    return {queue: getattr(row, queue) for queue in QUEUES if queue != "done"}


def charges(connection: Connection, cases: Sequence[AnyRow]) -> Mapping[int, AnyRow]:
    """The direct debits that cases are about, by id."""
    ids = {case.data.get("charge") for case in cases}
    known = [each for each in ids if isinstance(each, int)]
    if not known:
        return {}
    query = select(
        charge_table.c.id,
        charge_table.c.status,
        charge_table.c.amount,
        charge_table.c.charge_on,
        charge_table.c.return_code,
        charge_table.c.entry_id,
    ).where(charge_table.c.id.in_(known))
    return {row.id: row for row in connection.execute(query)}


def taken_back(connection: Connection, cases: Sequence[AnyRow]) -> frozenset[int]:
    """Of the payments that a report may be of, those that were reversed."""
    sides = [side["payment"] for case in cases for side in case.data.get("may_be", ())]
    if not sides:
        return frozenset()
    query = select(inflow_table.c.id).where(
        inflow_table.c.id.in_(sides), inflow_table.c.reversed_at.is_not(None)
    )
    return frozenset(connection.scalars(query))
