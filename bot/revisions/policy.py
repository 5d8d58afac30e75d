"""What may be agreed without a person, and how the desk works: `[policy…]` of the lender's file."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.offers import explained
from bot.revisions.kind import Line
from bot.revisions.sections import section
from bot.services import Services
from flows.offers.arithmetic import Allowed, Refusal
from models import loan_table, read_tx
from models.loan import is_open

LOANS = 5


def offers(services: Services, amended: Services) -> Sequence[Line]:
    """What could be agreed with the loans that are latest."""
    query = (
        select(loan_table)
        .where(is_open(), loan_table.c.overdue_since.is_not(None))
        .order_by(loan_table.c.overdue_since, loan_table.c.id)
        .limit(LOANS)
    )
    with read_tx(services.engine) as connection:
        return [
            Line(
                loan.external_id,
                _listed(explained(connection, services, loan)),
                _listed(explained(connection, amended, loan)),
            )
            for loan in connection.execute(query).all()
        ]


def _listed(verdicts: Sequence[Allowed | Refusal]) -> tuple[Allowed, ...]:
    return tuple(each for each in verdicts if isinstance(each, Allowed))


KIND = section("policy", offers)
