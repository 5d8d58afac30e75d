"""Files for the desk: those that borrowers gave on their page, and those that came and went with messages.
What each is was read from its first bytes. A picture is shown as a picture alone, a sound is played; any
other file is saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, url_for
from sqlalchemy import Connection, Table, func, select

from bot.files import ENDINGS, PICTURES
from bot.web import services
from models import message_file_table, page_file_table, read_tx
from models.base import AnyRow

SOUNDS = frozenset({"audio/ogg", "audio/mpeg"})
_MEDIA = {
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a message: `state` is `here`, `coming`, `lost`, or empty for one that we do not keep."""

    content_type: str
    state: str
    name: str = ""
    size: int = 0
    """In bytes; 0 of one that we do not keep."""
    picture: str = ""
    sound: str = ""
    saved: str = ""
    elsewhere: str = ""
    """Where its channel keeps it."""

    @property
    def kind(self) -> str:
        return self.content_type.split("/", maxsplit=1)[0]

    @property
    def label(self) -> str:
        """«PDF», «JPG»."""
        return ENDINGS.get(self.content_type, self.content_type).upper()

    @property
    def opens_elsewhere(self) -> bool:
        """By a program of the agent's own: no page of ours shows it."""
        return bool(self.saved) and not (self.picture or self.sound)


def add_to(blueprint: Blueprint) -> None:
    for name, table in (("files", page_file_table), ("attachments", message_file_table)):
        blueprint.add_url_rule(f"/{name}/<int:file_id>", f"{name}_saved", partial(saved, table))
        blueprint.add_url_rule(f"/{name}/<int:file_id>/shown", f"{name}_shown", partial(shown, table))


def shown(table: Table, file_id: int) -> Response:
    """Within a page's `<img>` or `<audio>`; opened by itself it is sandboxed."""
    row = _file(table, file_id)
    if row.content_type not in PICTURES | SOUNDS:
        abort(HTTPStatus.NOT_FOUND)
    return Response(row.content, mimetype=row.content_type, headers=_MEDIA)


def saved(table: Table, file_id: int) -> Response:
    row = _file(table, file_id)
    named = f"{file_id}.{ENDINGS.get(row.content_type, 'bin')}"
    headers = {"Content-Disposition": f'attachment; filename="{named}"', "X-Content-Type-Options": "nosniff"}
    return Response(row.content, mimetype=row.content_type, headers=headers)


def _file(table: Table, file_id: int) -> AnyRow:
    query = select(table.c.content, table.c.content_type).where(table.c.id == file_id)
    with read_tx(services().engine) as connection:
        row = connection.execute(query).first()
    if row is None or row.content is None:
        abort(HTTPStatus.NOT_FOUND)
    return row


def files_of(connection: Connection, messages: Sequence[AnyRow]) -> dict[int, list[Shown]]:
    """By message."""
    table = message_file_table.c
    with_files = [row for row in messages if row.media]
    columns = (table.id, table.message_id, table.url, table.name, table.content_type, table.fetch_at)
    size = func.length(table.content).label("size")
    query = select(*columns, size).where(table.message_id.in_([row.id for row in with_files]))
    kept = list(connection.execute(query)) if with_files else []
    sizes = _sizes(connection, {given for row in with_files for file in row.media if (given := _given(file))})
    by_url = {(row.message_id, row.url): row for row in kept if row.url}
    by_id = {row.id: row for row in kept}
    return {
        row.id: [
            _shown(file, by_id.get(file.get("file")) or by_url.get((row.id, file.get("url"))), sizes)
            for file in row.media
        ]
        for row in with_files
    }


def _given(file: Mapping[str, Any]) -> int | None:
    """Of one that was given on the borrower's page: its id."""
    found = file.get("url", "").removeprefix(f"{services().settings.public_url}/console/files/")
    return int(found) if found.isdecimal() else None


def _sizes(connection: Connection, given: set[int]) -> dict[int, int]:
    if not given:
        return {}
    table = page_file_table.c
    query = select(table.id, func.length(table.content)).where(table.id.in_(given))
    return {row[0]: row[1] or 0 for row in connection.execute(query)}


def _shown(file: Mapping[str, Any], kept: AnyRow | None, sizes: Mapping[int, int]) -> Shown:
    url, content_type = file.get("url", ""), file.get("content_type") or ""
    if (given := _given(file)) is not None:
        return _here("files", given, content_type, sizes.get(given, 0))
    if kept is None or kept.content_type is None:
        state = "" if kept is None else "coming" if kept.fetch_at else "lost"
        return Shown(content_type, state, elsewhere=_to_the_web(url))
    return _here("attachments", kept.id, kept.content_type, kept.size or 0, kept.name or "")


def _here(of: str, file_id: int, content_type: str, size: int, name: str = "") -> Shown:
    inline = url_for(f"console.{of}_shown", file_id=file_id)
    return Shown(
        content_type,
        "here",
        name,
        size,
        picture=inline if content_type in PICTURES else "",
        sound=inline if content_type in SOUNDS else "",
        saved=url_for(f"console.{of}_saved", file_id=file_id),
    )


def _to_the_web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
