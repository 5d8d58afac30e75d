"""What nobody asked to erase and nothing needs any more: by the lender's `[retention]`, in small steps."""

from datetime import datetime

import structlog
from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from bot.privacy.erasure import erase, forget_threads
from bot.privacy.papers import erase_papers
from bot.privacy.reasons import NotErasable, is_closed, moved_since
from bot.services import Services
from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    loan_table,
    read_tx,
    write_tx,
)

log = structlog.get_logger(__name__)

MOST = 200
"""People, and conversations, in one run."""


def retain(services: Services) -> int:
    """The sweep: how many people and conversations were erased."""
    now = services.clock.now()
    return _erase_people(services, now) + _erase_old_papers(services, now) + _forget_strangers(services, now)


def _erase_people(services: Services, now: datetime) -> int:
    """Borrowers all of whose loans closed long ago. Who is held, or was charged lately, comes later."""
    kept = services.lender.retention
    since = now - relativedelta(months=kept.personal_months)
    contract_ends = now - relativedelta(months=kept.contract_months)
    person, loan = borrower_table.c, loan_table
    old = is_closed(contract_ends) & ~moved_since(since)
    query = select(person.id, person.external_id).where(
        person.erased_at.is_(None),
        select(loan.c.id).where(loan.c.borrower_id == person.id, old).exists(),
        ~select(loan.c.id).where(loan.c.borrower_id == person.id, ~old).exists(),
    )
    done, last = 0, 0
    while done < MOST:
        with read_tx(services.engine) as connection:
            people = connection.execute(
                query.where(person.id > last).order_by(person.id).limit(MOST - done)
            ).all()
        if not people:
            break
        last = people[-1].id
        done += sum(_erase(services, row.external_id) for row in people)
    return done


def _erase(services: Services, external_id: str) -> bool:
    try:
        with write_tx(services.engine) as connection:
            erase(connection, services, external_id, "system:retention", request="retention")
    except NotErasable as error:
        log.warning("kept beyond its time", borrower=external_id, reasons=len(error.reasons))
        return False
    return True


def _erase_old_papers(services: Services, now: datetime) -> int:
    today, person = services.day(now), borrower_table.c
    query = select(person.id).where(person.papers_until.is_not(None), person.papers_until <= today)
    with write_tx(services.engine) as connection:
        people = connection.scalars(query.order_by(person.id).limit(MOST)).all()
        for borrower_id in people:
            erase_papers(connection, borrower_id)
    return len(people)


def _forget_strangers(services: Services, now: datetime) -> int:
    """What was written from an address that belongs to no borrower."""
    since = now - relativedelta(months=services.lender.retention.unknown_months)
    table, points = conversation_table.c, contact_point_table.c
    query = (
        select(table.id)
        .where(
            table.last_in_at.is_not(None),
            table.last_in_at < since,
            table.address != "",
            table.borrower_id.is_(None),
            ~select(points.id).where(points.conversation_id == table.id).exists(),
        )
        .order_by(table.id)
        .limit(MOST)
        .with_for_update()
    )
    with write_tx(services.engine) as connection:
        threads = list(connection.scalars(query))
        forget_threads(connection, threads, now)
    return len(threads)
