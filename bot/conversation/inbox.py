"""Rows of what borrowers write: a message once per `(account, MessageSid)`, a conversation per address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.conversation.incoming import Incoming
from models import contact_point_table, conversation_table, message_file_table, message_table
from models.base import AnyRow
from models.upsert import add_new, insert_new

_ALWAYS = (("direction", "in"), ("author", "borrower"))


def add_message(connection: Connection, incoming: Incoming, at: datetime, **values: Any) -> int | None:
    """The message's id; null when it was stored before."""
    rare = {"media": [dict(each) for each in incoming.media], **values, "extra": values.get("extra")}
    rare["extra"] = {**incoming.extra, **(rare["extra"] or {})}
    row = {name: value for name, value in rare.items() if value not in ([], {}, None)} | {
        "channel": incoming.channel,
        "address": incoming.address,
        "sender": incoming.sender,
        "account_sid": incoming.account_sid,
        "provider_sid": incoming.provider_sid,
        "attempts": 0,
        "created_at": at,
    }
    message_id = add_new(connection, message_table, ("account_sid", "provider_sid"), row, _ALWAYS)
    if incoming.media and message_id is not None:
        _add_files(connection, incoming, row["conversation_id"], message_id, at)
    return message_id


def _add_files(
    connection: Connection, incoming: Incoming, conversation_id: int, message_id: int, at: datetime
) -> None:
    """What did not come with it is fetched by a sweep: no turn waits for it."""
    of_message = {"conversation_id": conversation_id, "message_id": message_id, "created_at": at}
    rows = []
    for file in incoming.media:
        if url := file.get("url"):
            content = incoming.contents.get(url)
            here = content is not None
            rows.append(
                {
                    **of_message,
                    "url": url,
                    "name": file.get("name"),
                    "content": content,
                    "content_type": file["content_type"] if here else None,
                    "fetch_at": None if here else at,
                }
            )
    if rows:
        connection.execute(insert(message_file_table), rows)


def add_conversation(connection: Connection, incoming: Incoming, at: datetime) -> None:
    """A conversation for an address that nobody knows; nothing where there is one by now."""
    row: Mapping[str, Any] = {
        "key": incoming.key,
        "channel": incoming.channel,
        "address": incoming.address,
        "state": {},
        "version": 0,
        "handler": "bot",
        "urgency": 0,
        "created_at": at,
    }
    connection.execute(insert_new(connection, conversation_table, ("key",)), row)


def conversation_of(connection: Connection, incoming: Incoming, at: datetime) -> AnyRow:
    """`id` and `expecting` of the conversation at this address, by as few and plain statements as can be."""
    by_key = select(conversation_table.c.id, conversation_table.c.expecting).where(
        conversation_table.c.key == incoming.key
    )
    keys = [key for key in (incoming.key, incoming.alias) if key]
    by_contact_point = (
        select(conversation_table.c.id, conversation_table.c.expecting)
        .join(contact_point_table, contact_point_table.c.conversation_id == conversation_table.c.id)
        .where(contact_point_table.c.key.in_(keys))
        .limit(1)
    )
    found = connection.execute(by_key).first() or connection.execute(by_contact_point).first()
    if found is not None:
        return found
    add_conversation(connection, incoming, at)
    return connection.execute(by_key).one()
