"""What a tape says against what the books hold: pure arithmetic, in centavos.

A tape is the lender's truth at its moment, about what could be known then. Money that it cannot know is paid
over what it says is owed; money that it may or may not know is taken as the one of both that explains it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from models.instalment import COMPONENTS
from models.ledger.allocation import Unpaid, allocate
from models.ledger.books import TAPE, Books, moves
from models.ledger.entry import Leg
from models.ledger.standing import Standing, TakenBack

MOST_UNSURE = 8
"""Beyond so many payments in doubt the tape is taken to know all of them or none."""


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
    owed = sum(sum(each.parts.values()) for each in books.unpaid)
    unknown, still_counted = max(
        (
            (later + part, counted)
            for part in _unsure(standing, known_until)
            for counted in _taken_back_since(taken_back, known_until)
        ),
        key=lambda pair: (
            -abs(_unexplained(books.credit, owed, billed, reported + pair[1], pair[0])),
            pair[0],
            -pair[1],
        ),
    )
    tape, reported = _reopened(tape, still_counted), reported + still_counted
    kept, credit = _without(books, paid, unknown)
    pool = sum(paid.values()) + books.credit - sum(kept.values())
    spread = allocate(
        books.loan.allocation_rule, pool, [Unpaid(each.number, dict(each.unpaid)) for each in tape]
    )
    after = dict(kept)
    for number, component, amount in spread.parts:
        account = f"receivable:{number}:{component}"
        after[account] = after.get(account, 0) + amount
    moved = moves(paid, after)
    if books.credit != spread.unapplied:
        moved.append(Leg("unapplied", books.credit - spread.unapplied))
    unexplained = reported - pool - (owed - books.credit) - billed
    return Adjustment(
        moved,
        _adjusted(books, tape, spread.parts, moved, billed, unexplained),
        owed - books.credit,
        reported,
        billed,
        pool - credit,
        -unexplained,
    )


def _unexplained(credit: int, owed: int, billed: int, reported: int, unknown: int) -> int:
    older = max(0, credit - unknown)
    return reported - unknown - older - (owed - credit) - billed


def _unsure(standing: Sequence[Standing], known_until: datetime) -> set[int]:
    """The sums that the tape may lack of money dated before it: in transit then, or reported since."""
    amounts = [
        each.amount
        for each in standing
        if each.paid_at <= known_until
        and not each.tape_known
        and (each.in_transit(known_until) or each.reported_at > known_until)
    ]
    if len(amounts) > MOST_UNSURE:
        return {0, sum(amounts)}
    return {sum(some) for size in range(len(amounts) + 1) for some in combinations(amounts, size)}


def _taken_back_since(taken_back: Sequence[TakenBack], known_until: datetime) -> set[int]:
    """The sums that the tape may count as paid still: reported as taken back after its moment."""
    amounts = [
        each.amount
        for each in taken_back
        if each.paid_at <= known_until < each.reversed_at and not each.tape_known
    ]
    if len(amounts) > MOST_UNSURE:
        return {0, sum(amounts)}
    return {sum(some) for size in range(len(amounts) + 1) for some in combinations(amounts, size)}


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
