"""One turn as the judges see it: what was written, what arrived, and what the books hold after it."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from bot.channels import Outgoing
from models.base import AnyRow
from tests.robot.borrower import Written

NEXT = " / "
"""Between messages that were written one right after the other, and answered as one."""
Line = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Books:
    """The rows about a borrower's loans and conversation, oldest first."""

    entries: Sequence[AnyRow] = ()
    tasks: Sequence[AnyRow] = ()
    promises: Sequence[AnyRow] = ()
    plans: Sequence[AnyRow] = ()
    """With the day and sum of the first part that is open: `next_day`, `next_amount`."""
    mandates: Sequence[AnyRow] = ()
    charges: Sequence[AnyRow] = ()
    loans: Sequence[AnyRow] = ()

    @property
    def coming(self) -> list[AnyRow]:
        """Charges that are to be made and have not left."""
        return [row for row in self.charges if row.status in ("planned", "notified")]

    @property
    def ever(self) -> AbstractSet[str]:
        """Ledger kinds so far."""
        return {row.kind for row in self.entries}


@dataclass(frozen=True, slots=True)
class Seen:
    """One turn. `written` is null where something else happened."""

    written: Written | None
    outcome: str
    handler_before: str
    handler: str
    """Who has the conversation after it."""
    proved: bool
    """Whether the person who has the phone had given the right birthday, and nobody claimed to be another."""
    arrived: Sequence[Outgoing]
    rows: Sequence[AnyRow]
    """What the bot queued for it."""
    kinds: Sequence[str]
    """Ledger kinds that it added."""
    books: Books
    silent_hours: int = 0
    closed: Sequence[str] = ()
    """Kinds of the cases that a colleague has just closed."""

    @property
    def lines(self) -> list[Line]:
        """What was queued, by its keys and values."""
        return [(key, values) for row in self.rows for key, values in (row.wording or {}).get("lines", ())]

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.lines]

    @property
    def several(self) -> bool:
        return self.written is not None and NEXT in self.written.text


@dataclass(slots=True)
class Talk:
    """What judges remember of a conversation, and count over all of them."""

    counts: Counter[str] = field(default_factory=Counter)
    others: tuple[str, ...] = ()
    """What only the other person of a shared phone may read."""
    recent: list[str] = field(default_factory=list)
    since: Counter[str] = field(default_factory=Counter)
    """Messages out since a promise or a debit was last wished for."""
    thanked: int = 0
    """For payments that landed."""
