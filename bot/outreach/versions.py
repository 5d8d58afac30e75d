"""Strategies in force: the newest version of each name that was activated, and the shipped one."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select

from bot.outreach.strategy import DEFAULT, Strategy, read_strategy
from bot.services import Services
from models import strategy_version_table, write_tx


def strategies_in_force(connection: Connection) -> list[Strategy]:
    """By name. The shipped default is in force until another of its name is activated."""
    newest = select(func.max(strategy_version_table.c.id)).group_by(strategy_version_table.c.name)
    rows = connection.execute(
        select(strategy_version_table).where(strategy_version_table.c.id.in_(newest))
    ).all()
    found = {row.name: _parsed(row.body, row.name, row.version) for row in rows}
    shipped = _shipped()
    return [strategy for _, strategy in sorted(({shipped.name: shipped} | found).items())]


def strategy_in_force(connection: Connection, name: str) -> Strategy | None:
    return next((each for each in strategies_in_force(connection) if each.name == name), None)


def activate(services: Services, strategy: Strategy, text: str, *, by: str, why: str) -> int:
    """Puts it in force; its version. Two at once: one of them raises IntegrityError, and nothing is lost."""
    with write_tx(services.engine) as connection:
        return put_in_force(connection, strategy, text, by=by, why=why, at=services.clock.now())


def put_in_force(
    connection: Connection, strategy: Strategy, text: str, *, by: str, why: str, at: datetime
) -> int:
    current = strategy_in_force(connection, strategy.name)
    version = current.version + 1 if current else 1
    row = {
        "name": strategy.name,
        "version": version,
        "body": text,
        "why": why,
        "activated_by": by[:64],
        "activated_at": at,
    }
    connection.execute(insert(strategy_version_table), row)
    return version


def shipped_text() -> str:
    """Of the default strategy."""
    return read_strategy(DEFAULT)[1]


@lru_cache(maxsize=1)
def _shipped() -> Strategy:
    return read_strategy(DEFAULT)[0]


@lru_cache(maxsize=64)
def _parsed(body: str, name: str, version: int) -> Strategy:
    return Strategy.parse(body, name).model_copy(update={"version": version})
