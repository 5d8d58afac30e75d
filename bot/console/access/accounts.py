"""Console users: their passwords, by argon2, and the sessions in which they are logged in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, insert, select, update
from zxcvbn import zxcvbn

from bot import audit
from bot.clock import system_now
from bot.services import Services
from models import agent_session_table, agent_table, read_tx, write_tx
from models.base import AnyRow

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")
SHORTEST, LONGEST = 10, 1000
GUESSED = 72
"""What zxcvbn looks at: its time grows with the square of the length."""
HARD_ENOUGH = 3
"""Of zxcvbn's 0 to 4: safe from guesses at a log-in, and of an offline attack in good measure."""
EASY_WORDS = ["acuerdo", "cobranza", "credito", "contraseña", "contrasena", "clave", "prestamo", "bienvenido"]


class WeakPassword(ValueError):
    def __init__(self, why: str) -> None:
        super().__init__(f"the password {why}")


class NotAnEmail(ValueError):
    def __init__(self) -> None:
        super().__init__("this is not an e-mail address")


class UnknownAgent(LookupError):
    def __init__(self, email: str) -> None:
        super().__init__(f"there is no user {email} who may log in: `acuerdo agents list` shows all")


def require_strong(password: str, email: str, name: str = "") -> None:
    """Raises WeakPassword: too short or long, common, repeated, or made of the user's own name."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"is too short: at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword(f"is too long: at most {LONGEST} characters")
    own = [email, *email.replace("@", ".").split("."), *name.split(), *EASY_WORDS]
    if zxcvbn(password[:GUESSED], user_inputs=own)["score"] < HARD_ENOUGH:
        raise WeakPassword("is too easy to guess: use several words that do not belong together")


def add_agent(
    services: Services,
    email: str,
    role: str,
    password: str,
    name: str = "",
    actor: str = "cli:unknown",
    *,
    sample: bool = False,
) -> None:
    """Raises WeakPassword, NotAnEmail, IntegrityError for one who is there. A `sample` log-in's password is
    printed for all to read, and need not be strong.
    """
    email, now = _normal(email), services.clock.now()
    if "@" not in email or not email.isprintable() or len(email) > 254:
        raise NotAnEmail
    if not sample:
        require_strong(password, email, name)
    row = {
        "email": email,
        "name": name,
        "role": role,
        "password_hash": _HASHER.hash(password),
        "created_at": now,
    }
    with write_tx(services.engine) as connection:
        connection.execute(insert(agent_table), row)
        audit.record(connection, now, actor, "agent.added", email, role=role)


def list_agents(services: Services) -> Sequence[AnyRow]:
    with read_tx(services.engine) as connection:
        return connection.execute(select(agent_table).order_by(agent_table.c.email)).all()


def disable_agent(services: Services, email: str, actor: str) -> None:
    """Ends the user with all their sessions. Raises UnknownAgent."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        agent = _changed(connection, email, disabled_at=now)
        _end_all(connection, agent)
        audit.record(connection, now, actor, "agent.disabled", _normal(email))


def set_password(services: Services, email: str, password: str, actor: str) -> None:
    """Ends every session that began with the old one. Raises WeakPassword, UnknownAgent."""
    require_strong(password, email)
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        agent = _changed(connection, email, password_hash=_HASHER.hash(password))
        _end_all(connection, agent)
        audit.record(connection, now, actor, "agent.password_changed", _normal(email))


def set_workload(
    services: Services, agent_id: int, capacity: int | None, start: str | None, end: str | None, actor: str
) -> None:
    """How many conversations are given to the agent, within which hours of the lender's day (`HH:MM`). Raises
    UnknownAgent.
    """
    agent, now = agent_table.c, services.clock.now()
    values = {"capacity": capacity, "works_from": start, "works_until": end}
    changed = update(agent_table).where(agent.id == agent_id, agent.disabled_at.is_(None)).values(**values)
    with write_tx(services.engine) as connection:
        if (email := connection.scalar(changed.returning(agent.email))) is None:
            raise UnknownAgent(str(agent_id))
        audit.record(connection, now, actor, "agent.workload_changed", email, **values)


def end_sessions(services: Services, email: str, actor: str) -> None:
    """Logs the user out everywhere. Raises UnknownAgent."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        agent = connection.scalar(select(agent_table.c.id).where(*_enabled(email)))
        if agent is None:
            raise UnknownAgent(email)
        _end_all(connection, agent)
        audit.record(connection, now, actor, "agent.sessions_ended", _normal(email))


def _normal(email: str) -> str:
    return email.strip().lower()


def _enabled(email: str) -> tuple[ColumnElement[bool], ...]:
    return agent_table.c.email == _normal(email), agent_table.c.disabled_at.is_(None)


def _changed(connection: Connection, email: str, **values: object) -> int:
    changed = connection.scalar(
        update(agent_table).where(*_enabled(email)).values(**values).returning(agent_table.c.id)
    )
    if changed is None:
        raise UnknownAgent(email)
    return int(changed)


def _end_all(connection: Connection, agent_id: int) -> None:
    connection.execute(
        update(agent_session_table)
        .where(agent_session_table.c.agent_id == agent_id, agent_session_table.c.ended_at.is_(None))
        .values(ended_at=system_now())
    )


def checked(services: Services, email: str, password: str) -> AnyRow | None:
    """The agent, or null. An address that nobody has takes as long as a wrong password."""
    with read_tx(services.engine) as connection:
        row = connection.execute(select(agent_table).where(*_enabled(email))).first()
    try:
        _HASHER.verify(row.password_hash if row else _NOBODY, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return None
    return row


def begin_session(services: Services, agent_id: int, at: datetime) -> str:
    """A new log-in; its token goes into the cookie, only its hash is kept."""
    token = secrets.token_urlsafe(24)
    row = {"agent_id": agent_id, "token_hash": _hash(token), "began_at": at}
    with write_tx(services.engine) as connection:
        connection.execute(insert(agent_session_table), row)
    return token


def end_session(services: Services, token: str, at: datetime) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(
            update(agent_session_table)
            .where(agent_session_table.c.token_hash == _hash(token), agent_session_table.c.ended_at.is_(None))
            .values(ended_at=at)
        )


def enabled_agent(services: Services, agent_id: int) -> AnyRow | None:
    query = select(agent_table).where(agent_table.c.id == agent_id, agent_table.c.disabled_at.is_(None))
    with read_tx(services.engine) as connection:
        return connection.execute(query).first()


def reset_second_factor(services: Services, email: str, actor: str) -> None:
    """For one who lost the device: the next log-in asks for the password alone, and sets up another. Raises
    UnknownAgent.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        agent = _changed(connection, email, code_salt=None, code_since=None, code_step=None, recovery_used=0)
        _end_all(connection, agent)
        audit.record(connection, now, actor, "agent.second_factor_reset", _normal(email))


def by_session(services: Services, token: str) -> AnyRow | None:
    """The agent of a session that was not ended, with `began_at`."""
    query = (
        select(agent_table, agent_session_table.c.began_at)
        .join(agent_session_table, agent_session_table.c.agent_id == agent_table.c.id)
        .where(
            agent_session_table.c.token_hash == _hash(token),
            agent_session_table.c.ended_at.is_(None),
            agent_table.c.disabled_at.is_(None),
        )
    )
    with read_tx(services.engine) as connection:
        return connection.execute(query).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
