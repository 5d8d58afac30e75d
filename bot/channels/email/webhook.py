"""Unsubscribing by one click (RFC 8058): the same as writing BAJA."""

from http import HTTPStatus

from flask import Blueprint, Response
from sqlalchemy import select

from bot.channels.email.tokens import message_of
from bot.conversation import Incoming, receive
from bot.web import services
from models import message_table, read_tx
from values import address_key

blueprint = Blueprint("email", __name__, url_prefix="/webhooks/email")

STOP = "BAJA"


@blueprint.get("/unsubscribe/<token>")
def ask(token: str) -> Response:
    """A page with one button: whatever fetches the link must not unsubscribe anybody."""
    if message_of(token, services().settings.secret_key) is None:
        return Response("this link is none of ours", HTTPStatus.NOT_FOUND)
    return Response(f'<!doctype html><form method="post"><button>{STOP}</button></form>')


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    message_id = message_of(token, services().settings.secret_key)
    address = None
    if message_id is not None:
        with read_tx(services().engine) as connection:
            query = select(message_table.c.address).where(
                message_table.c.id == message_id, message_table.c.channel == "email"
            )
            address = connection.scalar(query)
    if address is None:
        return Response("this link is none of ours", HTTPStatus.NOT_FOUND)
    settings = services().settings
    receive(
        services(),
        Incoming(
            channel="email",
            address=address,
            key=address_key(address),
            sender=settings.email_from,
            account_sid="smtp",
            provider_sid=f"unsubscribe:{message_id}",
            text=STOP,
            at=services().clock.now(),
        ),
    )
    return Response("", HTTPStatus.OK)
