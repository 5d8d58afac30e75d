"""What the answers to topics name, computed from what is known."""

from collections.abc import Callable, Mapping
from typing import Any

from flows.types.facts import Facts, LoanFacts
from flows.types.topics import BORROWER_VARIABLES, LENDER_VARIABLES, Topic

LOAN_VARIABLES: Mapping[str, Callable[[LoanFacts, Facts], Any]] = {
    "total": lambda loan, facts: loan.outstanding.total,
    "principal": lambda loan, facts: loan.outstanding.principal,
    "interest": lambda loan, facts: loan.outstanding.interest,
    "late_fees": lambda loan, facts: loan.outstanding.late_fees,
    "tax": lambda loan, facts: loan.outstanding.tax,
    "overdue": lambda loan, facts: loan.due_by(facts.today),
    "days_past_due": lambda loan, facts: loan.days_past_due(facts.today),
    "due_date": lambda loan, facts: loan.next_payment.due_date if loan.next_payment else facts.today,
    "due_amount": lambda loan, facts: (
        loan.next_payment.amount if loan.next_payment else loan.outstanding.total
    ),
    "payments_left": lambda loan, facts: len(loan.instalments),
    "loan_id": lambda loan, facts: loan.external_id,
}
VARIABLES = LENDER_VARIABLES | BORROWER_VARIABLES | LOAN_VARIABLES.keys()


def values(topic: Topic, facts: Facts, loan: LoanFacts | None) -> dict[str, Any]:
    """What the topic's answer is given. Raises ValueError for a private topic of nobody, or of no loan."""
    found: dict[str, Any] = {}
    lender = facts.lender_to(loan.id if topic.private and loan else None)
    for name in sorted(topic.variables):
        if name in LENDER_VARIABLES:
            found[name] = getattr(lender, name)
        elif name in BORROWER_VARIABLES and facts.borrower is not None:
            found[name] = getattr(facts.borrower, name)
        elif loan is None:
            raise ValueError(f"{topic.name} speaks of a loan: ask who is writing first")
        else:
            found[name] = LOAN_VARIABLES[name](loan, facts)
    return found
