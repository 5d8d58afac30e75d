"""What a tape says against what the books hold: pure arithmetic, in centavos.

A tape is the lender's truth at its moment, about what could be known then. Money that it cannot know is paid
over what it says is owed; money that it may or may not know is taken as the one of both that explains it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, product

from models.instalment import COMPONENTS
from models.ledger.allocation import Unpaid, allocate
from models.ledger.books import PAID_BEFORE, TAPE, Books, moves
from models.ledger.entry import Leg
from models.ledger.standing import Forgiven, Standing, TakenBack

MOST_SUMS = 4_096
"""Beyond so many sums of payments in doubt the tape is taken to know the oldest of them."""


@dataclass(frozen=True, slots=True)
class TapeInstalment:
    """`(due, unpaid by component)` of one instalment, in the order in which they fall due."""

    number: int
    amount: int
    unpaid: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know of a loan that explains a tape."""

    standing: Sequence[Standing]
    taken_back: Sequence[TakenBack]
    """What the tape may still count as paid."""
    paid: Mapping[str, int]
    """What standing money pays, by account."""
    forgiven: Sequence[Forgiven]
    left_over: int
    """What was paid beyond what was owed then, whatever it has paid since."""


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
    """Money that the tape does not count as paid: it does not know of it, or keeps it apart as credit."""
    forgiven: int
    """What was waived or written off and the tape shows as owed still."""
    doubted: int
    """Of that what it could have known."""
    paid: int
    """What the tape counts as paid beyond what was reported; negative where it counts less."""

    counted: int
    """What the tape counts as paid in all, by day and sum of what is known: see `explaining`."""

    @property
    def arithmetic(self) -> dict[str, int]:
        """For a person: held + billed - paid = reported - not_known - forgiven."""
        return {
            "held": self.held,
            "billed": self.billed,
            "reported": self.reported,
            "not_known": self.not_known,
            "forgiven": self.forgiven,
            "unexplained": -self.paid,
        }


@dataclass(frozen=True, slots=True)
class Guess:
    """What a tape may not know, or know otherwise; centavos."""

    unknown: int
    """Money."""
    still_counted: int
    """Money that was taken back."""
    apart: int
    """Credit that the lender does not count as paid."""
    forgiven: int
    """What was waived or written off before the tape."""

    @property
    def pool(self) -> int:
        """Money that the tape does not count as paid."""
        return max(self.unknown, self.apart)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a tape says against what the books hold, in sums."""

    held: int
    reported: int
    billed: int
    forgiven_since: int
    """After the tape's moment."""

    def billed_less(self, guess: Guess) -> int:
        """Of what was forgiven, what the tape shows by billing less."""
        return min(guess.forgiven, max(0, -self.billed))

    def forgiven(self, guess: Guess) -> int:
        """What the tape shows as owed still."""
        shown = self.forgiven_since + guess.forgiven - self.billed_less(guess)
        return min(shown, self.reported + guess.still_counted)

    def unexplained(self, guess: Guess) -> int:
        owed = self.reported + guess.still_counted - guess.pool - self.forgiven(guess)
        return owed - self.held - self.billed - self.billed_less(guess)


def compare(books: Books, tape: Sequence[TapeInstalment], known_until: datetime, known: Known) -> Adjustment:
    """`tape` names every instalment that owes anything."""
    claim = _claim(books, tape, known_until, known)
    all_paid, due = not claim.reported, sum(each.amount for each in tape)
    later = _paid_after(known, known_until)
    guess = max(
        _guesses(books, known, known_until, due, claim),
        key=lambda each: (
            -abs(claim.unexplained(each)),
            each.unknown,
            -each.still_counted,
            each.apart,
            -each.forgiven,
        ),
    )
    forgiven, billed = claim.forgiven(guess), claim.billed + claim.billed_less(guess)
    tape = _forgiven(_reopened(tape, guess.still_counted), forgiven, known.forgiven)
    kept, counted_less = _without(books, known.paid, guess.pool)
    pool = sum(known.paid.values()) + books.credit - sum(kept.values()) - counted_less
    less = claim.unexplained(guess) + guess.pool - pool
    spread = allocate(
        books.loan.allocation_rule, pool, [Unpaid(each.number, dict(each.unpaid)) for each in tape]
    )
    after = dict(kept)
    for number, component, amount in spread.parts:
        account = f"receivable:{number}:{component}"
        after[account] = after.get(account, 0) + amount
    moved = moves(known.paid, after)
    if left := books.credit - spread.unapplied - counted_less:
        moved.append(Leg("unapplied", left))
    adjusted = _adjusted(books, tape, spread.parts, moved, billed, less)
    counted = _paid_until(books, known, known_until) - less + guess.still_counted - (guess.unknown - later)
    return Adjustment(
        moved,
        [*adjusted, Leg("unapplied", counted_less)] if counted_less else adjusted,
        claim.held,
        claim.reported + guess.still_counted,
        billed,
        pool,
        forgiven,
        max(0, forgiven - claim.forgiven_since),
        -less,
        min(counted, due) if all_paid else counted,
    )


