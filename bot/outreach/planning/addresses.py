"""By SMS a borrower is reached at the number that the tape gave for WhatsApp: an address of its own, in the
same conversation, for those for whom it matters.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    literal,
    not_,
    or_,
    select,
    true,
)

from bot.channels import refused_templates
from bot.outreach.planning.arms import Arm
from bot.outreach.planning.strategy import Strategy
from bot.outreach.planning.versions import strategies_in_force
from bot.reach import channels_of
from bot.services import Services
from models import borrower_table, contact_point_table, read_tx, write_tx
from models.base import UtcDateTime, word, words
from models.upsert import insert_new

BATCH = 10_000
PHONE = "+%"
"""A person whose number WhatsApp hides has no address like this."""


def add_sms_addresses(services: Services) -> int:
    """Of all, where a strategy in force names SMS, the lender may not use WhatsApp, or WhatsApp refused a
    template and SMS comes next; else of those who asked for SMS, or whom WhatsApp does not know. Nothing
    where a number is closed: somebody else has it.
    """
    if not services.settings.sms_from:
        return 0
    with read_tx(services.engine) as connection:  # all addresses are looked through: no writer waits for it
        columns, missing = _missing(services, _wanted(connection, services))
        if connection.execute(missing.limit(1)).first() is None:
            return 0
    with write_tx(services.engine) as connection:
        added = insert_new(connection, contact_point_table, ("borrower_id", "channel", "key"))
        rows = added.from_select(columns, missing.limit(BATCH))
        return int(connection.execute(rows.execution_options(preserve_rowcount=True)).rowcount)


def add_sms_address_of(connection: Connection, services: Services, borrower_id: int) -> None:
    """The same of one person, who is about to be written to."""
    if services.settings.sms_from:
        columns, missing = _missing(services, _wanted(connection, services))
        added = insert_new(connection, contact_point_table, ("borrower_id", "channel", "key"))
        mine = missing.where(contact_point_table.c.borrower_id == borrower_id)
        connection.execute(added.from_select(columns, mine))


def as_in_force(services: Services, arm: Arm) -> Arm:
    """For a preview: once its strategy is in force, who has no address for SMS is reached at their number."""
    channels = arm.step.channels
    until = channels.index("sms") if "sms" in channels else 0
    if not services.settings.sms_from or "sms" not in channels or "whatsapp" in channels[:until]:
        return arm
    others = (each for each in channels[until + 1 :] if each != "whatsapp")
    step = arm.step.model_copy(update={"channels": (*channels[:until], "sms", "whatsapp", *others)})
    return replace(arm, step=step)


def by_number(chosen: Subquery, wanted: Sequence[str]) -> Subquery:
    """Candidates of `as_in_force`, of a step that goes by `wanted`: by SMS who has a number."""
    number = contact_point_table.c.key.like(PHONE)
    by_whatsapp = chosen.c.channel == word("whatsapp")
    channel = case((and_(by_whatsapp, number), word("sms")), else_=chosen.c.channel).label("channel")
    columns = [each for each in chosen.c if each.name != "channel"]
    rows = select(*columns, channel).join(
        contact_point_table, contact_point_table.c.id == chosen.c.contact_point_id
    )
    hidden = and_(by_whatsapp, not_(number))
    return (rows if "whatsapp" in wanted else rows.where(not_(hidden))).subquery("by_number")


def _missing(services: Services, wanted: ColumnElement[bool]) -> tuple[list[str], Select[Any]]:
    """The columns of contact points, and their rows."""
    point, other = contact_point_table, contact_point_table.alias("other")
    known = select(other.c.id).where(
        other.c.borrower_id == point.c.borrower_id,
        other.c.channel == word("sms"),
        other.c.key == point.c.key,
    )
    columns = {
        "borrower_id": point.c.borrower_id,
        "conversation_id": point.c.conversation_id,
        "channel": literal("sms"),
        "key": point.c.key,
        "address": point.c.key,
        "status": literal("unverified"),
        "failures": literal(0),
        "additional": true(),
        "created_at": literal(services.clock.now(), UtcDateTime),
    }
    rows = (
        select(*columns.values())
        .join_from(point, borrower_table, borrower_table.c.id == point.c.borrower_id)
        .where(
            point.c.channel == word("whatsapp"),
            point.c.key.like(PHONE),
            point.c.status.in_(words("unverified", "confirmed", "invalid")),
            ~known.exists(),
            wanted,
        )
    )
    return list(columns), rows


def _wanted(connection: Connection, services: Services) -> ColumnElement[bool]:
    barred = "whatsapp" not in channels_of(services)
    comes_next = "sms" in services.lender.policy.next_channel.get("whatsapp", ())
    stopped = comes_next and bool(refused_templates(connection, services.wording))
    if barred or stopped or any("sms" in _channels(each) for each in strategies_in_force(connection)):
        return true()
    unknown_there = contact_point_table.c.status == word("invalid")
    return or_(borrower_table.c.preferred_channel == word("sms"), unknown_there)


def _channels(strategy: Strategy) -> set[str]:
    """All that it names."""
    named = [strategy.segment.channels]
    for step in strategy.steps:
        named += [step.channels, step.segment.channels, *(each.channels or () for each in step.variants)]
    return set(chain.from_iterable(named))
