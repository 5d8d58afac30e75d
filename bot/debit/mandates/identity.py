"""Identity files that a provider demands: given on the borrower's page, encrypted, sent with the consent and
deleted with the mandate's next state.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.services import Services
from models import identity_file_table, mandate_table, write_tx
from models.document import IDENTITY_FILES


def keep_identity_files(
    connection: Connection,
    services: Services,
    mandate_id: int,
    borrower_id: int,
    files: Mapping[str, bytes],
    now: datetime,
) -> None:
    """Instead of those given before; the mandate is due to be sent at once."""
    connection.execute(delete(identity_file_table).where(identity_file_table.c.mandate_id == mandate_id))
    whose = {"mandate_id": mandate_id, "borrower_id": borrower_id, "created_at": now}
    sealed = [
        {**whose, "kind": kind, "content": services.vault.encrypt_bytes(content, _bound_to(borrower_id))}
        for kind, content in files.items()
    ]
    connection.execute(insert(identity_file_table), sealed)
    waiting = (mandate_table.c.id == mandate_id) & (mandate_table.c.status == "authorized")
    connection.execute(update(mandate_table).where(waiting).values(due_at=now))


def identity_files_of(
    connection: Connection, services: Services, mandate_id: int, borrower_id: int
) -> dict[str, bytes]:
    """All of them, or none: what cannot be read any more has to be given again."""
    query = select(identity_file_table.c.kind, identity_file_table.c.content)
    rows = connection.execute(query.where(identity_file_table.c.mandate_id == mandate_id)).all()
    opened = {row.kind: services.vault.decrypt_bytes(row.content, _bound_to(borrower_id)) for row in rows}
    readable = {kind: content for kind, content in opened.items() if content is not None}
    return readable if set(readable) == set(IDENTITY_FILES) else {}


def rotate_identity_files(services: Services) -> int:
    """Encrypts them again under the newest key, where it is not theirs already; how many."""
    table, done = identity_file_table.c, 0
    with write_tx(services.engine) as connection:
        rows = connection.execute(select(table.id, table.borrower_id, table.content).with_for_update())
        for row in rows.all():
            sealed = services.vault.rotate_bytes(row.content, _bound_to(row.borrower_id))
            if sealed is not None:
                connection.execute(
                    update(identity_file_table).where(table.id == row.id).values(content=sealed)
                )
                done += 1
    return done


def _bound_to(borrower_id: int) -> bytes:
    return f"identity file of borrower {borrower_id}".encode()
