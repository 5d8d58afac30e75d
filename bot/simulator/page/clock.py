"""The demo's clock: moved a step at a time, so that what falls due on the way happens. The page asks for one
step after another.

A step answers `{moved, waits, reached, stuck, walk}`: `walk` is handed back with the next one, `waits` and
`stuck` are codes that the page has words for.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, func, select

from bot.clock import system_now
from bot.compliance import load_rules
from bot.simulator.page.debit import debit_of
from bot.simulator.page.loan import UNPAID, find
from bot.simulator.page.rest import SEEN, at_rest, nudge
from bot.simulator.page.service import answer, blueprint, now, today, zone
from bot.simulator.page.walk import ENDED, MORNING, Debited, Road, awaited, dead_end, deliveries, next_stop
from bot.web import services
from models import instalment_table, read_tx
from models.base import AnyRow

MOST = timedelta(days=60)
"""Further the clock does not go in one walk."""
PATIENCE = 40
"""Steps that wait for the same thing before the clock goes on without it."""


@blueprint.post("/clock")
def step() -> Response:
    """`{to: day|due|result, loan, walk}`; a first step has no walk."""
    given = request.get_json()
    goal, external_id = given["to"], given.get("loan") or ""
    with read_tx(services().engine) as connection:
        row = find(connection, external_id)
        road = _road(connection, row) if row else Road(None, None, lacking=False)
        walk = given.get("walk") or _begin(connection, goal, row, road)
    if walk is None:
        return answer(stuck="no_due")
    patient = walk["waited"] < PATIENCE
    if patient and not at_rest(services(), datetime.fromisoformat(walk["since"])):
        return _waits("worker", walk)
    return _result_step(road, walk) if goal == "result" else _day_step(road, walk)


def _begin(connection: Connection, goal: str, row: AnyRow | None, road: Road) -> dict[str, Any] | None:
    until = now() + MOST
    if goal == "day":
        until = _morning(1)
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
        "since": (system_now() - SEEN).isoformat(),
        "until": until.isoformat(),
        "deliveries": sorted(deliveries(road)),
        "waited": 0,
    }


def _morning(days: int) -> datetime:
    return datetime.combine(today() + timedelta(days=days), MORNING, zone())


def _day_step(road: Road, walk: dict[str, Any]) -> Response:
    until = datetime.fromisoformat(walk["until"])
    if now() >= until:
        return answer(reached=True)
    return _moved(next_stop(road, now(), until, every_day=True), walk)


def _result_step(road: Road, walk: dict[str, Any]) -> Response:
    if deliveries(road) - set(walk["deliveries"]):
        return answer(reached=True)
    rules = load_rules(services().lender.lender.contact_country)
    waits = awaited(road, now(), rules, services().settings.debit_submit_until)
    if waits and walk["waited"] < PATIENCE:
        nudge(services())
        return _waits(waits, walk)
    if stuck := dead_end(road):
        return answer(stuck=stuck)
    until = datetime.fromisoformat(walk["until"])
    return answer(stuck="too_far") if now() >= until else _moved(next_stop(road, now(), until), walk)


def _waits(what: str, walk: dict[str, Any]) -> Response:
    return answer(waits=what, walk=walk | {"waited": walk["waited"] + 1})


def _moved(stop: datetime, walk: dict[str, Any]) -> Response:
    services().clock.move(stop - now())
    return answer(moved=True, walk=walk | {"since": system_now().isoformat(), "waited": 0})


def _road(connection: Connection, row: AnyRow) -> Road:
    """Both books' word on what is under way for this loan."""
    debit = debit_of(connection, services(), row)
    standing = next(
        (mandate for mandate in debit["mandates"] if mandate["status"] not in ENDED),
        next(iter(debit["mandates"]), None),
    )
    provider = standing["provider"] if standing else None
    charges = tuple(_debited(charge) for charge in debit["charges"] if charge["status"] != "cancelled")
    unpaid = (
        connection.scalar(
            select(instalment_table.c.id).where(instalment_table.c.loan_id == row.id, UNPAID > 0).limit(1)
        )
        is not None
    )
    lacking = row.flow == "mandate" and row.expecting is not None
    return Road(
        standing["status"] if standing else None,
        _time(provider and provider["decided_at"]),
        lacking,
        charges,
        unpaid,
    )


def _debited(charge: dict[str, Any]) -> Debited:
    there = charge["provider"] or {}
    times = {name: _time(there.get(name)) for name in ("result_at", "settles_at", "reversed_at")}
    return Debited(charge["id"], charge["status"], datetime.fromisoformat(charge["on"]).date(), **times)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
