"""How fast each sender may go: tokens that all workers share, pauses after failures, and the number of
conversations that WhatsApp lets a sender open in a day.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from sqlalchemy import Connection, bindparam, case, or_, select, update

from bot.clock import system_now
from bot.outreach.sending.outbox import Due
from bot.reach import NewTask, open_task
from bot.services import Services
from models import sender_table, task_table
from models.base import AnyRow
from models.upsert import insert_new

BURST_SECONDS = 0.25
"""How much of its rate an idle sender may make up for."""
BROKEN = 5
"""Failures in a row after which a sender is tried by single messages, with growing pauses between them."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=1)
LONGEST_HOLD = timedelta(minutes=5)
FULL = timedelta(minutes=15)
"""How long what nobody asked for waits once a sender's day is full."""
_HOUR = "%Y-%m-%dT%H"
_SENDERS = select(sender_table)
_LOCKED = (
    _SENDERS.where(sender_table.c.channel.in_(bindparam("channels", expanding=True)))
    .order_by(sender_table.c.channel)
    .with_for_update()
)
_PAUSED, _FULL = sender_table.c.paused_until > bindparam("now"), sender_table.c.full_until > bindparam("now")
_WORKS = (
    update(sender_table)
    .where(
        sender_table.c.channel == bindparam("by"),
        or_(
            sender_table.c.failures > 0,
            sender_table.c.paused_until <= bindparam("now"),
            sender_table.c.full_until <= bindparam("now"),
        ),
    )
    .values(
        failures=0,
        paused_until=case(((sender_table.c.failures < BROKEN) & _PAUSED, sender_table.c.paused_until)),
        full_until=case((_FULL, sender_table.c.full_until)),
    )
    .returning(sender_table.c.paused_until, sender_table.c.full_until)
)
_BROKEN = select(sender_table.c.channel).where(sender_table.c.failures >= BROKEN)


@dataclass(slots=True)
class Pace:
    """What each sender may do now, by channel."""

    closed: tuple[str, ...] = ()
    """Nothing leaves by these now."""
    full: Mapping[str, datetime] = field(default_factory=dict)
    """Until when what nobody asked for waits."""
    room: float = inf
    """How many messages all senders together may send: what is read beyond that was read in vain."""

    def waits_until(self, each: Due, now: datetime) -> datetime | None:
        """When what nobody asked for may leave by a sender whose day is full; null where it may now.
        WhatsApp's window is free of that limit.
        """
        until = self.full.get(each.row.channel)
        open_ = each.row.channel == "whatsapp" and each.window_until is not None and each.window_until > now
        return until if until is not None and each.row.purpose != "reply" and not open_ else None


def read_pace(connection: Connection, services: Services, now: datetime, at: datetime) -> Pace:
    """`at` is machine time."""
    rows = connection.execute(_SENDERS).all()
    free = {channel: _most(rate) for channel, rate in services.settings.messages_per_second.items()}
    free |= {row.channel: _free(services, row, at) for row in rows if free[row.channel] < inf}
    return Pace(
        tuple(
            row.channel
            for row in rows
            if (row.paused_until is not None and row.paused_until > now) or _free(services, row, at) < 1
        ),
        {row.channel: row.full_until for row in rows if row.full_until is not None and row.full_until > now},
        sum(free.values()),
    )


def within_rate(
    connection: Connection, services: Services, found: Sequence[AnyRow], at: datetime
) -> list[AnyRow]:
    """As many as their senders may send at once, first come first. The senders stay locked until the
    transaction ends, so that no two workers spend the same tokens.
    """
    limited = {row.channel for row in found if _rate(services, row.channel)}
    senders = _locked(connection, services, limited)
    left = {channel: _free(services, row, at) for channel, row in senders.items()}
    left |= {channel: min(1.0, left.get(channel, 1.0)) for channel in connection.scalars(_BROKEN)}
    kept: list[AnyRow] = []
    for each in found:
        room = left.get(each.channel)
        if room is None or room >= 1:
            kept.append(each)
            if room is not None:
                left[each.channel] = room - 1
    return kept


def spend(connection: Connection, services: Services, channels: Sequence[str], at: datetime) -> None:
    """Takes the tokens of what is about to leave."""
    counts = Counter(channel for channel in channels if _rate(services, channel))
    for channel, row in _locked(connection, services, set(counts)).items():
        _change(connection, channel, tokens=_free(services, row, at) - counts[channel], refilled_at=at)


