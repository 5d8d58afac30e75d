"""The loan of who proved to be writing, with what may be agreed for it."""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.services import Services
from flows.types.facts import LoanFacts
from flows.types.offers import OffersPolicy


class BorrowerUnknown(Exception):
    """Who is writing has to be proved again before anything of a debt is sent."""

    def __init__(self, conversation_id: int) -> None:
        super().__init__(f"nobody is confirmed in conversation {conversation_id}: ask who is writing first")
        self.conversation_id = conversation_id


def proved_loan(
    connection: Connection, services: Services, conversation_id: int, loan_id: int, now: datetime
) -> tuple[LoanFacts, OffersPolicy, date]:
    """With the day that it is. Raises BorrowerUnknown."""
    view = views.view(connection, thread_rows.by_id(connection, conversation_id, now), services, now)
    person = view.facts.borrower
    found = [loan for loan in person.loans if loan.id == loan_id] if person else []
    if not found:
        raise BorrowerUnknown(conversation_id)
    return found[0], view.facts.policy.offers, view.facts.today
