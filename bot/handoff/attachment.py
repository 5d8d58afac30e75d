"""The file that an agent has chosen for the next answer: kept with the conversation until it is sent."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from bot.files import PICTURES, GivenFile, plain_name
from bot.handoff.owner import NotYours
from bot.services import Services
from models import conversation_table, message_file_table, write_tx
from models.base import AnyRow

SENDABLE = frozenset(PICTURES - {"image/webp"} | {"application/pdf"})
"""What WhatsApp shows as what it is: a WebP would arrive as a sticker."""


class FileGone(LookupError):
    def __init__(self) -> None:
        super().__init__("the file was sent, or another one was chosen instead: choose it again")


def attach(
    services: Services, conversation_id: int, agent_id: int, name: str, file: GivenFile | None
) -> None:
    """In place of the one chosen before; null takes that one away. Raises NotYours."""
    owner = select(conversation_table.c.agent_id).where(
        conversation_table.c.id == conversation_id, conversation_table.c.handler == "agent"
    )
    table = message_file_table
    with write_tx(services.engine) as connection:
        if connection.scalar(owner.with_for_update()) != agent_id:
            raise NotYours
        connection.execute(delete(table).where(_chosen(conversation_id, agent_id)))
        if file is not None:
            row = {
                "conversation_id": conversation_id,
                "agent_id": agent_id,
                "name": plain_name(name),
                "content": file.content,
                "content_type": file.content_type,
                "created_at": services.clock.now(),
            }
            connection.execute(insert(table), row)


def chosen_file(connection: Connection, conversation_id: int, agent_id: int) -> AnyRow | None:
    """`id`, `name`, `content_type` and `size`."""
    table = message_file_table.c
    query = select(table.id, table.name, table.content_type, func.length(table.content).label("size"))
    return connection.execute(query.where(_chosen(conversation_id, agent_id))).first()


def attached(connection: Connection, conversation_id: int, agent_id: int, file_id: int) -> dict[str, Any]:
    """As a message names it. Raises FileGone."""
    table = message_file_table.c
    query = select(table.name, table.content_type).where(
        table.id == file_id, _chosen(conversation_id, agent_id)
    )
    row = connection.execute(query).first()
    if row is None:
        raise FileGone
    return {"url": "", "content_type": row.content_type, "file": file_id, "name": row.name}


def goes_with(connection: Connection, file_id: int, message_id: int) -> None:
    connection.execute(
        update(message_file_table).where(message_file_table.c.id == file_id).values(message_id=message_id)
    )


def _chosen(conversation_id: int, agent_id: int) -> ColumnElement[bool]:
    table = message_file_table.c
    return and_(
        table.conversation_id == conversation_id, table.agent_id == agent_id, table.message_id.is_(None)
    )
