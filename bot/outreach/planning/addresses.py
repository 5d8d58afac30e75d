"""By SMS a borrower is reached at the number that the tape gave for WhatsApp: an address of its own, in the
same conversation, for those for whom it matters.
"""

from itertools import chain

from sqlalchemy import ColumnElement, Connection, literal, or_, select, true

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
    """Of all, where a strategy in force names SMS or the lender may not use WhatsApp; else of those who asked
    for SMS, or whom WhatsApp does not know. Nothing where a number is closed: somebody else has it.
    """
    if not services.settings.sms_from:
        return 0
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        wanted = _wanted(connection, services)
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
        "created_at": literal(now, UtcDateTime),
    }
    missing = (
        select(*columns.values())
        .join_from(point, borrower_table, borrower_table.c.id == point.c.borrower_id)
        .where(
            point.c.channel == word("whatsapp"),
            point.c.key.like(PHONE),
            point.c.status.in_(words("unverified", "confirmed", "invalid")),
            ~known.exists(),
            wanted,
        )
        .limit(BATCH)
    )
    with write_tx(services.engine) as connection:
        added = insert_new(connection, contact_point_table, ("borrower_id", "channel", "key"))
        done = connection.execute(
            added.from_select(list(columns), missing).execution_options(preserve_rowcount=True)
        )
    return int(done.rowcount)


def _wanted(connection: Connection, services: Services) -> ColumnElement[bool]:
    barred = "whatsapp" not in channels_of(services)
    if barred or any("sms" in _channels(each) for each in strategies_in_force(connection)):
        return true()
    unknown_there = contact_point_table.c.status == word("invalid")
    return or_(borrower_table.c.preferred_channel == word("sms"), unknown_there)


def _channels(strategy: Strategy) -> set[str]:
    """All that it names."""
    named = [strategy.segment.channels]
    for step in strategy.steps:
        named += [step.channels, step.segment.channels, *(each.channels or () for each in step.variants)]
    return set(chain.from_iterable(named))
