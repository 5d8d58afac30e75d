"""Where a conversation stands: a stack of frames and the wait of the top one. Serialised between any two
turns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Frame:
    flow: str
    version: int
    state: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    """JSON values only: centavos as int, days as ISO text."""
    attempts: int = 0
    asked_at: str | None = None
    """When the pending question was asked (ISO, UTC): one that binds expires."""
    again: bool = False
    """Whether it was asked again after something else: then «ok, gracias» may be of that."""


@dataclass(frozen=True, slots=True)
class Lately:
    """Of the last message, while that is still talked about: the flow that ended by doing something, and what
    was spoken of.
    """

    done: str = ""
    spoken: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    stack: tuple[Frame, ...] = ()
    wait_id: int = 0
    doubts: int = 0
    """How many messages in a row were not understood."""
    sent: str = ""
    """A digest of our last reply, so that the same is not sent twice in a row."""
    repeats: int = 0
    """How often in a row that reply was due again."""
    sent_at: str | None = None
    """When it was (ISO, UTC)."""
    register: Literal["", "usted"] = ""
    """How the borrower is spoken to, as they speak themselves."""
    language: str = ""
    """The one that they write; empty while it is not known to be another than the lender's file says."""
    done: str = ""
    """The flow that ended by doing something at the last message: it may be taken back."""
    spoken: Mapping[str, Any] = field(default_factory=dict)
    """What the last message was answered about: `flow`, `loan_id`, `request`; JSON values."""

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def to_json(self) -> dict[str, Any]:
        frames = [
            {
                "flow": f.flow,
                "version": f.version,
                "state": f.state,
                "slots": dict(f.slots),
                "attempts": f.attempts,
                "asked_at": f.asked_at,
                "again": f.again,
            }
            for f in self.stack
        ]
        return {
            "stack": frames,
            "wait_id": self.wait_id,
            "doubts": self.doubts,
            "sent": self.sent,
            "repeats": self.repeats,
            "sent_at": self.sent_at,
            "register": self.register,
            "language": self.language,
            "done": self.done,
            "spoken": dict(self.spoken),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Conversation":
        frames = (
            Frame(
                f["flow"],
                f["version"],
                f["state"],
                f.get("slots", {}),
                f.get("attempts", 0),
                f.get("asked_at"),
                f.get("again", False),
            )
            for f in data.get("stack", ())
        )
        return cls(
            tuple(frames),
            data.get("wait_id", 0),
            data.get("doubts", 0),
            data.get("sent", ""),
            data.get("repeats", 0),
            data.get("sent_at"),
            data.get("register", ""),
            data.get("language", ""),
            data.get("done", ""),
            data.get("spoken", {}),
        )
