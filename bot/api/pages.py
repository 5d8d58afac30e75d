"""A link to the borrower's own pages, for the lender's systems."""

from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from bot.api.idempotency import idempotent
from bot.api.problems import Problem
from bot.pages import new_link
from bot.web import services
from models import borrower_table, write_tx


class PageIn(BaseModel):
    """No field is required; an empty object will do."""

    model_config = ConfigDict(extra="forbid")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<id:external_id>/page", view_func=post_page, methods=["POST"])


def post_page(external_id: str) -> Response:
    def act() -> tuple[dict[str, Any], int]:
        now = services().clock.now()
        with write_tx(services().engine) as connection:
            borrower = connection.scalar(
                select(borrower_table.c.id).where(borrower_table.c.external_id == external_id)
            )
            if borrower is None:
                raise Problem(404, f"there is no borrower {external_id[:64]!r}")
            link = new_link(connection, services(), borrower, now)
        return {"url": link.url, "expires_at": link.expires_at.isoformat()}, 201

    return idempotent(act)
