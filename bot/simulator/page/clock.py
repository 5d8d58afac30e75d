"""The demo's clock: moved a step at a time, so that what falls due on the way happens. The page asks for one
step after another.

A step answers `{moved, waits, reached, stuck, progress}`: `progress` is sent back with the next
one, `waits` and `stuck` are codes that the page has words for.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, func, select

from bot.clock import system_now
from bot.compliance import load_rules
from bot.simulator.page.debit import debit_of
from bot.simulator.page.idle import CLOCK_READ_AFTER, is_idle, run_sweeps_now
from bot.simulator.page.loan import UNPAID, find
from bot.simulator.page.service import answer, blueprint, now, today, zone
from bot.simulator.page.timeline import (
    ENDED,
    JUST_AFTER,
    MORNING,
    ChargeTimes,
    DebitTimeline,
    blocked_reason,
    deliveries,
    next_stop,
    pending_action,
)
from bot.web import services
from models import instalment_table, read_tx
from models.base import AnyRow

MOST = timedelta(days=60)
"""The furthest that the clock moves in one run."""
PATIENCE = 40
"""Steps that wait for the same thing before the clock goes on without it."""


@blueprint.post("/clock")
def step() -> Response:
    """`{to: day|due|result|time, at, loan, progress}`; a first step has no progress, `at` is for `time`: ISO,
    without a zone in the lender's.
    """
    given = request.get_json()
    goal, external_id = given["to"], given.get("loan") or ""
    with read_tx(services().engine) as connection:
        row = find(connection, external_id)
        timeline = _timeline(connection, row) if row else DebitTimeline(None, None, lacking=False)
        progress = given.get("progress") or _begin(connection, goal, given.get("at"), row, timeline)
    if progress is None:
        return answer(stuck="no_due")
    patient = progress["waited"] < PATIENCE
    if patient and not is_idle(services(), datetime.fromisoformat(progress["since"])):
        return _waiting("worker", progress)
    return _result_step(timeline, progress) if goal == "result" else _day_step(timeline, progress)


def _begin(
    connection: Connection, goal: str, at: str | None, row: AnyRow | None, timeline: DebitTimeline
) -> dict[str, Any] | None:
    until = now() + MOST
    if goal == "day":
        until = _morning(1)
    elif goal == "time" and at is not None:
        asked = datetime.fromisoformat(at)
        until = min(until, (asked if asked.tzinfo else asked.replace(tzinfo=zone())) + JUST_AFTER)
    elif goal == "due":
        due = (
            select(func.min(instalment_table.c.due_date)).where(
                instalment_table.c.loan_id == row.id, UNPAID > 0, instalment_table.c.due_date > today()
            )
            if row
            else None
        )
        date = connection.scalar(due) if due is not None else None
        if date is None or date > today() + MOST:
            return None
        until = _morning((date - today()).days)
    return {
        "since": (system_now() - CLOCK_READ_AFTER).isoformat(),
        "until": until.isoformat(),
        "deliveries": sorted(deliveries(timeline)),
        "waited": 0,
    }


def _morning(days: int) -> datetime:
    return datetime.combine(today() + timedelta(days=days), MORNING, zone())


def _day_step(timeline: DebitTimeline, progress: dict[str, Any]) -> Response:
    until = datetime.fromisoformat(progress["until"])
    if now() >= until:
        return answer(reached=True)
    return _moved(next_stop(timeline, now(), until, every_day=True), progress)


def _result_step(timeline: DebitTimeline, progress: dict[str, Any]) -> Response:
    if deliveries(timeline) - set(progress["deliveries"]):
        return answer(reached=True)
    rules = load_rules(services().lender.lender.contact_country)
    waits = pending_action(timeline, now(), rules, services().settings.debit_submit_until)
    if waits and progress["waited"] < PATIENCE:
        run_sweeps_now(services())
        return _waiting(waits, progress)
    if stuck := blocked_reason(timeline):
        return answer(stuck=stuck)
    until = datetime.fromisoformat(progress["until"])
    return answer(stuck="too_far") if now() >= until else _moved(next_stop(timeline, now(), until), progress)


def _waiting(what: str, progress: dict[str, Any]) -> Response:
    return answer(waits=what, progress=progress | {"waited": progress["waited"] + 1})


def _moved(stop: datetime, progress: dict[str, Any]) -> Response:
    services().clock.move(stop - now())
    return answer(moved=True, progress=progress | {"since": system_now().isoformat(), "waited": 0})


def _timeline(connection: Connection, row: AnyRow) -> DebitTimeline:
    """What both databases hold under way for this loan."""
    debit = debit_of(connection, services(), row)
    standing = next(
        (mandate for mandate in debit["mandates"] if mandate["status"] not in ENDED),
        next(iter(debit["mandates"]), None),
    )
    provider = standing["provider"] if standing else None
    charges = tuple(_charge_times(charge) for charge in debit["charges"] if charge["status"] != "cancelled")
    unpaid = (
        connection.scalar(
            select(instalment_table.c.id).where(instalment_table.c.loan_id == row.id, UNPAID > 0).limit(1)
        )
        is not None
    )
    lacking = row.flow == "mandate" and row.expecting is not None
    return DebitTimeline(
        standing["status"] if standing else None,
        _time(provider and provider["decided_at"]),
        lacking,
        charges,
        unpaid,
    )


def _charge_times(charge: dict[str, Any]) -> ChargeTimes:
    there = charge["provider"] or {}
    times = {name: _time(there.get(name)) for name in ("result_at", "settles_at", "reversed_at")}
    return ChargeTimes(charge["id"], charge["status"], datetime.fromisoformat(charge["on"]).date(), **times)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
