"""Mandates that ended here and that the provider still knows of: it is told, until it has taken it."""

from sqlalchemy import update

from bot import drill
from bot.debit.mandates.due import ENDED, each_due, open_task
from bot.debit.port import NotCancellable
from bot.services import Services
from models import Mandate, writing
from models.base import AnyRow

_M = Mandate.__table__


def cancel_at_provider(services: Services) -> int:
    """How many it was told about."""

    def cancel(mandate: AnyRow) -> None:
        refused = ""
        if mandate.provider_refs:
            try:
                services.debit.cancel_mandate(mandate.provider_refs)
            except NotCancellable as error:
                refused = error.code
        drill.passing("mandate_cancelled")
        _done(services, mandate, refused)

    return each_due(services, ENDED, cancel)


def _done(services: Services, mandate: AnyRow, refused: str) -> None:
    now = services.clock.now()
    with writing(services.engine) as connection:
        mine = (_M.c.id == mandate.id) & (_M.c.claimed_at == mandate.claimed_at)
        connection.execute(update(_M).where(mine).values(due_at=None, claimed_at=None, tries=0))
        if refused:
            open_task(connection, "mandate_not_cancelled", mandate, now, f"mandate_not_cancelled:{mandate.id}", {"error": refused})
