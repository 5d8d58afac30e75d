"""Console users: argon2 for passwords, throttled log-in."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update

from bot.services import Services
from models import Agent, reading, writing
from models.base import AnyRow

_A = Agent.__table__
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")
MOST_FAILURES = 5
LOCK = timedelta(minutes=5)
SHORTEST = 10


class WeakPassword(ValueError):
    def __init__(self) -> None:
        super().__init__(f"the password is too short: at least {SHORTEST} characters")


class NotAnEmail(ValueError):
    def __init__(self) -> None:
        super().__init__("this is not an e-mail address")


class Locked(Exception):
    """Too many wrong passwords; the right one is not looked at until the lock is over."""


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
        "failures": 0,
        "created_at": services.clock.now(),
    }
    with writing(services.engine) as connection:
        connection.execute(insert(_A), row)


def log_in(services: Services, email: str, password: str) -> AnyRow | None:
    """The agent, or null. An unknown address takes as long as a wrong password. Raises Locked."""
    now = services.clock.now()
    with reading(services.engine) as connection:
        row = connection.execute(select(_A).where(_A.c.email == email.strip().lower(), _A.c.disabled_at.is_(None))).first()
    if row is not None and row.locked_until is not None and row.locked_until > now:
        raise Locked
    right: bool
    try:
        right = _HASHER.verify(row.password_hash if row else _NOBODY, password[:200])
    except (VerificationError, InvalidHashError):
        right = False
    if row is None:
        return None
    failures = 0 if right else row.failures + 1
    values = {"failures": failures % MOST_FAILURES, "locked_until": now + LOCK if failures >= MOST_FAILURES else None}
    with writing(services.engine) as connection:
        connection.execute(update(_A).where(_A.c.id == row.id).values(**values))
    return row if right else None


def by_id(services: Services, agent_id: int) -> AnyRow | None:
    with reading(services.engine) as connection:
        return connection.execute(select(_A).where(_A.c.id == agent_id, _A.c.disabled_at.is_(None))).first()
