"""Strategies in force: the newest version of each name that was activated, and the shipped one."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select

from bot.outreach.planning.strategy import DEFAULT, InvalidStrategy, Strategy, read_strategy
from bot.services import Services
from models import strategy_version_table, write_tx
from models.base import AnyRow


def strategies_in_force(connection: Connection) -> list[Strategy]:
    """By name. The shipped default is in force until another of its name is activated. One that this program
    takes no more runs nothing: `invalid_strategies` names it.
    """
    found = {row.name: _parsed(row.body, row.name, row.version) for row in _newest(connection)}
    shipped = _shipped()
    strategies = {shipped.name: shipped} | found
    return [each for _, each in sorted(strategies.items()) if isinstance(each, Strategy)]


def invalid_strategies(connection: Connection) -> list[tuple[str, int, list[str]]]:
    """`(name, version, faults)` of those in force that this program takes no more."""
    parsed = [(row, _parsed(row.body, row.name, row.version)) for row in _newest(connection)]
    return [(row.name, row.version, each.faults) for row, each in parsed if isinstance(each, InvalidStrategy)]


def _newest(connection: Connection) -> Sequence[AnyRow]:
    newest = select(func.max(strategy_version_table.c.id)).group_by(strategy_version_table.c.name)
    query = select(strategy_version_table).where(strategy_version_table.c.id.in_(newest))
    return connection.execute(query.order_by(strategy_version_table.c.name)).all()


def strategy_in_force(connection: Connection, name: str) -> Strategy | None:
    return next((each for each in strategies_in_force(connection) if each.name == name), None)


def versions_of(connection: Connection, name: str) -> Sequence[AnyRow]:
    """What was activated under a name, the newest first: `version`, `body`, `why`, by whom and when."""
    query = select(strategy_version_table).where(strategy_version_table.c.name == name)
    return connection.execute(query.order_by(strategy_version_table.c.version.desc())).all()


def activate(services: Services, strategy: Strategy, text: str, *, by: str, why: str) -> int:
    """Puts it in force; its version. Two at once: one of them raises IntegrityError, and nothing is lost."""
    with write_tx(services.engine) as connection:
        return put_in_force(connection, strategy, text, by=by, why=why, at=services.clock.now())


def put_in_force(
    connection: Connection, strategy: Strategy, text: str, *, by: str, why: str, at: datetime
) -> int:
    table = strategy_version_table
    newest = connection.scalar(select(func.max(table.c.version)).where(table.c.name == strategy.name))
    shipped = _shipped().version if strategy.name == _shipped().name else 0
    version = (newest or shipped) + 1
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
def _parsed(body: str, name: str, version: int) -> Strategy | InvalidStrategy:
    try:
        return Strategy.parse(body, name, in_force=True).model_copy(update={"version": version})
    except InvalidStrategy as error:  # activated by a program that took it
        return error
