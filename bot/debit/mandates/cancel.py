"""Mandates that ended here and that their provider still holds: cancelled there, until that has succeeded."""

from datetime import timedelta

from sqlalchemy import update

from bot import drill
from bot.debit.mandates.due import ENDED, each_due, put_off
from bot.debit.port import DebitProvider, NotCancellable
from bot.services import Services
from models import mandate_table, write_tx
from models.base import AnyRow

WAIT, TRIES = timedelta(hours=1), 24


def cancel_at_provider(services: Services) -> int:
    """How many it was asked to cancel."""

    def cancel(mandate: AnyRow, provider: DebitProvider) -> None:
        try:
            provider.cancel_mandate(mandate.provider_refs)
        except NotCancellable as error:
            put_off(services, mandate, error.code, WAIT, task=_after_a_day(mandate))
            return
        drill.passing("mandate_cancelled")
        _done(services, mandate)

    return each_due(services, ENDED, cancel)


def _after_a_day(mandate: AnyRow) -> str | None:
    """While an account is being registered, or a charge is on its way, it cannot be cancelled there: it soon
    can. A day later a person looks.
    """
    return f"mandate_not_cancelled:{mandate.id}" if mandate.tries >= TRIES else None


def _done(services: Services, mandate: AnyRow) -> None:
    mine = (mandate_table.c.id == mandate.id) & (mandate_table.c.claimed_at == mandate.claimed_at)
    with write_tx(services.engine) as connection:
        connection.execute(update(mandate_table).where(mine).values(due_at=None, claimed_at=None, tries=0))
