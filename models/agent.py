"""Users of the console, and the sessions in which they are logged in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of

AGENT_ROLES = ("agent", "supervisor", "manager", "auditor", "admin")


class Agent(Base):
    __tablename__ = "agent"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    code_salt: Mapped[str | None] = mapped_column(String(64))
    """What the secret of the second factor is derived from; null: it is not set up."""
    code_since: Mapped[datetime | None]
    code_step: Mapped[int | None] = mapped_column(BigInt)
    """The last code that was used, by its number: no code logs in twice."""
    recovery_used: Mapped[int] = mapped_column(default=0, server_default="0")
    """A bit for each recovery code that was used."""
    capacity: Mapped[int | None]
    """How many conversations are given to this one by themselves; null: they are taken by hand."""
    works_from: Mapped[str | None] = mapped_column(String(5))
    works_until: Mapped[str | None] = mapped_column(String(5))
    """`HH:MM` in the lender's zone: conversations are given within it; null: at any hour."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (one_of("role", AGENT_ROLES),)


class AgentSession(Base):
    """A log-in. Once ended it is over in every process, whatever cookie still names it."""

    __tablename__ = "agent_session"

    id: Mapped[Key]
    agent_id: Mapped[int] = mapped_column(BigInt, ForeignKey("agent.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


agent_table = Agent.__table__
agent_name = func.coalesce(func.nullif(agent_table.c.name, ""), agent_table.c.email)
"""As colleagues see them: by the address who has no name."""
agent_session_table = AgentSession.__table__
