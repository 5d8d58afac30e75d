"""What a person decides of a report that may be money known already."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.money.holds import lift_hold
from bot.money.receive import Outcome, as_reported, link_charge, post_report
from models import charge_table, inflow_table, payment_report_table, task_table
from models.base import AnyRow


class NotInReview(Exception):
    def __init__(self, report: int) -> None:
        super().__init__(f"payment {report} is not in review: it was decided before")


class NotACandidate(Exception):
    def __init__(self, inflow: int) -> None:
        super().__init__(f"payment {inflow} is not one that this report may be")


def decide(connection: Connection, report: int, same_as: int | None, at: datetime, actor: str) -> Outcome:
    """`same_as`: the inflow that the report speaks of; null where it is other money, which is posted now.

    The loan is locked before. Raises NotInReview, NotACandidate.
    """
    row = _in_review(connection, report)
    if same_as is not None and same_as not in row.candidates:
        raise NotACandidate(same_as)
    if same_as is None:
        outcome = post_report(connection, report, as_reported(row), at, account=_account(connection, row))
    else:
        outcome = _attach(connection, report, same_as)
    if row.charge_id is not None:
        connection.execute(
            update(charge_table).where(charge_table.c.id == row.charge_id).values(entry_id=outcome.entry)
        )
    _close(connection, row, at, actor)
    return outcome


def dismiss(connection: Connection, report: int, at: datetime, actor: str) -> None:
    """There is no such money any more: its debit was taken back before anyone decided. Raises NotInReview."""
    row = _in_review(connection, report)
    connection.execute(
        update(payment_report_table).where(payment_report_table.c.id == report).values(status="dismissed")
    )
    _close(connection, row, at, actor)


def _in_review(connection: Connection, report: int) -> AnyRow:
    query = select(payment_report_table).where(payment_report_table.c.id == report).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.status != "review":
        raise NotInReview(report)
    return row


def _account(connection: Connection, row: AnyRow) -> str:
    """Where the money is now: with the provider until it has settled the debit."""
    if row.charge_id is None:
        return "bank"
    charge = connection.execute(select(charge_table).where(charge_table.c.id == row.charge_id)).one()
    return f"transit:{charge.provider}" if charge.settled_at is None else "bank"


def _attach(connection: Connection, report: int, inflow: int) -> Outcome:
    connection.execute(
        update(payment_report_table)
        .where(payment_report_table.c.id == report)
        .values(status="duplicate", inflow_id=inflow)
    )
    link_charge(connection, report, inflow)
    entry = connection.scalar(select(inflow_table.c.entry_id).where(inflow_table.c.id == inflow))
    return Outcome(report, "duplicate", inflow, entry)


def _close(connection: Connection, row: AnyRow, at: datetime, actor: str) -> None:
    """The case is done; the borrower may be reminded again where it was the last."""
    connection.execute(
        update(payment_report_table)
        .where(payment_report_table.c.id == row.id)
        .values(decided_at=at, decided_by=actor)
    )
    connection.execute(
        update(task_table)
        .where(task_table.c.key == f"same_money:{row.id}", task_table.c.done_at.is_(None))
        .values(done_at=at, done_by=actor)
    )
    open_ones = select(payment_report_table.c.id).where(
        payment_report_table.c.loan_id == row.loan_id, payment_report_table.c.status == "review"
    )
    if connection.execute(open_ones).first() is None:
        lift_hold(connection, row.loan_id, "payment_reported", at, actor)
