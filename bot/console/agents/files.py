"""A file that a borrower gave on their page, for the desk: saved; a picture is shown too, as a picture alone.
What it is was read from its first bytes when it came.
"""

from http import HTTPStatus

from flask import Blueprint, Response, abort
from sqlalchemy import select

from bot.web import services
from models import page_file_table, read_tx
from models.base import AnyRow

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Those that every browser shows."""
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/files/<int:file_id>", view_func=file)
    blueprint.add_url_rule("/files/<int:file_id>/picture", view_func=picture)


def picture(file_id: int) -> Response:
    """Within a page's `<img>`; opened by itself it is sandboxed."""
    row = _file(file_id)
    if row.content_type not in PICTURES:
        abort(HTTPStatus.NOT_FOUND)
    headers = {
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(row.content, mimetype=row.content_type, headers=headers)


def _file(file_id: int) -> AnyRow:
    with read_tx(services().engine) as connection:
        row = connection.execute(select(page_file_table).where(page_file_table.c.id == file_id)).first()
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    return row


def file(file_id: int) -> Response:
    row = _file(file_id)
    name = f"{file_id}.{_ENDINGS[row.content_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(row.content, mimetype=row.content_type, headers=headers)
