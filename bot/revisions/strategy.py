"""Strategies, with their segments and experiments: a TOML file for each."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.faults import Fault
from bot.outreach import (
    InvalidStrategy,
    Stopped,
    Strategy,
    preview,
    put_in_force,
    shipped_text,
    strategies_in_force,
    strategy_in_force,
)
from bot.revisions.kind import Approved, Kind, Line, Version
from bot.services import Services
from models import read_tx, strategy_version_table


def names(connection: Connection) -> Sequence[str]:
    return [strategy.name for strategy in strategies_in_force(connection)]


def versions(connection: Connection, services: Services, name: str) -> Sequence[Version]:
    del services
    row = strategy_version_table.c
    activated = connection.execute(
        select(strategy_version_table).where(row.name == name).order_by(row.version.desc())
    )
    found = [
        Version(each.version, each.body, each.activated_by, each.why, each.activated_at) for each in activated
    ]
    return [*found, *([Version(1, shipped_text())] if name == Strategy.parse(shipped_text()).name else [])]


def faults(services: Services, name: str, body: str) -> Sequence[str]:
    try:
        strategy = Strategy.parse(body, name, services.day(services.clock.now()))
    except InvalidStrategy as error:
        return error.faults
    return [] if strategy.name == name else [_another(strategy.name, name)]


def _another(found: str, name: str) -> Fault:
    what = f"{found} is another strategy than {name}"
    return Fault("strategy_name", what, where="name", found=found, name=name)


def counts(services: Services, name: str, body: str) -> Sequence[Line]:
    """How many borrowers each step would reach tomorrow, by channel; whom it would
    not and why; then some of the messages.
    """
    tomorrow = services.day(services.clock.now()) + timedelta(days=1)
    with read_tx(services.engine) as connection:
        current = strategy_in_force(connection, name)
    before = preview(services, current, tomorrow, explained=False) if current else None
    after = preview(services, Strategy.parse(body, name), tomorrow)
    reached = [
        {f"{each.step} {each.variant} · {each.channel}": each for each in found.counts} if found else {}
        for found in (before, after)
    ]
    lines = [
        Line(about, *(f"{side[about].borrowers:,}" if about in side else "0" for side in reached))
        for about in sorted({*reached[0], *reached[1]})
    ]
    lines += dict.fromkeys(map(_stopped, after.stopped))
    lines += [Line(f"{each.step} {each.variant}".strip() or name, "", each.fault) for each in after.nobody]
    usd = Line("USD", f"{before.usd if before else 0:.2f}", f"{after.usd:.2f}", "cost")
    shown = [Line(f"{each.step} · {each.channel}", "", each.text, "example") for each in after.examples]
    return [*lines, usd, *shown]


def _stopped(each: Stopped) -> Line:
    step = "*" if each.is_proof else each.step
    return Line(f"{step} · whatsapp · {each.language}", "", f"{each.template}: {each.status}")


def activate(connection: Connection, approved: Approved) -> int:
    strategy = Strategy.parse(approved.body, approved.name)
    return put_in_force(connection, strategy, approved.body, by=approved.by, why=approved.why, at=approved.at)


KIND = Kind("strategy", names, versions, faults, counts, put_in_force=activate)
