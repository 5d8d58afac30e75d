"""The outbox's rows that are due, and what is known of each when it is asked whether it may leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from bot.compliance import ContactRequest
from bot.reach import LEFT, WINDOW, contact_request, holds_on
from bot.services import Services
from models import (
    agent_contact_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    ledger_entry_table,
    loan_table,
    message_table,
    posting_table,
)
from models.base import AnyRow
from models.contact_point import CHANNELS
from models.loan import brand_read
from models.message import PURPOSES

SKEW = timedelta(minutes=1)
"""By which the clocks of two machines may differ."""
UNASKED = tuple(purpose for purpose in PURPOSES if purpose != "reply")
_QUEUED = cast("ColumnElement[bool]", literal_column("message.status = 'queued'"))
"""Literal, because a partial index is not found through a bound parameter."""
_CLOSED = tuple(f"closed_{place}" for place in range(len(CHANNELS)))
_DUE = and_(
    _QUEUED,
    message_table.c.not_before <= bindparam("now"),
    message_table.c.channel.not_in([bindparam(name) for name in _CLOSED]),
)
ANY_DUE = select(message_table.c.id).where(message_table.c.purpose.in_(PURPOSES), _DUE).limit(1)
_IN_FLIGHT = select(message_table.alias("in_flight").c.conversation_id).where(
    literal_column("in_flight.status IN ('sending', 'unknown')")
)
_waiting = message_table.alias("waiting")
_PAUSED = select(_waiting.c.conversation_id).where(
    literal_column("waiting.status = 'queued'"),
    _waiting.c.purpose == "reply",
    _waiting.c.not_before > bindparam("now"),
    _waiting.c.attempts > 0,
)
"""Conversations whose next answer waits to be tried again: those behind it wait too."""
_FIRST = (
    select(message_table.c.conversation_id)
    .where(
        _DUE,
        message_table.c.conversation_id.not_in(_IN_FLIGHT),
        message_table.c.conversation_id.not_in(_PAUSED),
    )
    .order_by(message_table.c.not_before, message_table.c.id)
    .limit(bindparam("most"))
)
_REPLIES, _OTHERS = (
    _FIRST.where(message_table.c.purpose == "reply"),
    _FIRST.where(message_table.c.purpose.in_(UNASKED)),
)
_HEADS = (
    select(
        func.min(case((message_table.c.purpose == "reply", message_table.c.id))), func.min(message_table.c.id)
    )
    .where(message_table.c.conversation_id.in_(bindparam("conversations", expanding=True)), _DUE)
    .group_by(message_table.c.conversation_id)
)
"""Of each conversation its oldest answer, and its oldest message of all."""
_ROWS = (
    select(
        message_table,
        conversation_table.c.handler,
        conversation_table.c.queued_at,
        conversation_table.c.somebody_else_since,
        conversation_table.c.last_in_at,
        conversation_table.c.channel.label("last_channel"),
        borrower_table.c.zone,
        borrower_table.c.language,
        borrower_table.c.opted_out_at,
        borrower_table.c.preferred_from,
        borrower_table.c.preferred_until,
        loan_table.c.status.label("loan_status"),
        loan_table.c.outstanding_centavos,
        brand_read([message_table.c.borrower_id]).label("brand"),
    )
    .select_from(
        message_table.join(conversation_table, conversation_table.c.id == message_table.c.conversation_id)
        .outerjoin(borrower_table, borrower_table.c.id == message_table.c.borrower_id)
        .outerjoin(loan_table, loan_table.c.id == message_table.c.loan_id)
    )
    .where(
        message_table.c.id.in_(bindparam("ids", expanding=True)),
        _QUEUED,
        message_table.c.conversation_id.not_in(_IN_FLIGHT),
    )
    .order_by(message_table.c.purpose != "reply", message_table.c.id)
    .with_for_update(skip_locked=True, of=message_table)
)
_FREE = (
    select(borrower_table.c.id)
    .where(borrower_table.c.id.in_(bindparam("people", expanding=True)))
    .order_by(borrower_table.c.id)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A queued message with its conversation and borrower."""

    row: AnyRow
    holds: frozenset[str]
    point: str
    opted_out: bool
    contacts: tuple[tuple[datetime, str], ...]
    """When contacts of ours left in the last seven days, and by which channel."""
    notices: tuple[datetime, ...]
    money_moved: bool
    """Whether the loan's ledger moved money since this was queued."""
    window_until: datetime | None
    """When WhatsApp's window closes, less a margin; null where it never opened."""

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.row.zone) if self.row.zone else None

    def request(self, services: Services, now: datetime) -> ContactRequest:
        row = self.row
        return contact_request(
            services,
            now,
            row.channel,
            row.purpose,
            zone=row.zone,
            opted_out=self.opted_out,
            contact_point=self.point,
            holds=self.holds,
            loan_status=row.loan_status or "current",
            contacts=self.contacts,
            notices=self.notices,
            preferred=(row.preferred_from, row.preferred_until),
        )


