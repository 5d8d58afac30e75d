"""A file that a borrower gave on their page, for the desk: saved, never shown inside the console."""

from http import HTTPStatus

from flask import Blueprint, Response, abort
from sqlalchemy import select

from bot.web import services
from models import page_file_table, read_tx

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/files/<int:file_id>", view_func=file)


def file(file_id: int) -> Response:
    with read_tx(services().engine) as connection:
        row = connection.execute(select(page_file_table).where(page_file_table.c.id == file_id)).first()
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    name = f"{file_id}.{_ENDINGS[row.content_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(row.content, mimetype=row.content_type, headers=headers)
