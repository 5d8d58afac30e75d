"""Reports of one sum by two roads, found in the ledger."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models.charge import charge_table
from models.ledger.books import MONEY_IN
from models.ledger.payments import SAME_MONEY_DAYS, Payment
from models.ledger.standing import not_reversed
from models.ledger_entry import ledger_entry_table


def find_same_money(connection: Connection, loan_id: int, payment: Payment) -> int | None:
    """The entry that already holds this money, reported by another road: the same reference, or a debit of
    the same sum within three days that no other report has explained. The loan is locked before: two reports
    of one sum must not both be the first.
    """
    explained = _explained(connection, loan_id)
    query = select(ledger_entry_table.c.id, ledger_entry_table.c.data).where(
        ledger_entry_table.c.loan_id == loan_id, ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed()
    )
    for entry_id, data in connection.execute(query):
        if data["amount"] != payment.amount.centavos:
            continue
        paid_at = datetime.fromisoformat(data["paid_at"])
        apart = abs(paid_at - payment.paid_at)
        other_road = "debit" in (data["rail"], payment.rail) and data["rail"] != payment.rail
        older = (payment.since and paid_at < payment.since) or (
            "since" in data and payment.paid_at < datetime.fromisoformat(data["since"])
        )
        other_road &= explained.get(data["reference"]) in (None, payment.key(loan_id))
        if data["reference"] == payment.reference or (
            other_road and not older and apart <= timedelta(days=SAME_MONEY_DAYS)
        ):
            return int(entry_id)
    return None


def explain(connection: Connection, loan_id: int, entry_id: int, payment: Payment) -> None:
    """Notes which report told of a charge's money again: the next one of the same sum is other money."""
    reference = connection.execute(
        select(ledger_entry_table.c.data).where(ledger_entry_table.c.id == entry_id)
    ).scalar_one()["reference"]
    if payment.reference != reference:
        connection.execute(
            update(charge_table)
            .where(charge_table.c.loan_id == loan_id, charge_table.c.key == reference)
            .values(reported_by=payment.key(loan_id))
        )


def _explained(connection: Connection, loan_id: int) -> dict[str, str]:
    """By the key of a charge: the report that told of its money again."""
    charges = select(charge_table.c.key, charge_table.c.reported_by).where(
        charge_table.c.loan_id == loan_id, charge_table.c.reported_by.is_not(None)
    )
    return dict(connection.execute(charges).all())


def posted_under(connection: Connection, keys: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """By key: the data of the payments that were posted under these."""
    return dict(
        connection.execute(
            select(ledger_entry_table.c.key, ledger_entry_table.c.data).where(
                ledger_entry_table.c.key.in_(keys)
            )
        ).all()
    )
