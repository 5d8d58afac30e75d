"""What a step sends: all that there is to say as one message, because each message costs money."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.engine.state import Ask
from flows.types.effects import Choice, Say
from flows.types.wording import Line

MOST_LINES = 9
"""Paragraphs and list items that share a message with buttons."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is put around a reply that was already sent: words before it, and one more button."""

    lines: tuple[Line, ...] = ()
    choice: Choice | None = None

    def around(self, says: list[Say]) -> list[Say]:
        first = replace(says[0], lines=(*self.lines, *says[0].lines))
        says = [first, *says[1:]]
        if self.choice and all(self.choice.payload != choice.payload for choice in says[-1].choices):
            says[-1] = replace(says[-1], choices=(*says[-1].choices, self.choice))
        return says


def compose(say: Say, lines: tuple[Line, ...], ask: Ask | None) -> list[Say]:
    """`lines`, then the question; in more than one message only where the question asks for it, or where both
    are long: with buttons a message holds 1,024 characters.
    """
    crowded = ask is not None and bool(ask.choices) and len(lines) + len(ask.lines) > MOST_LINES
    parts = [lines, ask.before if ask else (), ask.lines if ask else ()]
    if not (crowded or (ask and (ask.alone or ask.before))):
        parts = [(*parts[0], *parts[2])]
    parts = [part for part in parts if part]
    if ask is None or not ask.lines:
        return [replace(say, lines=part) for part in parts]
    alone = ask.alone or bool(ask.before)
    question = len(ask.brief if ask.menu else ask.lines)  # what a menu reports is no question
    asked = replace(say, lines=parts[-1], choices=ask.choices, question=question, alone=alone)
    return [*(replace(say, lines=part) for part in parts[:-1]), asked]


def digest(says: Sequence[Say]) -> str:
    """The same for the same messages."""
    return hashlib.sha256(repr([say.lines for say in says]).encode()).hexdigest()[:16]
