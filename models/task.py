"""Something that a person must look at: a turn that failed, an outcome nobody knows, a large adjustment."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key
from models.trace import LENGTH, current_trace

TASK_KINDS = (
    "agent_silent",
    "budget_spent",
    "challenger_stopped",
    "charge_again",
    "charge_differs",
    "charge_invalid",
    "charge_not_announced",
    "charge_over_max",
    "charge_over_period",
    "charge_owner",
    "charge_returned",
    "charge_reversed",
    "charge_unknown",
    "complaint",
    "debit_auth",
    "debit_provider",
    "debit_provider_missing",
    "dispute",
    "event",
    "follow_up",
    "forgiven_not_known",
    "large_adjustment",
    "mandate_disputed",
    "mandate_error",
    "mandate_files",
    "mandate_not_cancelled",
    "mandate_refused",
    "mandate_rejected",
    "mandate_waiting",
    "not_sent",
    "note",
    "page_locked",
    "plan_approval",
    "payment_reported",
    "preference",
    "privacy_request",
    "question",
    "same_money",
    "sender_stopped",
    "strategy_alarm",
    "strategy_invalid",
    "template_refused",
    "settlement_late",
    "step_stopped",
    "tape_refused",
    "third_party_at_confirmed_address",
    "unknown_message",
    "unprocessed",
    "vulnerable",
    "webhook_disabled",
    "webhook_refused",
)
"""What a person is asked to look at. Each has its words in `console.po`: `console.task_<kind>`, `…_do`."""

TASK_OUTCOMES = ("solved", "not_needed", "passed_on", "no_answer")
"""What came of it, as whoever did it says."""
HELD_BY = ("dispute", "complaint", "vulnerable")
"""Cases that hold their loans, by a hold of the same name, until their outcome ends it."""
BANKING_DAYS = {
    "charge_returned": 3,
    "charge_unknown": 1,
    "complaint": 30,
    "dispute": 30,
    "follow_up": 1,
    "forgiven_not_known": 3,
    "large_adjustment": 3,
    "mandate_disputed": 1,
    "payment_reported": 2,
    "plan_approval": 1,
    "preference": 1,
    "privacy_request": 20,
    "question": 1,
    "same_money": 1,
    "third_party_at_confirmed_address": 2,
    "unknown_message": 1,
    "unprocessed": 1,
    "vulnerable": 1,
}
"""By when a case should be done, where whoever opens it names no day."""


class Task(Base):
    __tablename__ = "task"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("conversation.id"))
    loan_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("loan.id"))
    message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """By when the law, or whoever opened it, wants it done."""
    agent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("agent.id"))
    """Who has it."""
    outcome: Mapped[str | None] = mapped_column(String(40))
    """What came of it."""
    notified_at: Mapped[datetime | None]
    """When the borrower was informed."""
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current_trace)
    """See `models/trace.py`."""

    __table_args__ = (
        Index(
            "ix_task_open",
            "created_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_task_conversation_id", "conversation_id"),
        Index(
            "ix_task_loan_id",
            "loan_id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )


task_table = Task.__table__
