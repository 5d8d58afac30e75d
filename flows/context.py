"""What a state of Acuerdo's conversations sees: who is writing, and the loan that it is about."""

from dataclasses import dataclass
from datetime import date

from flows.engine.state import BaseContext
from flows.types.event import DomainEvent, Outreach
from flows.types.facts import BorrowerFacts, Facts, LenderFacts, LoanFacts
from values import Money


@dataclass(frozen=True, slots=True)
class Context(BaseContext):
    facts: Facts

    @property
    def who(self) -> BorrowerFacts:
        """The confirmed borrower: a private flow is never entered without one."""
        assert self.facts.borrower is not None, "a private flow was entered without a confirmed borrower"
        return self.facts.borrower

    @property
    def loan(self) -> LoanFacts | None:
        """The loan that the flow is about, or else the most overdue."""
        loans, named = self.who.loans, self.slots.get("loan_id")
        for loan in loans:
            if loan.id == named:
                return loan
        return loans[0] if loans else None

    @property
    def lender(self) -> LenderFacts:
        """Under the trade name of the loan that the flow or the event is about."""
        event_loan = self.event.loan_id if isinstance(self.event, Outreach | DomainEvent) else None
        return self.facts.lender_to(self.slots.get("loan_id") or event_loan)

    @property
    def named_sum(self) -> Money | None:
        """The sum in the message that called for the flow."""
        return Money(self.request["amount"]) if "amount" in self.request else None

    def money(self, slot: str) -> Money | None:
        centavos = self.slots.get(slot)
        return Money(centavos) if centavos is not None else None

    def day(self, slot: str) -> date | None:
        text = self.slots.get(slot)
        return date.fromisoformat(text) if text is not None else None
