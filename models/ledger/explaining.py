"""What the tapes count as paid and nobody reported, found again when a report comes late.

A late report, of a payment or of a reversal that the tape could know, is one that the tape counts, or one
that it does not. Which of them it counts is what explains it best, and with each report more there is more
to explain it by.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from models.ledger.allocation import allocate
from models.ledger.append import append
from models.ledger.books import PAID_BEFORE, TAPE, Books, read_allocated, read_books
from models.ledger.entry import Leg, NewEntry
from models.ledger.standing import Standing, TakenBack, read_standing, read_taken_back
from models.ledger.tape import is_unsure, may_count_still, sums_of


def explain_again(connection: Connection, loan_id: int, at: datetime, actor: str) -> None:
    """Corrects the books to what explains the tapes best now, by one entry; none where they stand so."""
    books = read_books(connection, [loan_id])[loan_id]
    if books.loan.known_until is None:
        return
    before, since = _unexplained(
        books,
        read_standing(connection, [loan_id]).get(loan_id, ()),
        read_taken_back(connection, [loan_id]).get(loan_id, ()),
    )
    before -= books.accounts[PAID_BEFORE]
    change = before + since - books.accounts[TAPE]
    if change > 0:
        legs = _paid(books, change)
    else:
        legs = _reopened(books, read_allocated(connection, [loan_id]).get(loan_id, {}), -change)
    paid = -sum(leg.centavos for leg in legs)
    if not (paid or before):
        return
    legs += [leg for leg in (Leg(PAID_BEFORE, before), Leg(TAPE, paid - before)) if leg.centavos]
    debt = sum(leg.centavos for leg in legs if leg.account.startswith("receivable:"))
    data = {"as_of": books.loan.as_of.isoformat(), "amount": debt, "billed": 0, "paid": paid}
    append(connection, loan_id, at, NewEntry("loan.adjusted", data, actor, legs))


def _unexplained(
    books: Books, standing: Sequence[Standing], taken_back: Sequence[TakenBack]
) -> tuple[int, int]:
    """What the first tape counted and nobody reported, which is explained by nothing that was paid since; and
    what the newest one, which counts it still, counts beyond that and what was reported.
    """
    unreported, opened = 0, books.opened
    if opened is not None:
        unreported = left_unexplained(
            opened.paid,
            opened.until,
            [each for each in standing if each.paid_at < opened.until],
            [each for each in taken_back if each.paid_at < opened.until],
            at_least=opened.all_paid,
        )
    counted, due = (
        books.loan.tape_paid_centavos,
        sum(row.amount_centavos for row in books.instalments.values()),
    )
    if counted is None:
        counted = opened.paid if opened is not None else 0
    left = left_unexplained(
        counted - unreported, books.loan.known_until, standing, taken_back, at_least=counted >= due
    )
    return unreported, left


def left_unexplained(
    counted: int,
    known_until: datetime,
    standing: Sequence[Standing],
    taken_back: Sequence[TakenBack],
    *,
    at_least: bool,
) -> int:
    """In centavos, of `counted`; negative where the tape counts less than is known. `at_least`: a tape on
    which all is paid does not show what was paid beyond that.
    """
    before = [each for each in standing if each.paid_at <= known_until]
    unsure = [each.amount for each in before if is_unsure(each, known_until)]
    unsure += [each.amount for each in taken_back if may_count_still(each, known_until)]
    sure = sum(each.amount for each in before if not is_unsure(each, known_until))
    left = {counted - sure - some for some in sums_of(unsure)}
    if at_least:
        left = {max(0, each) for each in left}
    return min(left, key=lambda each: (each < 0, abs(each)))


def _paid(books: Books, amount: int) -> list[Leg]:
    spread = allocate(books.loan.allocation_rule, amount, books.unpaid)
    legs = [Leg(f"receivable:{number}:{part}", -paid) for number, part, paid in spread.parts]
    return [*legs, Leg("unapplied", -spread.unapplied)] if spread.unapplied else legs


def _reopened(books: Books, by_money: dict[str, int], amount: int) -> list[Leg]:
    """Credit first, then the youngest debts that no money pays, then the youngest that money pays."""
    back = min(amount, books.credit)
    legs = [Leg("unapplied", back)] if back else []
    rest, opened = amount - back, dict[int, int]()
    for spare_money in (True, False):
        for number, row in reversed(books.instalments.items()):
            open_now = sum(_parts(books, number)) + opened.get(number, 0)
            paid = row.amount_centavos - open_now - (_by_money(by_money, number) if spare_money else 0)
            if (some := min(rest, paid)) > 0:
                opened[number] = opened.get(number, 0) + some
                rest -= some
    return [*legs, *(Leg(f"receivable:{number}:principal", some) for number, some in opened.items())]


def _parts(books: Books, number: int) -> list[int]:
    return next(list(each.parts.values()) for each in books.unpaid if each.number == number)


def _by_money(by_money: dict[str, int], number: int) -> int:
    return sum(amount for account, amount in by_money.items() if account.split(":")[1] == str(number))
