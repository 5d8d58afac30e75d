"""A link to the borrower's own pages, for the lender's systems."""

from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.api.borrowers import borrower_id
from bot.api.idempotency import idempotent
from bot.api.payments import lender
from bot.api.requests import body
from bot.audit import record
from bot.page_links import revoke
from bot.pages import new_link
from bot.web import services


class PageIn(BaseModel):
    """No field is required; an empty object will do."""

    model_config = ConfigDict(extra="forbid")


def add_to(blueprint: Blueprint) -> None:
    path = "/borrowers/<id:external_id>/page"
    blueprint.add_url_rule(path, view_func=post_page, methods=["POST"])
    blueprint.add_url_rule(path, view_func=delete_page, methods=["DELETE"])


def post_page(external_id: str) -> Response:
    if request.get_data():
        body(PageIn)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        now = services().clock.now()
        borrower = borrower_id(connection, external_id)
        link = new_link(connection, services(), borrower, now)
        return {"url": link.url, "expires_at": link.expires_at.isoformat()}, 201

    return idempotent(act)


def delete_page(external_id: str) -> Response:
    """All links and open pages of this borrower end at once; asked again, they have ended already."""

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        now = services().clock.now()
        borrower = borrower_id(connection, external_id)
        revoke(connection, borrower, now)
        record(connection, now, lender(), "page.revoked", f"borrower:{borrower}")
        return {"revoked_at": now.isoformat()}, 200

    return idempotent(act)
