"""What borrowers ask that is no act, answered in the lender's own words (`[[topics]]` of the lender's file).

The words stand in the wording under `Topic.key`; a flow gives them `values(topic, facts, loan)`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.types.facts import BorrowerFacts, Facts, LenderFacts, LoanFacts


@dataclass(frozen=True, slots=True)
class Topic:
    """`variables`: those that its answers use. `when_zero`: it has other words where one of them is zero."""

    name: str
    variables: frozenset[str] = frozenset()
    when_zero: bool = False

    @property
    def key(self) -> str:
        """Of its answer, in the wording."""
        return f"topic.{self.name}"

    @property
    def key_when_zero(self) -> str:
        return f"{self.key}.zero"

    @property
    def private(self) -> bool:
        """Whether its answer reveals something of a borrower: for the one who is confirmed alone."""
        return not self.variables <= LENDER_VARIABLES.keys()

    @property
    def of_loan(self) -> bool:
        """Whether it reveals something of an open loan."""
        return not self.variables.isdisjoint(LOAN_VARIABLES)


LENDER_VARIABLES: Mapping[str, Callable[["LenderFacts"], Any]] = {
    "trade_name": lambda lender: lender.trade_name,
    "legal_name": lambda lender: lender.legal_name,
    "address": lambda lender: lender.address,
    "phone": lambda lender: lender.phone,
    "hours": lambda lender: lender.hours,
    "une_phone": lambda lender: lender.une_phone,
    "une_email": lambda lender: lender.une_email,
    "privacy_url": lambda lender: lender.privacy_url,
    "pay_bank": lambda lender: lender.pay_bank,
    "collector": lambda lender: lender.collector,
}
BORROWER_VARIABLES: Mapping[str, Callable[["BorrowerFacts"], Any]] = {"credit": lambda person: person.credit}
LOAN_VARIABLES: Mapping[str, Callable[["LoanFacts", "Facts"], Any]] = {
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
VARIABLES = frozenset({*LENDER_VARIABLES, *BORROWER_VARIABLES, *LOAN_VARIABLES})


def values(topic: Topic, facts: "Facts", loan: "LoanFacts | None") -> dict[str, Any]:
    """What the topic's answer is given. Raises ValueError for a private topic of nobody, or of no loan."""
    found: dict[str, Any] = {}
    lender = facts.lender_to(loan.id if topic.private and loan else None)
    for name in sorted(topic.variables):
        if name in LENDER_VARIABLES:
            found[name] = LENDER_VARIABLES[name](lender)
        elif name in BORROWER_VARIABLES and facts.borrower is not None:
            found[name] = BORROWER_VARIABLES[name](facts.borrower)
        elif loan is None:
            raise ValueError(f"{topic.name} speaks of a loan: ask who is writing first")
        else:
            found[name] = LOAN_VARIABLES[name](loan, facts)
    return found
