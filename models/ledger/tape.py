"""What a tape says against what the books hold: pure arithmetic, in centavos.

A tape is the lender's truth at its moment, about what could be known then. Money that it cannot know is paid
over what it says is owed; money that it may or may not know is taken as the one of both that explains it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from models.instalment import COMPONENTS
from models.ledger.allocation import Unpaid, allocate
from models.ledger.books import PAID_BEFORE, TAPE, Books, moves
from models.ledger.entry import Leg
from models.ledger.standing import Standing, TakenBack

MOST_SUMS = 4_096
"""Beyond so many sums of payments in doubt the tape is taken to know the oldest of them."""


@dataclass(frozen=True, slots=True)
class TapeInstalment:
    """`(due, unpaid by component)` of one instalment, in the order in which they fall due."""

    number: int
    amount: int
    unpaid: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is to be written, and how it was found."""

    reallocated: Sequence[Leg]
    adjusted: Sequence[Leg]
    held: int
    """Owed before, less credit."""
    reported: int
    """Owed as the tape says."""
    billed: int
    """What falls due in all changed by this."""
    not_known: int
    """Money that the tape does not know of."""
    paid: int
    """What the tape counts as paid beyond what was reported; negative where it counts less."""

    counted: int
    """What the tape counts as paid in all, by day and sum of what is known: see `explaining`."""

    @property
    def arithmetic(self) -> dict[str, int]:
        """For a person: held + billed - paid = reported - not_known, where there is no credit."""
        return {
            "held": self.held,
            "billed": self.billed,
            "reported": self.reported,
            "not_known": self.not_known,
            "unexplained": -self.paid,
        }


def compare(
    books: Books,
    tape: Sequence[TapeInstalment],
    known_until: datetime,
    standing: Sequence[Standing],
    taken_back: Sequence[TakenBack],
    paid: Mapping[str, int],
) -> Adjustment:
    """`tape` names every instalment that owes anything; `paid` is what standing money pays, by account.

    `taken_back`: what the tape may still count as paid.
    """
    later = sum(each.amount for each in standing if each.paid_at > known_until)
    billed, reported = _billed(books, tape), sum(sum(each.unpaid.values()) for each in tape)
    all_paid, due = not reported, sum(each.amount for each in tape)
    owed = sum(sum(each.parts.values()) for each in books.unpaid)
    unknown, still_counted, apart = max(
        (
            (later + part, counted, apart)
            for part in _unsure(standing, known_until)
            for counted in _taken_back_since(taken_back, known_until)
            for apart in {0, books.credit if billed > 0 or not reported else 0}
        ),
        key=lambda found: (
            -abs(_unexplained(books.credit, found[2], owed + billed, reported + found[1], found[0])),
            found[0],
            -found[1],
            found[2],
        ),
    )
    tape, reported = _reopened(tape, still_counted), reported + still_counted
    kept, credit = _without(books, paid, unknown)
    counted_less = 0 if apart else credit
    pool = sum(paid.values()) + books.credit - sum(kept.values()) - counted_less
    spread = allocate(
        books.loan.allocation_rule, pool, [Unpaid(each.number, dict(each.unpaid)) for each in tape]
    )
    after = dict(kept)
    for number, component, amount in spread.parts:
        account = f"receivable:{number}:{component}"
        after[account] = after.get(account, 0) + amount
    moved = moves(paid, after)
    if left := books.credit - spread.unapplied - counted_less:
        moved.append(Leg("unapplied", left))
    unexplained = reported - pool - (owed - books.credit) - billed
    adjusted = _adjusted(books, tape, spread.parts, moved, billed, unexplained)
    before = sum(each.amount for each in standing if each.paid_at <= known_until) + still_counted
    counted = books.accounts[TAPE] + books.accounts[PAID_BEFORE] - unexplained + before - (unknown - later)
    return Adjustment(
        moved,
        [*adjusted, Leg("unapplied", counted_less)] if counted_less else adjusted,
        owed - books.credit,
        reported,
        billed,
        pool - (credit - counted_less),
        -unexplained,
        min(counted, due) if all_paid else counted,
    )


