"""Why a borrower may not be erased yet: what still needs to know them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, text

from bot.privacy.records import loans_of
from models import (
    charge_table,
    hold_table,
    ledger_entry_table,
    loan_table,
    mandate_table,
    payment_report_table,
)
from models.charge import OPEN_CHARGE
from models.hold import stands
from models.mandate import LIVE_STATES

REVERSIBLE = timedelta(days=125)
"""A bank may take a collected debit back for so long: until then its account is needed."""
HELD = ("legal", "dispute", "complaint")
PRIVACY_KINDS = ("privacy.requested", "privacy.answered")


class NotErasable(Exception):
    """`reasons` in words, each with the loan that it is about."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("not erased: " + "; ".join(reasons))
        self.reasons = reasons


def is_closed(last_movement_before: datetime) -> ColumnElement[bool]:
    """Of a loan: it is settled; or written off, which leaves it owed, and nothing happened since then."""
    return or_(
        loan_table.c.status == "settled",
        and_(loan_table.c.status == "written_off", ~moved_since(last_movement_before)),
    )


def moved_since(at: datetime) -> ColumnElement[bool]:
    """Of a loan: something but the answers to its borrower's requests was written to its ledger."""
    entry = ledger_entry_table.c
    return (
        select(entry.id)
        .where(entry.loan_id == loan_table.c.id, entry.at >= at, entry.kind.not_in(PRIVACY_KINDS))
        .exists()
    )


def reasons_against(
    connection: Connection, borrower_id: int, now: datetime, contract_ends: datetime
) -> Iterator[str]:
    """`contract_ends`: whatever moved last before it is needed no more."""
    own = loan_table.c.borrower_id == borrower_id
    for loan, status in connection.execute(
        select(loan_table.c.external_id, loan_table.c.status).where(own, ~is_closed(contract_ends))
    ):
        yield f"loan {loan} is {status}: its contract is still being carried out"
    for table, which, why in (
        (hold_table, and_(stands(now), hold_table.c.kind.in_(HELD)), "is held: lift its hold first"),
        (mandate_table, mandate_table.c.status.in_(LIVE_STATES), "has a mandate: cancel it first"),
        (charge_table, text(OPEN_CHARGE), "has a charge under way: wait for its result"),
        (
            charge_table,
            charge_table.c.collected_at > now - REVERSIBLE,
            f"was charged less than {REVERSIBLE.days} days ago: its bank may still take that back",
        ),
        (
            payment_report_table,
            payment_report_table.c.status == "review",
            "has a payment in review: decide it",
        ),
    ):
        found = select(table.c.loan_id).where(table.c.loan_id.in_(loans_of(borrower_id)), which)
        for loan in connection.scalars(
            select(loan_table.c.external_id).where(own, loan_table.c.id.in_(found)).order_by(loan_table.c.id)
        ):
            yield f"loan {loan} {why}"
