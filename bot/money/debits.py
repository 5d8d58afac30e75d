"""A debit's money in the books: collected, and taken back. The charge and its loan are locked before."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.money.matching import DebitWindow, Reported
from bot.money.promises import promise_news
from bot.money.receive import receive
from bot.money.review import dismiss
from bot.reach import notify_borrowers
from models import inflow_table, loan_table, payment_report_table
from models.base import AnyRow
from models.ledger import AlreadyReversed, reverse_payment


def collect(
    connection: Connection,
    charge: AnyRow,
    *,
    collected_at: datetime,
    credited_from: date,
    credited_until: date,
    now: datetime,
) -> int | None:
    """Posts what the provider collected, into its transit account, or finds it reported before. The entry
    that holds the money; null while a person decides whether it is money that is known.

    `credited_from` and `credited_until`: the days between which the lender's bank may date it.
    """
    loan = connection.execute(select(loan_table).where(loan_table.c.id == charge.loan_id)).one()
    reported = Reported(
        "debit",
        "debit",
        charge.key,
        charge.amount,
        collected_at,
        f"provider:{charge.provider}",
        debit=DebitWindow(charge.key, credited_from, credited_until),
    )
    return receive(connection, loan, reported, now, account=f"transit:{charge.provider}").entry


def take_back(
    connection: Connection, charge: AnyRow, data: Mapping[str, Any], now: datetime, actor: str
) -> bool:
    """Takes a debit's money back from where it is. Whether that was written: false where the lender reported
    the reversal before, or nothing had been posted. `data` are the facts of the charge.
    """
    if charge.entry_id is None:
        report = connection.scalar(
            select(payment_report_table.c.id).where(
                payment_report_table.c.charge_id == charge.id, payment_report_table.c.status == "review"
            )
        )
        if report is not None:
            dismiss(connection, report, now, actor)
        return False
    try:
        reversed_ = reverse_payment(
            connection, charge.loan_id, charge.entry_id, now, actor, kind="charge.reversed", **data
        )
    except AlreadyReversed:
        return False
    connection.execute(
        update(inflow_table).where(inflow_table.c.entry_id == charge.entry_id).values(reversed_at=now)
    )
    notify_borrowers(connection, promise_news(reversed_.promises), now)
    return True
