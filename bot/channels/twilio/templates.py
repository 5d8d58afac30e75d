"""WhatsApp templates as Contents of Twilio's: which of them says these words, and whether it may be sent."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, or_, select

from bot.wording import TEMPLATES, WITH_DEBIT, Template, Wording, template_name, templates
from flows.types.effects import Say
from models import template_table
from models.base import AnyRow

CATEGORY = "UTILITY"
FORM_SCREEN = "PROMISE"
"""The first screen of the form."""
DELETED = "deleted"
REFUSED = ("rejected", "disabled", "stopped", DELETED)
"""What WhatsApp, or a failed try, decided for good, or what is gone; `paused` and what is not decided may be
approved yet.
"""


@dataclass(frozen=True, slots=True)
class RefusedTemplate:
    """Words that open no conversation as they read now. `status`: what WhatsApp decided, or the category to
    which it moved them.
    """

    template: Template
    status: str


class NoTemplate(Exception):
    """WhatsApp's window is closed and no approved template says this. `about`: what may be approved yet, by
    its Content or its words. `refused`: WhatsApp decided against it.
    """

    def __init__(self, name: str | None, about: str = "", *, refused: bool = False) -> None:
        super().__init__(
            f"outside WhatsApp's window, and {name or 'these words'} is no approved template: see "
            "`acuerdo templates status`"
        )
        self.about = about
        self.refused = refused

    def task_key(self, row: AnyRow) -> str:
        """One task for a template, however many messages wait for it, for however long; one for each message
        that has none.
        """
        return f"no_template:{self.about}"[:120] if self.about else f"not_sent:{row.id}"


def approved_template(
    connection: Connection, wording: Wording, say: Say | None, language: str
) -> tuple[str, tuple[str, ...]]:
    """`(content sid, variables)` of the approved template for these words. Raises NoTemplate."""
    if say is None:
        raise NoTemplate(None)
    wanted, known = _template_of(connection, wording, say, language)
    if known is None:
        raise NoTemplate(wanted.name, template_hash(wanted))
    if known.status != "approved" or known.category != CATEGORY:
        refused = known.status in REFUSED or known.category not in (None, CATEGORY)
        raise NoTemplate(wanted.name, known.content_sid, refused=refused)
    return known.content_sid, wording.variables(wanted.params, say.lines[0][1], language)


def template_category(connection: Connection, wording: Wording, say: Say, language: str) -> str:
    """As which WhatsApp takes the template for these words: what it decided, else what is asked for."""
    try:
        _, known = _template_of(connection, wording, say, language)
    except NoTemplate:
        return CATEGORY
    return (known and known.category) or CATEGORY


def refused_templates(connection: Connection, wording: Wording) -> tuple[RefusedTemplate, ...]:
    """Of the words that are in force: older ones do not count."""
    own = template_table.c
    refused = or_(own.status.in_(REFUSED), own.category != CATEGORY)
    rows = connection.execute(select(template_table).where(own.name.is_not(None), refused)).all()
    if not rows:
        return ()
    current = {words: template for template, words in _by_name(wording).values()}
    return tuple(
        RefusedTemplate(template, row.status if row.status in REFUSED else f"{row.status}, {row.category}")
        for row in rows
        if (template := current.get(row.hash)) is not None
    )


def _template_of(
    connection: Connection, wording: Wording, say: Say, language: str
) -> tuple[Template, AnyRow | None]:
    """The template for these words, and its row once it was submitted. Raises NoTemplate."""
    if len(say.lines) != 1 or say.lines[0][0] not in TEMPLATES:
        raise NoTemplate(None)
    key, params = say.lines[0]
    debit = any(choice.payload == WITH_DEBIT[0] for choice in say.choices)
    name = template_name(key, say.tone, debit=debit, one=wording.singular(key, params, language, say.tone))
    if (name, language) not in _by_name(wording):
        raise NoTemplate(name)
    wanted, words = _by_name(wording)[name, language]
    return wanted, connection.execute(select(template_table).where(template_table.c.hash == words)).first()


@lru_cache(maxsize=4)
def _by_name(wording: Wording) -> dict[tuple[str, str], tuple[Template, str]]:
    return {
        (template.name, template.language): (template, template_hash(template))
        for template in templates(wording)
    }


def template_types(wanted: Template) -> dict[str, Any]:
    """As a Content: a form; with buttons a quick reply, of up to ten; without, a text."""
    if wanted.form:
        ((_, opens),) = wanted.buttons
        form = {"flow_id": wanted.form, "flow_token": "promise", "flow_first_page_id": FORM_SCREEN}
        return {"whatsapp/flows": {"body": wanted.body, "button_text": opens, **form}}
    if not wanted.buttons:
        return {"twilio/text": {"body": wanted.body}}
    actions = [{"type": "QUICK_REPLY", "title": title, "id": payload} for payload, title in wanted.buttons]
    return {"twilio/quick-reply": {"body": wanted.body, "actions": actions}}


def template_hash(wanted: Template) -> str:
    """Of all that WhatsApp approves. An approved template that reads otherwise than the catalogue now does is
    not this one.
    """
    words = json.dumps(
        [f"{wanted.name}:{wanted.language}", template_types(wanted)], sort_keys=True, ensure_ascii=False
    )
    return hashlib.sha256(words.encode()).hexdigest()
