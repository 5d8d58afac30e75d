"""A provider's webhook says that something happened: kept as a reason to ask, never believed."""

from collections.abc import Collection

from sqlalchemy import String, and_, cast, or_, select, update

from bot.reach import NewTask, open_task
from bot.services import Services
from models import borrower_table, charge_table, loan_table, mandate_table, write_tx

LIVE = ("submitted", "active", "suspended")
UNDER_WAY = ("submitting", "unknown", "submitted", "processing", "collected")


def charge_has_news(
    services: Services, providers: Collection[str], provider_id: str, key: str | None
) -> bool:
    """Makes the next sweep ask about the charge with our own `key`, or with the provider's id; whether there
    is one.
    """
    theirs = charge_table.c.provider.in_(providers)
    with write_tx(services.engine) as connection:
        known = (
            key
            and connection.execute(
                update(charge_table).where(theirs, charge_table.c.key == key).values(checked_at=None)
            ).rowcount
        )
        if not known:
            by_id = (charge_table.c.provider_id == provider_id) & charge_table.c.status.in_(UNDER_WAY)
            known = connection.execute(
                update(charge_table).where(theirs, by_id).values(checked_at=None)
            ).rowcount
    return bool(known)


def mandate_has_news(services: Services, providers: Collection[str], ref: str) -> bool:
    """Makes the next sweep ask about the mandate whose account or consent the provider knows as `ref`;
    whether there is one.
    """
    live = and_(
        mandate_table.c.status.in_(LIVE),
        mandate_table.c.provider.in_(providers),
    )
    known = live & cast(mandate_table.c.provider_refs, String).contains(f'"{ref}"', autoescape=True)
    with write_tx(services.engine) as connection:
        return (
            connection.execute(
                update(mandate_table).where(known).values(due_at=services.clock.now())
            ).rowcount
            > 0
        )


def customer_has_news(services: Services, providers: Collection[str], document: str) -> bool:
    """Makes the next sweep ask about the mandates of whoever has this RFC or CURP, and a person look: the
    provider debits nobody whom it has blocked. Whether there are any.
    """
    number = document.upper()
    theirs = (
        select(mandate_table.c.id, mandate_table.c.folio, mandate_table.c.loan_id)
        .join(loan_table, loan_table.c.id == mandate_table.c.loan_id)
        .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .where(
            or_(borrower_table.c.rfc == number, borrower_table.c.curp == number),
            mandate_table.c.status.in_(LIVE),
            mandate_table.c.provider.in_(providers),
        )
    )
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        found = connection.execute(theirs).all()
        ids = [row.id for row in found]
        connection.execute(update(mandate_table).where(mandate_table.c.id.in_(ids)).values(due_at=now))
        for row in found:
            data = {"mandate": row.id, "folio": row.folio, "error": "customer_blocked"}
            key = f"mandate_refused:{row.id}:customer_blocked"
            open_task(connection, NewTask("mandate_refused", now, key=key, loan_id=row.loan_id, data=data))
    return bool(found)
