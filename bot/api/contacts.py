"""Calls and visits that the lender's people made: recorded here, and counted by the contact rules."""

from datetime import UTC
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select

from bot.api.borrowers import borrower_id
from bot.api.idempotency import idempotent
from bot.api.payments import lender
from bot.api.problems import Problem
from bot.api.requests import FilledText, Moment, Text, body
from bot.portfolio import EARLIEST
from bot.reach import AgentContact, record_call
from bot.web import services
from models import agent_contact_table
from values import InvalidPhone, Phone


class ContactIn(BaseModel):
    """`reference` is your dialer's: the same one is the same contact. `phone`: that was called."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["call", "visit"]
    outcome: Literal["answered", "message_left", "no_answer", "wrong_person"]
    at: Moment = Field(ge=EARLIEST)
    reference: FilledText = Field(max_length=64)
    phone: Text | None = Field(None, max_length=32)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<id:external_id>/contacts", view_func=post_contact, methods=["POST"])


def post_contact(external_id: str) -> Response:
    """201 `recorded`, 200 `duplicate`."""
    given = body(ContactIn)
    now = services().clock.now()
    if given.at > now:
        raise _unfit("at", "lies in the future: post a contact once it was made")
    phone = _phone(given.phone)

    def act(connection: Connection) -> tuple[dict[str, Any], int]:
        person = borrower_id(connection, external_id)
        contact = AgentContact(
            person,
            given.channel,
            given.outcome,
            given.at.astimezone(UTC),
            lender(),
            given.reference,
            phone,
        )
        kept = record_call(connection, contact, now)
        mine = (agent_contact_table.c.borrower_id == person) & (
            agent_contact_table.c.reference == given.reference
        )
        row = connection.execute(select(agent_contact_table).where(mine)).one()
        status = "recorded" if kept is not None else "duplicate"
        answer = {
            "id": str(row.id),
            "status": status,
            "channel": row.channel,
            "outcome": row.outcome,
            "at": row.at.isoformat(),
        }
        return answer, HTTPStatus.CREATED if kept is not None else HTTPStatus.OK

    return idempotent(act)


def _phone(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return Phone.parse(text).e164
    except InvalidPhone as error:
        raise _unfit("phone", str(error)) from None


def _unfit(field: str, reason: str) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "the body does not fit: fix the fields named",
        errors=[{"field": field, "reason": reason}],
    )