def _unexplained(credit: int, apart: int, owed: int, reported: int, unknown: int) -> int:
    """`apart`: credit that the lender does not count as paid, though something falls due for it now."""
    return reported - unknown - max(0, apart - unknown) - (owed - credit)


def _unsure(standing: Sequence[Standing], known_until: datetime) -> set[int]:
    """The sums that the tape may lack of money dated before it: in transit then, or reported since."""
    amounts = [
        each.amount
        for each in standing
        if each.paid_at <= known_until and is_unsure(each, known_until) and not each.tape_known
    ]
    return sums_of(amounts)


def _taken_back_since(taken_back: Sequence[TakenBack], known_until: datetime) -> set[int]:
    """The sums that the tape may count as paid still: reported as taken back after its moment."""
    amounts = [
        each.amount for each in taken_back if may_count_still(each, known_until) and not each.tape_known
    ]
    return sums_of(amounts)


def is_unsure(money: Standing, known_until: datetime) -> bool:
    """Whether a tape may lack money dated before it."""
    return money.in_transit(known_until) or money.reported_at >= known_until


def may_count_still(money: TakenBack, known_until: datetime) -> bool:
    return money.paid_at <= known_until <= money.reversed_at


def sums_of(amounts: Sequence[int]) -> set[int]:
    """What some of them can be in all; of too many, what the first of them are."""
    sums = {0}
    for amount in amounts:
        sums |= {each + amount for each in sums}
        if len(sums) > MOST_SUMS:
            return {0, *accumulate(amounts)}
    return sums


def _reopened(tape: Sequence[TapeInstalment], amount: int) -> Sequence[TapeInstalment]:
    """What the tape says once money that it counts was taken back: the youngest debts are open again."""
    opened = list(tape)
    for place in reversed(range(len(opened))):
        each = opened[place]
        back = min(amount, each.amount - sum(each.unpaid.values()))
        if back > 0:
            unpaid = {**each.unpaid, "principal": each.unpaid.get("principal", 0) + back}
            opened[place] = TapeInstalment(each.number, each.amount, unpaid)
            amount -= back
    return opened


def _billed(books: Books, tape: Sequence[TapeInstalment]) -> int:
    """By how much more falls due in all; an instalment that is gone owes nothing any more."""
    held: dict[int, int] = {number: row.amount_centavos for number, row in books.instalments.items()}
    named = {each.number for each in tape}
    gone = sum(sum(each.parts.values()) for each in books.unpaid if each.number not in named)
    return sum(each.amount - held.get(each.number, 0) for each in tape) - gone


def _without(books: Books, paid: Mapping[str, int], unknown: int) -> tuple[dict[str, int], int]:
    """What older money pays: `unknown` came last, so it is taken from credit and then from the youngest
    debts. And the credit that is left of older money.
    """
    credit = max(0, books.credit - unknown)
    rest, kept = unknown - min(books.credit, unknown), dict(paid)
    for number in reversed(list(books.instalments)):
        for component in COMPONENTS:
            account = f"receivable:{number}:{component}"
            taken = min(rest, kept.get(account, 0))
            if taken:
                kept[account] -= taken
                rest -= taken
    return kept, credit


def _adjusted(
    books: Books,
    tape: Sequence[TapeInstalment],
    spread: Sequence[tuple[int, str, int]],
    moved: Sequence[Leg],
    billed: int,
    unexplained: int,
) -> list[Leg]:
    wanted = {
        f"receivable:{each.number}:{part}": each.unpaid.get(part, 0) for each in tape for part in COMPONENTS
    }
    for number, component, amount in spread:
        wanted[f"receivable:{number}:{component}"] -= amount
    held = {
        f"receivable:{each.number}:{part}": amount
        for each in books.unpaid
        for part, amount in each.parts.items()
    }
    for leg in moved:
        if leg.account.startswith("receivable:"):
            held[leg.account] = held.get(leg.account, 0) + leg.centavos
    legs = [
        Leg(account, difference)
        for account in sorted({*wanted, *held})
        if (difference := wanted.get(account, 0) - held.get(account, 0))
    ]
    other = [Leg("adjustments", -billed), Leg(TAPE, -unexplained)]
    return [*legs, *(leg for leg in other if leg.centavos)]
