"""What is in the feed: every kind of event with what it holds, from `events.toml`."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models import LEDGER_KINDS
from models.feed_event import TASK_EVENTS
from models.task import TASK_KINDS

_FILE = Path(__file__).with_name("events.toml")
_TYPES: dict[str, dict[str, Any]] = {
    "centavos": {"type": "integer", "description": "in centavos"},
    "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "number": {"type": "integer"},
    "text": {"type": "string", "description": "a code or an id, never a person's words"},
    "list": {"type": "array"},
    "object": {"type": "object"},
    "yes_no": {"type": "boolean"},
}


@dataclass(frozen=True, slots=True)
class EventKind:
    kind: str
    summary: str
    facts: dict[str, str] = field(default_factory=dict)
    """What `data` of its ledger entry may hold, by name: one of `_TYPES`. More may be added."""


def _load() -> tuple[EventKind, ...]:
    """A kind that is described nowhere is sent all the same, and named by a test."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        EventKind(kind, listed.get(kind, {}).get("is", kind), listed.get(kind, {}).get("facts", {}))
        for kind in (*LEDGER_KINDS, *TASK_EVENTS)
    )


EVENTS = _load()


def schema_of(event: EventKind) -> dict[str, Any]:
    """The JSON Schema of a delivery of this kind."""
    return {
        "type": "object",
        "required": ["id", "position", "type", "timestamp", "data"],
        "properties": {
            "id": {"type": "string", "pattern": "^evt_[0-9]+$", "description": "the same at every attempt"},
            "position": {"type": "integer", "description": "in the feed: one order over all loans"},
            "type": {"const": event.kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": _task() if event.kind in TASK_EVENTS else _entry(event),
        },
    }


def _entry(event: EventKind) -> dict[str, Any]:
    facts = {name: _nullable(_TYPES[kind]) for name, kind in event.facts.items()}
    return {
        "type": "object",
        "required": ["loan", "borrower", "seq", "kind", "at", "actor", "data", "postings", "hash"],
        "properties": {
            "loan": {"type": "string", "description": "your own id"},
            "borrower": {"type": "string", "description": "your own id"},
            "seq": {"type": "integer", "description": "counts the entries of the loan, without gaps"},
            "kind": {"const": event.kind},
            "at": {"type": "string", "format": "date-time"},
            "actor": {"type": "string"},
            "data": {"type": "object", "properties": facts},
            "postings": {"type": "array", "items": _POSTING},
            "hash": {"type": "string"},
        },
    }


_POSTING = {
    "type": "object",
    "required": ["account", "amount"],
    "properties": {"account": {"type": "string"}, "amount": _TYPES["centavos"]},
}


def _task() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "kind", "loan", "conversation", "at", "data"],
        "properties": {
            "id": {"type": "string"},
            "kind": {"enum": list(TASK_KINDS)},
            "loan": {"type": ["string", "null"], "description": "your own id"},
            "conversation": {"type": ["string", "null"]},
            "at": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
            "done_at": {"type": ["string", "null"], "format": "date-time"},
            "done_by": {"type": ["string", "null"]},
        },
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"type": [schema["type"], "null"]}
