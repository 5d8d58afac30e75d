"""The demo's log-ins, which production refuses: their password is printed for all to read."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.services import Services
from bot.settings import ForbiddenInProduction
from models import Agent, read_tx

PASSWORD = "jacaranda-demo"  # noqa: S105 - the demo's, printed at its start
LOGINS = (
    ("agente@jacaranda.example", "Laura Méndez", "agent"),
    ("agente2@jacaranda.example", "Diego Rivas", "agent"),
    ("gerente2@jacaranda.example", "Tomás Olvera", "manager"),
    ("gerente@jacaranda.example", "Marisol Ibarra", "manager"),
)
"""`(e-mail, name, role)`"""


def require_none(services: Services) -> None:
    """Raises ForbiddenInProduction on a demo's database. One that cannot be read is somebody else's to
    report.
    """
    if services.settings.simulated:
        return
    try:
        with read_tx(services.engine) as connection:
            found = connection.scalar(
                select(Agent.email).where(Agent.email.in_([email for email, _, _ in LOGINS])).limit(1)
            )
    except SQLAlchemyError:
        return
    if found is not None:
        raise ForbiddenInProduction(f"a demo's database (it holds the log-in {found})")
