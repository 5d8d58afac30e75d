"""WhatsApp's form for the day and the sum of a promise: published at WhatsApp by the lender, sent as a
Content, and read as if its answer had been written in the chat.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.channels.twilio.templates import CATEGORY, FORM_SCREEN, template_hash
from bot.wording import FORMS, Wording, form_template
from flows.types.effects import Say
from flows.types.wording import key, title
from models import template_table
from values import InvalidAmount, Money

_TITLE = key("form.title")
_DAY = key("form.day")
_AMOUNT = key("form.amount")
_SEND = title("form.send")
_ANSWERED_IN = ("InteractiveData", "FlowData", "ButtonPayload", "Body")
"""Parameters of a webhook that may hold what a form was filled with, the likeliest first."""
_TEXTS = {"es_MX": ("Pagaré {}", "el {:%d/%m/%Y}"), "en": ("I will pay {}", "on {:%B %-d, %Y}")}
MOST_DEPTH = 6
MOST_TYPED = 20
LATEST_SECONDS = 2**33
"""Of a day that is given as a time: some centuries."""


def approved_form(
    connection: Connection, wording: Wording, forms: Mapping[str, str], say: Say, language: str
) -> tuple[str, tuple[str, ...]] | None:
    """`(content sid, variables)` of the form that puts this question; null where the chat alone does.
    `forms`: their ids at WhatsApp, by language.
    """
    if language not in forms or say.register or len(say.lines) != 1 or say.lines[0][0] not in FORMS:
        return None
    question, params = say.lines[0]
    wanted = form_template(wording, question, language, forms[language])
    approved = select(template_table.c.content_sid).where(
        template_table.c.hash == template_hash(wanted),
        template_table.c.status == "approved",
        template_table.c.category == CATEGORY,
    )
    sid = connection.scalar(approved)
    return (sid, wording.variables(wanted.params, params, language)) if sid else None


def form_definition(wording: Wording, language: str) -> dict[str, Any]:
    """As WhatsApp's manager takes it (Flow JSON 5.0): one screen, a day and a sum, without an endpoint."""

    def words(of: str) -> str:
        return wording.text(of, {}, language)

    amount = {"type": "TextInput", "name": "amount", "label": words(_AMOUNT), "input-type": "number"}
    answer = {"language": language, "date": "${form.date}", "amount": "${form.amount}"}
    children = [
        {"type": "DatePicker", "name": "date", "label": words(_DAY), "required": True},
        amount | {"required": False},
        {
            "type": "Footer",
            "label": words(_SEND),
            "on-click-action": {"name": "complete", "payload": answer},
        },
    ]
    form = {"type": "Form", "name": "promise", "children": children}
    layout = {"type": "SingleColumnLayout", "children": [form]}
    screen = {"id": FORM_SCREEN, "title": words(_TITLE), "terminal": True, "data": {}, "layout": layout}
    return {"version": "5.0", "screens": [screen]}


def form_answer(parameters: Mapping[str, str]) -> str | None:
    """What a filled form says, in the words of a chat; null where the message is no filled form."""
    for name in _ANSWERED_IN:
        text = parameters.get(name, "")
        if text.lstrip()[:1] in ("{", "["):
            filled = dict(_leaves(_parsed(text)))
            if (day := _day(filled.get("date"))) is not None:
                pay, on = _TEXTS["en" if filled.get("language") == "en" else "es_MX"]
                sum_written = pay.format(_amount(filled.get("amount"))).strip()
                return f"{sum_written} {on.format(day)}"
    return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _leaves(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Names and values, at any depth; a text that is JSON again is read too."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = _parsed(value)
    if depth > MOST_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name, depth + 1)
    else:
        yield name, value


def _day(value: Any) -> date | None:
    """`2026-12-04`, or milliseconds since 1970 as older forms answer."""
    text = str(value).strip()
    try:
        if text.isdecimal() and len(text) >= 12 and int(text) // 1000 < LATEST_SECONDS:
            return datetime.fromtimestamp(int(text) // 1000, UTC).date()
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(value: Any) -> str:
    """`$850.00`; figures that could mean two sums as they were typed, for the chat to ask about; empty where
    none are given.
    """
    typed = str(value or "").strip()
    try:
        centavos = Money.parse_typed(typed).centavos
    except InvalidAmount:
        return typed[:MOST_TYPED] if any(map(str.isdecimal, typed)) else ""
    return f"${centavos // 100}.{centavos % 100:02d}"
