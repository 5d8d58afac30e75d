"""What a strategy's figures call for: a challenger that hurts is stopped, and its owner is notified where
figures leave the bounds that the strategy names.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, distinct, func, insert, select, update

from bot.outreach.planning.arms import CHAMPION, HELD_OUT
from bot.outreach.planning.intervals import Share, difference, one_look
from bot.outreach.planning.results import Result, results
from bot.outreach.planning.strategy import Strategy
from bot.outreach.planning.versions import invalid_strategies, strategies_in_force
from bot.outreach.sending.pace import close_day
from bot.reach import NewTask, open_task
from bot.services import Services
from models import ledger_entry_table, loan_table, message_table, setting_table, write_tx

LOOK_BACK = timedelta(days=30)
CERTAIN = 0.99
"""Asked every hour, a bound of 95 % would be crossed by chance by one variant of eight; this one by one of
thirty that do no harm, for that harm is seen soon.
"""
ENOUGH = 50
"""People of a variant before it is judged."""
WEEK, STOPPED = timedelta(days=7), timedelta(hours=2)
"""What a sender is judged by, asked every hour; and how long it stops: to the next look, and a little."""
ENOUGH_OF_SENDER = 200
"""People written to before a sender is judged."""
_WRITTEN_TO = (
    select(message_table.c.channel, func.count(distinct(message_table.c.conversation_id)))
    .where(
        message_table.c.sent_at.is_not(None),
        message_table.c.sent_at >= bindparam("since"),
        message_table.c.direction == "out",
        message_table.c.purpose == "contact",
    )
    .group_by(message_table.c.channel)
)
_CHANNEL = ledger_entry_table.c.data["channel"].as_string().label("channel")
_ASKED_FOR_SILENCE = (
    select(_CHANNEL, func.count(distinct(loan_table.c.borrower_id)))
    .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
    .where(ledger_entry_table.c.kind == "optout.recorded", ledger_entry_table.c.at >= bindparam("since"))
    .group_by(_CHANNEL)
)
"""By the channel where they wrote it, or blocked us."""


def watch_strategies(services: Services) -> int:
    """The sweep: how many variants it stopped."""
    now = services.clock.now()
    today, zone = services.day(now), ZoneInfo(services.settings.timezone)
    count = 0
    with write_tx(services.engine) as connection:
        for name, version, faults in invalid_strategies(connection):
            data = {"strategy": f"{name}@{version}", "faults": faults}
            key = f"strategy_invalid:{name}@{version}"
            open_task(connection, NewTask("strategy_invalid", now, key=key, data=data))
        for strategy in strategies_in_force(connection):
            if not (strategy.alarm or any(step.variants for step in strategy.steps)):
                continue
            first = (now - LOOK_BACK).astimezone(zone).date()
            found = results(connection, strategy.name, first, today, zone=zone, prices=services.lender.prices)
            count += _stop_what_hurts(connection, strategy, found, now)
            _alarm(connection, strategy, found, now)
    return count


def watch_senders(services: Services) -> int:
    """The sweep: how many channels it stopped. What was asked for still leaves by them."""
    now, most = services.clock.now(), services.lender.policy.sender_stop_percent
    if not most:
        return 0
    with write_tx(services.engine) as connection:
        written: dict[str, int] = dict(connection.execute(_WRITTEN_TO, {"since": now - WEEK}).all())
        silent: dict[str, int] = dict(connection.execute(_ASKED_FOR_SILENCE, {"since": now - WEEK}).all())
        stopped = [
            channel
            for channel, people in sorted(written.items())
            if people >= ENOUGH_OF_SENDER and silent.get(channel, 0) * 100 > most * people
        ]
        for channel in stopped:
            close_day(connection, services, channel, "silence_rate", now + STOPPED, now)
    return len(stopped)


def stopped_variants(connection: Connection, strategy: str) -> dict[str, Any]:
    """`step:variant` → when it was stopped."""
    query = select(setting_table.c.value).where(setting_table.c.name == f"stopped:{strategy}")
    return dict(connection.scalar(query) or {})


def _stop_what_hurts(
    connection: Connection, strategy: Strategy, found: Iterable[Result], now: datetime
) -> int:
    by_name = {(each.step, each.variant): each for each in found}
    stopped = stopped_variants(connection, strategy.name)
    before = len(stopped)
    for (step, variant), result in by_name.items():
        champion = by_name.get((step, CHAMPION))
        name = f"{step}:{variant}"
        if variant in (CHAMPION, HELD_OUT, "") or champion is None or name in stopped:
            continue
        low, _ = difference(result.harmed, champion.harmed, one_look(CERTAIN))
        if result.harmed.people >= ENOUGH and low > 0:
            stopped[name] = now.isoformat()
            data = {"strategy": strategy.name, "step": step, "variant": variant, "owner": strategy.owner}
            key = f"challenger:{strategy.name}:{name}"
            open_task(connection, NewTask("challenger_stopped", now, key=key, data=data))
    if len(stopped) > before:
        _keep(connection, f"stopped:{strategy.name}", stopped, now)
    return len(stopped) - before


def _alarm(connection: Connection, strategy: Strategy, found: Iterable[Result], now: datetime) -> None:
    alarm, tried = strategy.alarm, [each for each in found if each.variant != HELD_OUT]
    if alarm is None:
        return
    paid = Share(sum(each.paid.hits for each in tried), sum(each.paid.people for each in tried))
    harmed = Share(sum(each.harmed.hits for each in tried), paid.people)
    if paid.people < alarm.people_from:
        return
    drifted = {}
    if alarm.paid_percent_from is not None and paid.value * 100 < alarm.paid_percent_from:
        drifted["paid_percent"] = round(paid.value * 100, 1)
    if alarm.harmed_percent_to is not None and harmed.value * 100 > alarm.harmed_percent_to:
        drifted["harmed_percent"] = round(harmed.value * 100, 1)
    if drifted:
        data = {"strategy": strategy.name, "owner": strategy.owner, **drifted}
        key = f"alarm:{strategy.name}:{now.date().isoformat()}"
        open_task(connection, NewTask("strategy_alarm", now, key=key, data=data))


def _keep(connection: Connection, name: str, value: dict[str, Any], now: datetime) -> None:
    row = {"value": value, "changed_at": now}
    if not connection.execute(update(setting_table).where(setting_table.c.name == name).values(row)).rowcount:
        connection.execute(insert(setting_table).values(name=name, **row))