def any_due(connection: Connection, now: datetime, closed: Sequence[str] = ()) -> bool:
    """Cheap enough to be asked seven times a second."""
    return connection.scalar(ANY_DUE, {"now": now, **without(closed)}) is not None


def without(closed: Sequence[str]) -> dict[str, str]:
    """Binds the closed channels. Always as many parameters: a list that is bound is expanded at every
    execution.
    """
    return dict(zip_longest(_CLOSED, closed, fillvalue=""))


def due(connection: Connection, now: datetime, batch: int, closed: Sequence[str] = ()) -> list[AnyRow]:
    """Rows that are due, locked: answers before what we send unasked, one of each conversation and person,
    none whose conversation has one in flight, and none of the channels that are `closed`.
    """
    asked = {"now": now, **without(closed)}
    conversations = list(connection.scalars(_REPLIES, asked | {"most": batch * 4}))
    if len(set(conversations)) < batch:
        conversations += connection.scalars(_OTHERS, asked | {"most": batch * 4})
    chosen = list(dict.fromkeys(conversations))[:batch]
    heads = connection.execute(_HEADS, asked | {"conversations": chosen}).all() if chosen else []
    ids = [answer or oldest for answer, oldest in heads]
    rows = connection.execute(_ROWS, {"ids": ids}).all() if ids else []
    return _alone(connection, rows)


def _alone(connection: Connection, rows: Sequence[AnyRow]) -> list[AnyRow]:
    """One contact per person at a time, whatever the conversation: the caps are counted behind this lock."""
    wanted = {row.borrower_id for row in rows if row.purpose != "reply" and row.borrower_id is not None}
    if not wanted:
        return list(rows)
    free = set(connection.scalars(_FREE, {"people": list(wanted)}))
    kept: list[AnyRow] = []
    for row in rows:
        if row.purpose == "reply" or row.borrower_id is None:
            kept.append(row)
        elif row.borrower_id in free:
            free.discard(row.borrower_id)
            kept.append(row)
    return kept


def known(connection: Connection, rows: Sequence[AnyRow], now: datetime) -> list[Due]:
    """With what is asked of each before it leaves."""
    held_back = [row for row in rows if row.purpose != "reply"]
    points = _points(connection, held_back)
    holds = holds_on(connection, {(row.loan_id, row.borrower_id) for row in held_back}, now)
    sent = _sent(connection, held_back, now - timedelta(days=7))
    silenced = _silenced(connection, held_back)
    moved = _moved(connection, [row for row in held_back if row.purpose == "contact"], now)
    opened = _opened(
        connection,
        [row.conversation_id for row in rows if row.channel == "whatsapp" and row.last_channel != "whatsapp"],
    )
    return [
        Due(
            row,
            holds.get((row.loan_id, row.borrower_id), frozenset()),
            points.get((row.conversation_id, row.channel), "unverified"),
            row.opted_out_at is not None or row.conversation_id in silenced,
            tuple((at, by) for at, by, purpose in sent.get(row.id, ()) if purpose == "contact"),
            tuple(at for at, _, purpose in sent.get(row.id, ()) if purpose != "contact"),
            row.id in moved,
            _closes(opened.get(row.conversation_id) if row.last_channel != "whatsapp" else row.last_in_at),
        )
        for row in rows
    ]


def _closes(opened: datetime | None) -> datetime | None:
    return opened + WINDOW if opened else None


