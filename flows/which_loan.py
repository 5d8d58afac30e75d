"""Of several loans: which one is meant, distinguished by its number and what is due."""

from collections.abc import Callable, Sequence

from flows.context import Context
from flows.engine import Ask, Go, Move
from flows.types.effects import Choice
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import key, line, title
from values import fold

QUESTION = key("loans.which")
LOAN = title("loans.choice")


def owing(context: Context) -> tuple[LoanFacts, ...]:
    return tuple(loan for loan in context.who.loans if loan.instalments)


def named(context: Context, text: str) -> LoanFacts | None:
    """The loan whose number or product a text names; null where it names none, or several."""
    flat = fold(text)
    found = [
        loan
        for loan in owing(context)
        if fold(loan.external_id) in flat or (loan.product and fold(loan.product) in flat)
    ]
    return found[0] if len(found) == 1 else None


def of_sum(loans: Sequence[LoanFacts], centavos: int | None) -> LoanFacts | None:
    """The one loan whose whole balance is exactly this sum."""
    found = [loan for loan in loans if loan.outstanding.total.centavos == centavos]
    return found[0] if len(found) == 1 else None


def ask(context: Context, onwards: Callable[[LoanFacts], Move]) -> Ask:
    def read(context: Context, message: Message) -> Move | None:
        for loan in owing(context):
            if message.payload == f"loan.{loan.id}":
                return onwards(loan)
        found = named(context, message.text) if message.payload is None else None
        return onwards(found) if found else None

    choices = tuple(
        Choice(f"loan.{loan.id}", LOAN, {"loan": loan.external_id, "amount": loan.outstanding.total})
        for loan in owing(context)[:8]
    )
    return Ask((line(QUESTION),), "choice", read, choices)


def goes_to(state: str) -> Callable[[LoanFacts], Go]:
    """Goes on in `state` with the loan that was picked."""
    return lambda loan: Go(state, {"loan_id": loan.id})
