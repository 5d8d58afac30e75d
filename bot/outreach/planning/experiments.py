"""What a strategy tries: its variants, since when and until when, what became of them, and for whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, func, select

from bot.lender import Prices
from bot.outreach.planning.arms import CHAMPION, HELD_OUT, PARTS
from bot.outreach.planning.intervals import Share
from bot.outreach.planning.results import (
    AGREED,
    HARM,
    PAID,
    VARIANT,
    Result,
    compared,
    days_from,
    followed,
    is_of,
    recovered,
    results,
)
from bot.outreach.planning.strategy import InvalidStrategy, Step, Strategy, Variant
from bot.outreach.planning.versions import strategies_in_force, versions_of
from bot.outreach.planning.watching import stopped_variants
from models import event_table, loan_table
from models.base import AnyRow

State = Literal["running", "stopped", "ended"]
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Trial:
    """A variant of a step, from the version that brought it to the one without it."""

    step: str
    variant: str
    percent: int
    changes: Mapping[str, str | Sequence[str]]
    """What it has of its own: `flow`, `tone`, `channels`."""
    since: datetime | None
    """Null where it stands in the strategy as it is shipped."""
    until: datetime | None = None
    """When a version without it was put in force."""
    stopped: datetime | None = None
    """When it was stopped because more people asked for silence or complained."""

    @property
    def state(self) -> State:
        return "ended" if self.until else "stopped" if self.stopped else "running"


@dataclass(frozen=True, slots=True)
class Arm:
    """Of a step: a variant, the step as it stands or those held out, with what came of them."""

    result: Result
    trial: Trial | None
    """Null for the step as it stands and for those held out."""
    percent: int | None = None
    """Of those whom the step writes to now; null where nothing is tried."""


@dataclass(frozen=True, slots=True)
class Experiments:
    """Of one strategy: what it tries and what came of it in some days."""

    strategy: Strategy
    trials: Sequence[Trial]
    """The newest of each name."""
    results: Sequence[Result]
    """Of steps that try something, or of which somebody is held out."""
    compared: Sequence[tuple[Result, Result]]

    def by_step(self) -> Iterator[tuple[str, Sequence[Arm]]]:
        """In the order of the strategy; steps that it has no more come last."""
        steps = [step.name for step in self.strategy.steps]
        asked = {each.step for each in self.trials} | {each.step for each in self.results}
        for step in [*(each for each in steps if each in asked), *sorted(asked - {*steps})]:
            yield step, list(self._arms(step))

    def _arms(self, step: str) -> Iterator[Arm]:
        """Variants stand here whether or not anything came of them."""
        found = {each.variant: each for each in self.results if each.step == step}
        tried = {each.variant: each for each in self.trials if each.step == step}
        percent = {name: each.percent if each.state == "running" else 0 for name, each in tried.items()}
        usual = {CHAMPION: PARTS - sum(percent.values())} if tried else {}
        for variant in [*usual, *tried, *sorted(found.keys() - {*usual, HELD_OUT, *tried})]:
            result = found.get(variant) or _nothing(step, variant)
            yield Arm(result, tried.get(variant), (usual | percent).get(variant))
        if HELD_OUT in found:
            yield Arm(found[HELD_OUT], None)


def experiments(
    connection: Connection, first: date, last: date, *, zone: ZoneInfo, prices: Prices, held_out_percent: int
) -> Iterator[Experiments]:
    """Of each strategy in force that tries something or tried it, or of whose borrowers some are held out."""
    for strategy in strategies_in_force(connection):
        tried = list(trials(connection, strategy))
        if not (tried or held_out_percent):
            continue
        found, newly = (
            results(connection, strategy.name, first, last, zone=zone, prices=prices, newly=newly)
            for newly in (False, True)
        )
        pairs = list(compared(found, newly))
        steps = {each.step for each in tried} | {ours.step for ours, _ in pairs}
        shown = [each for each in found if each.step in steps]
        yield Experiments(strategy, tried, shown, pairs)


def trials(connection: Connection, strategy: Strategy) -> Iterator[Trial]:
    """Those that run come first, then the newest."""
    found: dict[tuple[str, str], Trial] = {}
    versions = list(reversed(versions_of(connection, strategy.name)))
    if not versions:
        found |= {_key(*each): _trial(*each, None) for each in _variants(strategy)}
    for row in versions:
        current = {_key(*each): each for each in _variants(_parsed(row))}
        for key, trial in found.items():
            if key not in current and trial.until is None:
                found[key] = replace(trial, until=row.activated_at)
        for key, each in current.items():
            known = found.get(key)
            goes_on = known is not None and known.until is None
            found[key] = _trial(*each, known.since if known and goes_on else row.activated_at)
    for name, at in stopped_variants(connection, strategy.name).items():
        step, _, variant = name.partition(":")
        if tried := found.get((step, variant)):
            found[step, variant] = replace(tried, stopped=datetime.fromisoformat(at))
    newest = sorted(
        found.values(), key=lambda each: each.since.timestamp() if each.since else 0, reverse=True
    )
    return iter(sorted(newest, key=lambda each: each.state != "running"))


def _nothing(step: str, variant: str) -> Result:
    return Result(step, variant, Share(0, 0), Share(0, 0), Decimal())


def _variants(strategy: Strategy | None) -> Iterator[tuple[Step, Variant]]:
    for step in strategy.steps if strategy else ():
        for variant in step.variants:
            yield step, variant


def _parsed(row: AnyRow) -> Strategy | None:
    """Null where this program takes it no more: it runs nothing."""
    try:
        return Strategy.parse(row.body, row.name, in_force=True)
    except InvalidStrategy:
        return None


def _key(step: Step, variant: Variant) -> tuple[str, str]:
    return step.name, variant.name


def _trial(step: Step, variant: Variant, since: datetime | None) -> Trial:
    changes = variant.model_dump(include={"flow", "tone", "channels"}, exclude_none=True)
    return Trial(step.name, variant.name, variant.percent, changes, since)


def planned_for(
    connection: Connection,
    strategy: str,
    step: str,
    variant: str,
    first: date,
    last: date,
    *,
    zone: ZoneInfo,
    after: int = 0,
    most: int = MOST,
) -> Sequence[AnyRow]:
    """Behind a variant's figures: `id`, `loan_id`, `loan`, `product`, `day`, `agreed`, `harmed`, and
    `paid_centavos` within the days that are counted; by id, from beyond `after`.
    """
    days = days_from(first, last, zone)
    flags: Mapping[str, Any] = {"agreed": AGREED, "paid": PAID, "harmed": HARM}
    query = (
        select(
            event_table.c.id,
            event_table.c.loan_id,
            loan_table.c.external_id.label("loan"),
            loan_table.c.product,
            days.table.c.day,
            recovered(days).label("paid_centavos"),
            *(case((followed(days, kinds), 1), else_=0).label(name) for name, kinds in flags.items()),
        )
        .select_from(event_table)
        .join(days.table, days.have(event_table.c.created_at))
        .join(loan_table, loan_table.c.id == event_table.c.loan_id)
        .where(
            is_of(strategy),
            event_table.c.data["step"].as_string() == step,
            func.coalesce(VARIANT, "") == variant,
            event_table.c.id > after,
        )
        .order_by(event_table.c.id)
        .limit(most)
    )
    return connection.execute(query).all()
