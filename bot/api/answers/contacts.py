"""Conversations, outreach, and what waits for a person."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime

from bot.api.answers.base import Answer
from flows.types.effects import Expecting


class ChoiceOut(Answer):
    payload: str
    title: str


class MessageOut(Answer):
    id: str
    direction: Literal["in", "out"]
    author: Literal["borrower", "bot", "agent"]
    channel: str
    body: str
    choices: list[ChoiceOut]
    status: Literal[
        "queued",
        "sending",
        "sent",
        "delivered",
        "read",
        "failed",
        "suppressed",
        "unknown",
        "received",
        "unprocessed",
    ]
    possibly_somebody_elses: bool
    at: AwareDatetime


class ConversationOut(Answer):
    handler: Literal["bot", "queue", "agent"]
    flow: str | None
    state: str | None
    expecting: Expecting | None
    channel: str
    messages: list[MessageOut]


class ContactOut(Answer):
    id: str
    status: Literal["recorded", "duplicate"]
    channel: Literal["call", "visit"]
    outcome: Literal["answered", "message_left", "no_answer", "wrong_person"]
    at: AwareDatetime


class OutreachOut(Answer):
    flow: str
    not_before: AwareDatetime


class WrittenOut(Answer):
    """`message` is null for what waits to be sent; `reason` is the rule that held it back, or why it failed;
    `because` names strategy with version, step, variant, flow and tone, or the event that caused it.
    """

    message: str | None
    at: AwareDatetime
    channel: str | None
    status: str
    reason: str | None
    loan: str | None
    because: dict[str, str | None]


class NextOut(Answer):
    """What is due first if nothing changes."""

    day: date
    loan: str
    strategy: str
    step: str
    variant: str
    flow: str
    tone: str
    channel: str


class ExplainedOut(Answer):
    """`held_out`: no strategy writes to them, so that what would have been paid anyway is known. `stopped`:
    what would come next, had WhatsApp not refused its template.
    """

    held_out: bool
    best_hour: int | None
    written: list[WrittenOut]
    next: NextOut | None
    stopped: NextOut | None


class TaskOut(Answer):
    id: str
    kind: str
    loan: str | None
    conversation: str | None
    at: AwareDatetime
    data: dict[str, Any]


class TasksOut(Answer):
    tasks: list[TaskOut]
    next_cursor: str | None
