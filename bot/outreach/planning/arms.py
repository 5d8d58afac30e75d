"""Who gets which variant of a step: by a stable hash of the borrower, the same in SQL and in Python."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from sqlalchemy import ColumnElement, and_, literal

from bot.channels import RefusedTemplate
from bot.outreach.planning.refusals import Stop, not_stopped, stops
from bot.outreach.planning.strategy import Step, Strategy
from models import borrower_table, contact_point_table
from models.contact_point import CHANNELS

PARTS = 100
HELD_OUT = "held-out"
"""Nobody of these is written to by any strategy, so that what would have happened anyway is known."""
CHAMPION = "champion"
"""The step as it stands, next to its variants."""


@dataclass(frozen=True, slots=True)
class Arm:
    """The hundredths `[first, last)` of a step's borrowers, by the hash of `name`, and what they get."""

    step: Step
    variant: str
    name: str
    first: int
    last: int
    held_out_percent: int = 0
    channels: tuple[str, ...] = CHANNELS
    """By which this lender may write at all."""
    stops: tuple[Stop, ...] = ()

    @property
    def is_held_out(self) -> bool:
        return self.variant == HELD_OUT

    def share_of(self, messages: int) -> int:
        """How many of the messages that a budget allows are its own: what is tried would else take them from
        what it is tried against. Those held out are as many as belong to those whom it allows.
        """
        if self.is_held_out:
            return ceil(messages * self.held_out_percent / max(1, PARTS - self.held_out_percent))
        return ceil(messages * (self.last - self.first) / PARTS)

    def has(self) -> list[ColumnElement[bool]]:
        """As conditions over `borrower` and `contact_point`; none where everybody is in it."""
        found = not_stopped(self.stops)
        if self.channels != CHANNELS:
            found.append(contact_point_table.c.channel.in_(self.channels))
        if self.held_out_percent:
            held_out = _part_of(HELD_OUT)
            limit = literal(self.held_out_percent)
            found.append(held_out < limit if self.is_held_out else held_out >= limit)
        if (self.first, self.last) != (0, PARTS):
            part = _part_of(self.name)
            found.append(and_(part >= self.first, part < self.last))
        return found


def arms(
    step: Step,
    strategy: Strategy,
    held_out_percent: int = 0,
    stopped: Collection[str] = (),
    channels: tuple[str, ...] = CHANNELS,
    refused: Sequence[RefusedTemplate] = (),
) -> Iterator[Arm]:
    """Every borrower is in exactly one. A variant that was stopped leaves its part to the champion. Those who
    are held out are not compared with whom a refused template keeps from being written to.
    """
    name = f"{strategy.name}:{step.name}"
    running = [each for each in step.variants if f"{step.name}:{each.name}" not in stopped]
    if held_out_percent:
        yield Arm(step, HELD_OUT, name, 0, PARTS, held_out_percent, channels, stops(step, refused))
    last = 0
    for variant in running:
        first, last = last, last + variant.percent
        own = variant.of(step)
        found = stops(own, refused)
        yield Arm(own, variant.name, name, first, last, held_out_percent, channels, found)
    if last < PARTS:
        usual = CHAMPION if step.variants else ""
        yield Arm(step, usual, name, last, PARTS, held_out_percent, channels, stops(step, refused))


def part(borrower_id: int, name: str) -> int:
    """0 to 99."""
    return (borrower_id * _factor(name)) % 2**32 // 2**16 % PARTS


def _part_of(name: str) -> ColumnElement[int]:
    return (borrower_table.c.id * _factor(name)) % 2**32 // 2**16 % PARTS


def _factor(name: str) -> int:
    """An odd number of 31 bits: another one for each name, so that two experiments divide people
    independently, and small enough that both databases multiply it as a whole number.
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1 | 1