def _claim(books: Books, tape: Sequence[TapeInstalment], known_until: datetime, known: Known) -> Claim:
    return Claim(
        sum(sum(each.parts.values()) for each in books.unpaid) - books.credit,
        sum(sum(each.unpaid.values()) for each in tape),
        _billed(books, tape),
        sum(each.amount for each in known.forgiven if each.at > known_until),
    )


def _paid_after(known: Known, known_until: datetime) -> int:
    return sum(each.amount for each in known.standing if each.paid_at > known_until)


def _paid_until(books: Books, known: Known, known_until: datetime) -> int:
    """What was paid until then and was not taken back, reported or counted by tapes."""
    reported = sum(each.amount for each in known.standing if each.paid_at <= known_until)
    return books.accounts[TAPE] + books.accounts[PAID_BEFORE] + reported


def _guesses(books: Books, known: Known, known_until: datetime, due: int, claim: Claim) -> Iterator[Guess]:
    """`due`: what falls due in all. Where the tape shows all of it as paid, what was paid beyond it does not
    show; else it counts no money that is more than it shows as paid. Credit that has paid since is taken to
    be apart still only where no money is in doubt.
    """
    all_paid = not claim.reported
    has_news = claim.billed > 0 or all_paid
    later, paid = _paid_after(known, known_until), _paid_until(books, known, known_until)
    unsure = _unsure(known.standing, known_until)
    back = _taken_back_since(known.taken_back, known_until)
    sure = not known.taken_back and not later and unsure == {0}
    apart = {0, books.credit if has_news else 0, known.left_over if sure else 0}
    forgiven = sums_of([each.amount for each in known.forgiven if each.at <= known_until])
    for unknown, counted, credit, waived in product(unsure, back, apart, forgiven):
        beyond = max(0, paid - unknown + counted - due) if all_paid else 0
        still = max(0, counted - beyond)
        if not still or still <= due - claim.reported:
            yield Guess(later + unknown, still, credit, waived)


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
    return money.may_be_missing(known_until) or money.reported_at >= known_until


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


def _forgiven(
    tape: Sequence[TapeInstalment], amount: int, forgiven: Sequence[Forgiven]
) -> Sequence[TapeInstalment]:
    """What the tape says less what was forgiven and it shows as owed: where it was forgiven, else of the same
    instalment, else of the oldest.
    """
    if not amount:
        return tape
    parts: Counter[str] = Counter()
    for each in forgiven:
        parts.update(each.parts)
    owed = {
        f"receivable:{each.number}:{part}": each.unpaid.get(part, 0) for each in tape for part in COMPONENTS
    }

    def take(account: str, most: int) -> int:
        nonlocal amount
        taken = min(amount, most, owed[account])
        owed[account] -= taken
        amount -= taken
        return taken

    of_instalment: Counter[str] = Counter()
    for account in list(owed):
        of_instalment[_instalment(account)] += parts[account] - take(account, parts[account])
    for account in list(owed):
        of_instalment[_instalment(account)] -= take(account, of_instalment[_instalment(account)])
    for account in list(owed):
        take(account, amount)
    return [
        TapeInstalment(
            each.number, each.amount, {part: owed[f"receivable:{each.number}:{part}"] for part in COMPONENTS}
        )
        for each in tape
    ]


def _instalment(account: str) -> str:
    return account.split(":")[1]


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
