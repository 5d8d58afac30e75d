"""The facts as they are once the effects of a step are done: the rest of the step knows it."""

from dataclasses import replace

from flows.types.effects import (
    CancelCharge,
    CancelMandate,
    CancelPlan,
    CancelPromise,
    CloseContactPoint,
    ConfirmIdentity,
    Effect,
    EndIdentity,
    MoveCharge,
    WithdrawReport,
)
from flows.types.facts import Facts, LoanFacts

Ending = CancelCharge | CancelMandate | CancelPlan | CancelPromise | WithdrawReport


def _without(facts: Facts, ended: Ending) -> Facts:
    """Without what has ended."""
    if facts.borrower is None:
        return facts
    loans = (_ended(loan, ended) for loan in facts.borrower.loans)
    return replace(facts, borrower=replace(facts.borrower, loans=tuple(loans)))


def _ended(loan: LoanFacts, ended: Ending) -> LoanFacts:
    match ended:
        case CancelCharge(charge) if loan.announced_charge and loan.announced_charge.id == charge:
            return replace(loan, announced_charge=None)
        case CancelMandate(loan.id, "borrower"):
            return replace(loan, announced_charge=None, mandate=None, pending=None)
        case CancelPlan(loan.id):
            return replace(loan, plan=None)
        case WithdrawReport(loan.id):
            return replace(loan, holds=loan.holds - {"payment_reported"})
        case CancelPromise(loan.id):
            return replace(loan, promise=None)
        case _:
            return loan


def _moved(facts: Facts, moved: MoveCharge) -> Facts:
    """With the charge on its new day."""
    if facts.borrower is None:
        return facts
    loans = (
        replace(loan, announced_charge=replace(charge, charge_on=moved.to))
        if (charge := loan.announced_charge) and charge.id == moved.charge
        else loan
        for loan in facts.borrower.loans
    )
    return replace(facts, borrower=replace(facts.borrower, loans=tuple(loans)))


def after(facts: Facts, effects: tuple[Effect, ...]) -> Facts:
    """Once identity is confirmed or ends, or what was agreed does."""
    for effect in effects:
        if isinstance(effect, ConfirmIdentity):
            person = next(p for p in facts.candidates if p.id == effect.borrower_id)
            facts = replace(facts, borrower=person)
        elif isinstance(effect, EndIdentity | CloseContactPoint):
            facts = replace(facts, borrower=None)
        elif isinstance(effect, MoveCharge):
            facts = _moved(facts, effect)
        elif isinstance(effect, Ending):
            facts = _without(facts, effect)
    return facts