def _opened(connection: Connection, conversations: Collection[int]) -> dict[int, datetime]:
    """The last WhatsApp message of those who last wrote elsewhere: an SMS opens no window."""
    if not conversations:
        return {}
    query = select(message_table.c.conversation_id, func.max(message_table.c.created_at)).where(
        message_table.c.conversation_id.in_(conversations),
        message_table.c.direction == "in",
        message_table.c.channel == "whatsapp",
    )
    return dict(connection.execute(query.group_by(message_table.c.conversation_id)).all())


def _points(connection: Connection, rows: Sequence[AnyRow]) -> dict[tuple[int, str], str]:
    """The health of the address that each would go to: the best of those there."""
    if not rows:
        return {}
    best = func.min(
        case(
            (contact_point_table.c.status == "confirmed", 0),
            (contact_point_table.c.status == "unverified", 1),
            (contact_point_table.c.status == "invalid", 2),
            else_=3,
        )
    )
    query = select(contact_point_table.c.conversation_id, contact_point_table.c.channel, best).where(
        contact_point_table.c.conversation_id.in_({row.conversation_id for row in rows})
    )
    names = ("confirmed", "unverified", "invalid", "closed")
    found = connection.execute(
        query.group_by(contact_point_table.c.conversation_id, contact_point_table.c.channel)
    )
    return {(conversation, channel): names[rank] for conversation, channel, rank in found}


def _sent(
    connection: Connection, rows: Sequence[AnyRow], since: datetime
) -> dict[int, list[tuple[datetime, str, str]]]:
    """By message: when what we wrote unasked left, by which channel, for which purpose; calls and visits of
    agents too. Of a shared phone where nobody is known yet, whatever went there counts.
    """
    sent: dict[int, list[tuple[datetime, str, str]]] = {row.id: [] for row in rows}
    if not rows:
        return sent
    theirs = message_table.c.borrower_id.in_({row.borrower_id for row in rows if row.borrower_id is not None})
    here = message_table.c.conversation_id.in_({row.conversation_id for row in rows})
    query = select(
        message_table.c.borrower_id,
        message_table.c.conversation_id,
        message_table.c.sent_at,
        message_table.c.channel,
        message_table.c.purpose,
    ).where(
        or_(theirs, here),
        message_table.c.direction == "out",
        message_table.c.purpose != "reply",
        message_table.c.status.in_(LEFT),
        message_table.c.sent_at >= since,
    )
    by_agents = select(
        agent_contact_table.c.borrower_id,
        null(),
        agent_contact_table.c.at,
        agent_contact_table.c.channel,
        literal_column("'contact'"),
    ).where(
        agent_contact_table.c.borrower_id.in_({row.borrower_id for row in rows}),
        agent_contact_table.c.at >= since,
    )
    for person, conversation, *when in connection.execute(union_all(query, by_agents)):
        for row in rows:
            if (
                (row.borrower_id == person)
                if row.borrower_id and person
                else row.conversation_id == conversation
            ):
                sent[row.id].append((when[0], when[1], when[2]))
    return sent


def _silenced(connection: Connection, rows: Sequence[AnyRow]) -> set[int]:
    """Conversations without a known person where everybody asked for no more messages."""
    nobody = {row.conversation_id for row in rows if row.borrower_id is None}
    if not nobody:
        return set()
    here = (
        select(contact_point_table.c.conversation_id)
        .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
        .where(contact_point_table.c.conversation_id.in_(nobody))
        .group_by(contact_point_table.c.conversation_id)
    )
    return set(connection.scalars(here.having(func.count(borrower_table.c.opted_out_at) == func.count())))


def _moved(connection: Connection, rows: Sequence[AnyRow], now: datetime) -> set[int]:
    """Ids of the messages about a loan whose money moved since they were queued. Where the clock was set
    back, all entries of its future are later than any message: each would be planned anew for ever.
    """
    about = [row.id for row in rows if row.loan_id is not None]
    if not about:
        return set()
    query = (
        select(message_table.c.id)
        .join(
            ledger_entry_table,
            and_(
                ledger_entry_table.c.loan_id == message_table.c.loan_id,
                ledger_entry_table.c.at >= message_table.c.created_at,
                ledger_entry_table.c.at < now + SKEW,
            ),
        )
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(message_table.c.id.in_(about))
        .distinct()
    )
    return set(connection.scalars(query))
