"""A `Say` as JSON, kept in the outbox until its words are made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.types.effects import Choice, Say
from values import Money


def _pack(params: Mapping[str, Any]) -> dict[str, Any]:
    packed: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Money):
            packed[name] = {"centavos": value.centavos, "currency": value.currency}
        elif isinstance(value, date):
            packed[name] = {"day": value.isoformat()}
        else:
            packed[name] = value
    return packed


def _unpack(params: Mapping[str, Any]) -> dict[str, Any]:
    unpacked: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, dict):
            unpacked[name] = (
                date.fromisoformat(value["day"])
                if "day" in value
                else Money(value["centavos"], value["currency"])
            )
        else:
            unpacked[name] = value
    return unpacked


def encode(say: Say) -> dict[str, Any]:
    return {
        "lines": [[key, _pack(params)] for key, params in say.lines],
        "choices": [[choice.payload, choice.key, _pack(choice.params)] for choice in say.choices],
        "tone": say.tone,
        "question": say.question,
        "alone": say.alone,
        "register": say.register,
        "language": say.language,
    }


def decode(data: Mapping[str, Any]) -> Say:
    """What is needed to make the words; purpose and loan stand on the message's row."""
    lines = tuple((key, _unpack(params)) for key, params in data["lines"])
    choices = tuple(Choice(payload, key, _unpack(params)) for payload, key, params in data["choices"])
    return Say(
        lines,
        choices,
        tone=data["tone"],
        question=data.get("question", 0),
        alone=data.get("alone", False),
        register=data.get("register", ""),
        language=data.get("language", ""),
    )
