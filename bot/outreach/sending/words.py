"""The words of a message, made when it leaves: in WhatsApp's window as they are, outside it only by an
approved template.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.channels import Choice, Outgoing, approved_form, approved_template
from bot.documents import file_url
from bot.outreach.sending.next_step import PLAIN, TEMPLATE
from bot.outreach.sending.outbox import Due
from bot.services import Services
from bot.wording import DEFAULT, decode
from flows.types.wording import key, title
from models.base import AnyRow

_MENU, _SUBJECT = title("menu.title"), key("email.subject")


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
    if row.channel == "email":
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
    """The address of the paper that a message of ours carries."""
    files = [file for file in row.media or () if "paper" in file]
    return file_url(services, files[0]["paper"], files[0]["loan"], files[0]["of"]) if files else None
