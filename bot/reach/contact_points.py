"""Where a borrower is best reached: one order, as SQL, for one person and for all of them; and how an address
is doing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, update

from bot.compliance import load_rules
from bot.services import Services
from models import borrower_table, contact_point_table, write_tx
from models.base import AnyRow, word, words
from models.contact_point import CHANNELS

USABLE = ("unverified", "confirmed")
"""Health of an address that may be written to."""

FAILING = 3
"""Failures since anything last arrived: another address of the same borrower comes first."""
Health = Literal["unverified", "delivered", "read", "right_party", "wrong", "blocked", "dead"]
EVER = datetime(1970, 1, 1, tzinfo=UTC)

_CHANNEL = contact_point_table.c.channel
_USABLE = contact_point_table.c.status.in_(words(*USABLE))


def confirmed_since(services: Services, now: datetime) -> datetime:
    """A confirmation from before the lines that nobody had registered were cut is none any more: the number
    may have another owner since.
    """
    cut = datetime.combine(services.settings.lines_cut_on, time(), ZoneInfo(services.settings.timezone))
    return cut if cut <= now else EVER


def unverify_before_cut(services: Services) -> int:
    """Contact points that were last confirmed before the cut; how many."""
    since = confirmed_since(services, services.clock.now())
    old = (contact_point_table.c.status == word("confirmed")) & (contact_point_table.c.confirmed_at < since)
    with write_tx(services.engine) as connection:
        return connection.execute(update(contact_point_table).where(old).values(status="unverified")).rowcount


def channels_of(services: Services) -> tuple[str, ...]:
    """By which this lender may write to people unasked: not all carry collection for others."""
    about = services.lender.lender
    if about.sender_role == "first_party":
        return CHANNELS
    allowed = load_rules(about.contact_country).third_party_channels
    return tuple(channel for channel in CHANNELS if channel in allowed)


def best_first(channels: Sequence[str] = ()) -> tuple[Any, ...]:
    """ORDER BY, over `contact_point` joined with `borrower`: an address that may be written to, then the
    channel that was declared, then `channels` in their order, then one where messages do not fail again and
    again, where the borrower proved who they are, where something was last read or answered, then a main one,
    then the newest.
    """
    chosen = [case({name: place for place, name in enumerate(channels)}, value=_CHANNEL)] if channels else []
    return (
        case((_USABLE, 0), else_=1),
        case((contact_point_table.c.channel == borrower_table.c.preferred_channel, 0), else_=1),
        *chosen,
        case((contact_point_table.c.failures >= FAILING, 1), else_=0),
        case((contact_point_table.c.status == "confirmed", 0), else_=1),
        contact_point_table.c.worked_at.desc().nulls_last(),
        case((contact_point_table.c.additional, 1), else_=0),
        contact_point_table.c.id.desc(),
    )


def may_be_written_to(channels: Sequence[str] = ()) -> ColumnElement[bool]:
    """Over `contact_point`; by one of `channels`, where any are given."""
    return and_(_USABLE, _CHANNEL.in_(channels)) if channels else _USABLE


def health(point: AnyRow) -> Health:
    """Of a contact point, by the strongest evidence: who answered there, what was read, what arrived."""
    match point.status:
        case "confirmed":
            return "right_party"
        case "invalid":
            return "dead"
        case "closed":
            return "blocked" if (point.closed_reason or "").startswith("blocked") else "wrong"
    if point.worked_at is not None:
        return "read"
    return "delivered" if point.delivered_at is not None else "unverified"


def best_contact_points(channels: Sequence[str] = ()) -> Select[Any]:
    """Each borrower's usable contact points, `rank` 1 the best: id, borrower_id, conversation_id, channel,
    address, status. `channels`: of these alone, in this order after the one that was declared.
    """
    order = best_first(channels)
    rank = func.row_number().over(partition_by=contact_point_table.c.borrower_id, order_by=order)
    return (
        select(
            contact_point_table.c.id,
            contact_point_table.c.borrower_id,
            contact_point_table.c.conversation_id,
            contact_point_table.c.channel,
            contact_point_table.c.address,
            contact_point_table.c.status,
            rank.label("rank"),
        )
        .select_from(
            contact_point_table.join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        )
        .where(may_be_written_to(channels))
    )


def best_contact_point(
    connection: Connection, borrower_id: int, *, usable_only: bool = True, channels: Sequence[str] = CHANNELS
) -> AnyRow | None:
    """The contact point, or null where there is none of these channels. Without `usable_only` a closed one is
    better than none: its conversation is still the borrower's.
    """
    query = (
        select(contact_point_table)
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .where(contact_point_table.c.borrower_id == borrower_id, _CHANNEL.in_(words(*channels)))
        .order_by(*best_first())
        .limit(1)
    )
    return connection.execute(query.where(_USABLE) if usable_only else query).first()