def may_open(connection: Connection, services: Services, wanted: int, now: datetime) -> int:
    """How many of `wanted` conversations may be opened by template, counted as opened: WhatsApp's tier is of
    people in 24 hours. Whoever is written to twice counts twice, and an hour counts whole: the limit is
    reached a little early.
    """
    most = services.settings.whatsapp_people_per_day
    if not most or not wanted:
        return wanted
    row = _locked(connection, services, {"whatsapp"})["whatsapp"]
    oldest = (now - timedelta(days=1)).strftime(_HOUR)
    opened = {hour: count for hour, count in row.opened.items() if hour >= oldest}
    granted = max(0, min(wanted, most - sum(map(int, opened.values()))))
    hour = now.strftime(_HOUR)
    opened[hour] = opened.get(hour, 0) + granted
    full = now + FULL if granted < wanted else row.full_until
    _change(connection, "whatsapp", opened=opened, full_until=full)
    return granted


def is_broken(connection: Connection, channel: str) -> bool:
    query = select(sender_table.c.failures).where(sender_table.c.channel == channel)
    return (connection.scalar(query) or 0) >= BROKEN


def failed(connection: Connection, services: Services, channel: str, code: str, now: datetime) -> None:
    """A call that the provider did not take: after some in a row the sender pauses, and a person is shown."""
    row = _locked(connection, services, {channel})[channel]
    failures = row.failures + 1
    _change(connection, channel, failures=failures)
    if failures >= BROKEN:
        pause = min(FIRST_PAUSE * 2 ** min(failures - BROKEN, 8), LONGEST_PAUSE)
        pause_sender(connection, services, channel, code, now + pause, now)


def hold(connection: Connection, channel: str, until: datetime, now: datetime) -> None:
    """The provider asks for a pause: no fault of anybody's, and never a long one."""
    until = min(until, now + LONGEST_HOLD)
    shorter = sender_table.c.paused_until.is_(None) | (sender_table.c.paused_until < until)
    mine = (sender_table.c.channel == channel) & shorter
    connection.execute(update(sender_table).where(mine).values(paused_until=until))


def works(connection: Connection, channel: str, now: datetime) -> None:
    """A call was taken: the failures before it no longer count, and once nothing is held back nobody need
    look at the sender. A pause that the provider asked for stays: what was taken had left before.
    """
    held = connection.execute(_WORKS, {"by": channel, "now": now}).first()
    if held is not None and not any(held):
        stopped = (task_table.c.kind == "sender_stopped") & task_table.c.done_at.is_(None)
        mine = stopped & (task_table.c.data["channel"].as_string() == channel)
        done = {"done_at": now, "done_by": "system:dispatch", "outcome": "not_needed"}
        connection.execute(update(task_table).where(mine).values(key=None, **done))  # it may stop again today


def pause_sender(
    connection: Connection, services: Services, channel: str, code: str, until: datetime, now: datetime
) -> None:
    """What is wrong is wrong for every message: nothing leaves by the channel before `until`."""
    _locked(connection, services, {channel})
    _change(connection, channel, paused_until=until)
    _notify(connection, channel, code, now)


def close_day(
    connection: Connection, services: Services, channel: str, code: str, until: datetime, now: datetime
) -> None:
    """What nobody asked for waits until then."""
    _locked(connection, services, {channel})
    _change(connection, channel, full_until=until)
    _notify(connection, channel, code, now)


def _notify(connection: Connection, channel: str, code: str, now: datetime) -> None:
    key = f"sender:{channel}:{code}:{now.date().isoformat()}"
    open_task(connection, NewTask("sender_stopped", now, key=key, data={"error": code, "channel": channel}))


def _rate(services: Services, channel: str) -> float:
    return services.settings.messages_per_second.get(channel, 0.0)


def _free(services: Services, row: AnyRow, at: datetime) -> float:
    """Tokens by now; without a rate there is always one."""
    rate = _rate(services, row.channel)
    if not rate:
        return 1.0
    elapsed = max(0.0, (at - row.refilled_at).total_seconds())
    return float(min(row.tokens + elapsed * rate, _most(rate)))


def _most(rate: float) -> float:
    """That an idle sender may send at once."""
    return max(1.0, rate * BURST_SECONDS) if rate else inf


def _locked(connection: Connection, services: Services, channels: set[str]) -> dict[str, AnyRow]:
    """The rows of these senders, made where they are new, locked in one order."""
    if not channels:
        return {}
    asked = {"channels": sorted(channels)}
    found = {row.channel: row for row in connection.execute(_LOCKED, asked)}
    if new := [
        {
            "channel": channel,
            "tokens": _most(rate) if (rate := _rate(services, channel)) else 1.0,
            "refilled_at": system_now(),
            "failures": 0,
            "opened": {},
        }
        for channel in sorted(channels - set(found))
    ]:
        connection.execute(insert_new(connection, sender_table, ("channel",)), new)
        found = {row.channel: row for row in connection.execute(_LOCKED, asked)}
    return found


def _change(connection: Connection, channel: str, **values: object) -> None:
    connection.execute(update(sender_table).where(sender_table.c.channel == channel).values(**values))
