"""The words of a message, made when it leaves: in WhatsApp's window as they are, outside it only by an
approved template.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.channels import Attachment, Choice, Outgoing, approved_form, approved_template
from bot.documents import file_url
from bot.files import sent_file_url
from bot.outreach.sending.next_step import PLAIN, TEMPLATE
from bot.outreach.sending.outbox import Due
from bot.page_links import new_link
from bot.services import Services
from bot.wording import DEFAULT, decode
from flows.types.wording import key, title
from models import message_file_table
from models.base import AnyRow

_MENU, _SUBJECT = title("menu.title"), key("email.subject")
_ON_PAGE = key("pages.agent_file")


def outgoing_for(
    connection: Connection, services: Services, each: Due, until: datetime, now: datetime
) -> Outgoing:
    """`until` is where the lawful hours end. Raises NoTemplate, and what the catalogues raise for words that
    are missing.
    """
    row = each.row
    say = decode(row.wording) if row.wording is not None else None
    closed = each.window_until is None or each.window_until <= now
    by_template = row.channel == "whatsapp" and (closed or row.form == TEMPLATE)
    if say is not None and by_template:  # a template is approved in one form of address
        say = replace(say, register="")
    language = (say.language if say else "") or row.language or DEFAULT
    made: dict[str, Any] = {"text": row.body, "language": language, "plain": row.form == PLAIN}
    if say is not None:  # else an agent's own words
        rendered = services.wording.render(say, language)
        made["text"] = rendered.text
        made["choices"] = tuple(Choice(payload=c["payload"], title=c["title"]) for c in rendered.choices)
        made["list_label"] = services.wording.text(_MENU, {}, language) if rendered.choices else ""
    file = next((file for file in row.media or () if "file" in file), None)
    if file is not None and row.channel == "sms":
        made["text"] = _with_page(connection, services, row, language, now)
    if row.channel == "sms":
        keys = [name for name, _ in say.lines] if say is not None else ()
        in_sms = partial(services.lender.policy.in_sms, keys=keys)
        made["text"] = in_sms(made["text"])
        made["choices"] = tuple(
            Choice(payload=each["payload"], title=in_sms(each["title"])) for each in made.get("choices", ())
        )
    if row.channel == "email":
        made["attachment"] = _attachment(connection, file) if file else None
        lender = services.lender.facts.named(row.brand).trade_name
        made["subject"] = services.wording.text(_SUBJECT, {"lender": lender}, language)
    if row.channel == "whatsapp":
        if by_template:
            template, variables = approved_template(connection, services.wording, say, language)
            made |= {"template": template, "variables": variables}
        else:
            assert each.window_until is not None
            until = min(until, each.window_until)
            made["media_url"] = _file(services, row)
            forms = services.settings.promise_forms
            if say is not None and forms and row.form != PLAIN:
                found = approved_form(connection, services.wording, forms, say, language)
                made |= {"form": found[0], "variables": found[1]} if found else {}
    made["valid_seconds"] = int((until - now).total_seconds())
    return Outgoing(row.id, row.channel, row.address, sender=row.sender, **made)


def _file(services: Services, row: AnyRow) -> str | None:
    """The address of the paper, or of the agent's file, that a message of ours carries."""
    for file in row.media or ():
        if "paper" in file:
            return file_url(services, file["paper"], file["loan"], file["of"])
        if "file" in file:
            return sent_file_url(services, file["file"], file["content_type"])
    return None


def _attachment(connection: Connection, file: dict[str, Any]) -> Attachment | None:
    content = connection.scalar(
        select(message_file_table.c.content).where(message_file_table.c.id == file["file"])
    )
    return Attachment(file["name"], file["content_type"], content) if content else None


def _with_page(connection: Connection, services: Services, row: AnyRow, language: str, now: datetime) -> str:
    """An SMS carries no file: it stands on the borrower's page, whose address comes with the words."""
    if row.borrower_id is None or f"{services.settings.public_url}/m/" in row.body:
        return str(row.body)
    link = new_link(connection, services, row.borrower_id, now)
    return f"{row.body}\n{services.wording.text(_ON_PAGE, {'url': link.url}, language)}"
