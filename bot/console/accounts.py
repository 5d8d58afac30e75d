"""Console users and their passwords, by argon2."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select

from bot.services import Services
from models import agent_table, read_tx, write_tx
from models.base import AnyRow

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")
SHORTEST, LONGEST = 10, 200


class WeakPassword(ValueError):
    def __init__(self) -> None:
        super().__init__(f"the password is too short: at least {SHORTEST} characters")


class NotAnEmail(ValueError):
    def __init__(self) -> None:
        super().__init__("this is not an e-mail address")


def add_agent(services: Services, email: str, role: str, password: str, name: str = "") -> None:
    """Raises WeakPassword, NotAnEmail, IntegrityError for one who is there."""
    if "@" not in email:
        raise NotAnEmail
    if len(password) < SHORTEST:
        raise WeakPassword
    row = {
        "email": email.strip().lower(),
        "name": name,
        "role": role,
        "password_hash": _HASHER.hash(password),
        "created_at": services.clock.now(),
    }
    with write_tx(services.engine) as connection:
        connection.execute(insert(agent_table), row)


def checked(services: Services, email: str, password: str) -> AnyRow | None:
    """The agent, or null. An address that nobody has takes as long as a wrong password."""
    with read_tx(services.engine) as connection:
        row = connection.execute(
            select(agent_table).where(
                agent_table.c.email == email.strip().lower(), agent_table.c.disabled_at.is_(None)
            )
        ).first()
    try:
        _HASHER.verify(row.password_hash if row else _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return None
    return row


def by_id(services: Services, agent_id: int) -> AnyRow | None:
    with read_tx(services.engine) as connection:
        return connection.execute(
            select(agent_table).where(agent_table.c.id == agent_id, agent_table.c.disabled_at.is_(None))
        ).first()
