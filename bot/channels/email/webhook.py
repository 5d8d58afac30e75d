"""Unsubscribing by one click (RFC 8058), or by a page with one button: the same as writing BAJA."""

from http import HTTPStatus

from flask import Blueprint, Response
from markupsafe import Markup
from sqlalchemy import func, select

from bot.channels.email.tokens import message_of
from bot.conversation import Incoming, receive
from bot.web import services
from models import borrower_table, message_table, read_tx
from models.base import AnyRow
from values import address_key

blueprint = Blueprint("email", __name__, url_prefix="/webhooks/email")

STOP = "BAJA"
_PAGE = Markup(
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    '<body style="font-family:sans-serif;font-size:18px;line-height:1.5;max-width:30em;margin:2em auto">'
    "<h1>{title}</h1>{below}</body></html>"
)
_BUTTON = Markup(
    '<p>{text}</p><form method="post"><button style="font-size:1em;padding:.6em 1em">{do}</button></form>'
)


@blueprint.get("/unsubscribe/<token>")
def ask(token: str) -> Response:
    """A page with one button: whatever fetches the link must not unsubscribe anybody."""
    message = _message(token)
    if message is None:
        return _none_of_ours()
    text, do = (_words(name, message.language) for name in ("unsubscribe", "unsubscribe_do"))
    return _page("unsubscribe_title", message.language, _BUTTON.format(text=text, do=do))


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    message = _message(token)
    if message is None:
        return _none_of_ours()
    incoming = Incoming(
        channel="email",
        address=message.address,
        key=address_key(message.address),
        sender=services().settings.email_from,
        account_sid="smtp",
        provider_sid=f"unsubscribe:{message.id}",
        text=STOP,
        at=services().clock.now(),
    )
    receive(services(), incoming)
    return _page("unsubscribed", message.language, Markup(""))


def _message(token: str) -> AnyRow | None:
    """The mail of ours that the link stood in, and its reader's language."""
    message_id = message_of(token, services().settings.secret_key)
    if message_id is None:
        return None
    language = func.coalesce(borrower_table.c.language, "es_MX").label("language")
    query = (
        select(message_table.c.id, message_table.c.address, language)
        .outerjoin(borrower_table, borrower_table.c.id == message_table.c.borrower_id)
        .where(message_table.c.id == message_id, message_table.c.channel == "email")
    )
    with read_tx(services().engine) as connection:
        return connection.execute(query).first()


def _page(title: str, language: str, below: Markup) -> Response:
    lang = language.replace("_", "-")
    return Response(_PAGE.format(language=lang, title=_words(title, language), below=below))


def _words(name: str, language: str) -> str:
    return services().wording.text(f"email.{name}", {}, language)


def _none_of_ours() -> Response:
    return Response("this link is none of ours", HTTPStatus.NOT_FOUND)
